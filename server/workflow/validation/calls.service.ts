/** Calls the validations of moves, all at once, and decides whether the moves may happen. */
import type { Knex } from 'knex';
import { VALIDATION } from '../../contract/catalogue';
import type { WebhookEvent } from '../../contract/event';
import { sentence } from '../../contract/sentences';
import type { Verdict } from '../../contract/document';
import { messageOf, type Tried } from '../../deliver/attempt.service';
import type { ActiveWebhook } from '../../match/active.service';
import { isAnyBound, isAnyRefusing, validating, type TransitionEvent } from '../../match/matching';
import { masked } from '../../send/mask';
import { eventId } from '../../store/outbox/events.service';
import { happeningOf, type Move } from '../definition/flow';
import { fieldIn, validationAnswerOf, type Answer } from './answer';
import { createValidationRecords, type ValidationCall } from './call-records.service';
import { judge, type Judgement } from './judgement';
import type { WorkflowOptions } from '../workflow.service';

/** How much of an answer is read; a longer one is unreadable. */
export const MAX_ANSWER_BYTES = 256 * 1024;
/** Requests at once for one editor: a bulk publication may concern hundreds of documents. */
const MAX_CALLS_AT_ONCE = 32;
/** SQLite has one connection: during a call inside a transaction, nobody else reaches the database. */
const BUDGET_IN_TRANSACTION_MS = 2000;

export type Decision = Judgement & {
  verdicts: Verdict[];
  /** False if no validation applies to the move. */
  isValidated: boolean;
  /** Writes the calls into the log, and their results into the health of their endpoints. */
  store(trx: Knex.Transaction): Promise<void>;
};

type Request = { event: WebhookEvent; webhooks: readonly ActiveWebhook[] };
type Limits = { deadline: number; spared: ReadonlyMap<string, number> };

export function createValidations(options: WorkflowOptions) {
  const { strapi, schemas, active, attempt, clock, eventTime, config } = options;
  const records = createValidationRecords(options);

  /** One decision for each move. All endpoints are called at once, within one budget; their failures never throw. */
  async function decideAll(moves: readonly Move[], { dryRun = false } = {}): Promise<Decision[]> {
    const webhooks = await active();
    const requests = moves.map((move) => {
      const happening = happeningOf(move, VALIDATION, { dryRun });
      const event = { id: eventId(), time: eventTime(), ...happening } as TransitionEvent;
      return { event, webhooks: validating(event, webhooks, schemas.fieldTypes) };
    });
    const budget = strapi.db.inTransaction()
      ? Math.min(config.budget, BUDGET_IN_TRANSACTION_MS)
      : config.budget;
    const answered = await callAll(requests, clock.now() + budget);
    return answered.map(({ event, calls }) => {
      const verdicts = calls.map(({ verdict }) => verdict);
      return {
        ...judge(verdicts),
        verdicts,
        isValidated: verdicts.length > 0,
        store: (trx) => records.store(event, calls, trx),
      };
    });
  }

  async function decide(move: Move, how?: { dryRun?: boolean }): Promise<Decision> {
    return (await decideAll([move], how))[0] as Decision;
  }

  async function callAll(requests: readonly Request[], deadline: number) {
    const results = requests.map((request) => ({ ...request, calls: [] as ValidationCall[] }));
    const ids = requests.flatMap(({ webhooks }) => webhooks.map(({ id }) => id));
    const spared = await records.spared([...new Set(ids)]);
    const waiting = results.flatMap((result) =>
      result.webhooks.map((webhook) => ({ webhook, result })),
    );
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { webhook, result } = next;
        result.calls.push(await call(webhook, result.event, { deadline, spared }));
      }
    };
    await Promise.all(Array.from({ length: Math.min(MAX_CALLS_AT_ONCE, waiting.length) }, worker));
    return results;
  }

  async function call(
    webhook: ActiveWebhook,
    event: WebhookEvent,
    { deadline, spared }: Limits,
  ): Promise<ValidationCall> {
    const left = deadline - clock.now();
    if (left <= 0) return notCalled(webhook, sentence('validation-no-time'));
    const until = spared.get(webhook.id);
    if (until !== undefined) {
      const time = new Date(until).toISOString().slice(11, 19);
      return notCalled(webhook, sentence('validation-spared', { time }));
    }
    const tried = await send(webhook, event, left);
    return { webhook, tried, verdict: verdictOfCall(webhook, tried, event) };
  }

  function send(webhook: ActiveWebhook, event: WebhookEvent, left: number): Promise<Tried> {
    return attempt(webhook, messageOf(webhook, event, VALIDATION), {
      timeout: Math.max(1, Math.min(webhook.timeout ?? config.timeout, left)),
      maxResponseBytes: MAX_ANSWER_BYTES,
    });
  }

  /** Whether any validation, or any submit webhook, is bound to a workflow: without one, nothing need be read. */
  async function isBound(workflow: string, kind: 'validation' | 'submit'): Promise<boolean> {
    return isAnyBound(await active(), workflow, kind);
  }

  /** Whether a validation of this command could refuse a document of the type. */
  async function mayRefuse(wish: Parameters<typeof isAnyRefusing>[1]): Promise<boolean> {
    return isAnyRefusing(await active(), wish);
  }

  return { decide, decideAll, isBound, mayRefuse };
}

/** The verdict of a call. An endpoint may echo its own credentials, so they are masked for editors. */
export function verdictOfCall(webhook: ActiveWebhook, tried: Tried, event: WebhookEvent): Verdict {
  const { outcome, secrets } = tried;
  const answer: Answer =
    outcome.kind === 'unsent'
      ? { kind: 'noAnswer', message: outcome.message }
      : validationAnswerOf(outcome, secrets);
  return verdictOf(webhook, masked(atFields(answer, event.entry), secrets), outcome.ms);
}

/** The errors at the fields that the endpoint means, so that a form can mark them. */
function atFields(answer: Answer, entry: WebhookEvent['entry']): Answer {
  if (!('errors' in answer)) return answer;
  const errors = answer.errors.map(({ path, message }) => ({
    path: path === null ? null : fieldIn(entry, path),
    message,
  }));
  return { ...answer, errors };
}

function notCalled(webhook: ActiveWebhook, message: string): ValidationCall {
  return { webhook, tried: null, verdict: verdictOf(webhook, { kind: 'noAnswer', message }, 0) };
}

function verdictOf(webhook: ActiveWebhook, answer: Answer, durationMs: number): Verdict {
  return {
    webhook: { id: webhook.id, name: webhook.name },
    mode: webhook.mode,
    onError: webhook.onError,
    errors: [],
    warnings: [],
    durationMs: Math.round(durationMs),
    ...answer,
  };
}
