/** Asks the validations of a command, all at once, outside any transaction, and turns what they answer into verdicts. */
import { sentence } from '../../contract/sentences';
import type { Knex } from 'knex';
import type { Clock } from '../../strapi/clock.service';
import { recordOf, type Attempter, type Tried } from '../../deliver/attempt.service';
import { VALIDATION } from '../../contract/catalogue';
import type { WebhookEvent } from '../../contract/event';
import { isUndecided, type Verdict } from '../../contract/document';
import type { FinishedCall } from '../../store/outbox/add.service';
import { masked } from '../../send/mask';
import type { ActiveWebhook } from '../../match/active';
import { answerOf, type Answer } from './answer';
import { fieldIn } from './field-path';
import type { ValidationBook } from './validation-book.service';

/** How much of an answer is read; a longer one is unreadable. */
export const MAX_ANSWER_BYTES = 256 * 1024;
/** Requests under way at once for one editor: a bulk publication may concern hundreds of documents. */
const AT_ONCE = 32;

type Options = {
  attempt: Attempter;
  clock: Clock;
  book: ValidationBook;
  defaultTimeout: number;
};

export type Question = { event: WebhookEvent; webhooks: readonly ActiveWebhook[] };
/** `store` writes the calls into the log, and what they mean for the endpoints' health. */
export type Asked = { verdicts: Verdict[]; store(trx: Knex.Transaction): Promise<void> };

type Call = { webhook: ActiveWebhook; verdict: Verdict; tried: Tried | null };

const verdictOf = (webhook: ActiveWebhook, said: Answer, durationMs: number): Verdict => ({
  webhook: { id: webhook.id, name: webhook.name },
  mode: webhook.mode,
  onError: webhook.onError,
  errors: [],
  warnings: [],
  durationMs: Math.round(durationMs),
  ...said,
});

/** What a call that was made came to; one that could not be made is no answer. */
const answered = ({ outcome, secrets }: Tried): Answer =>
  outcome.kind === 'unsent'
    ? { kind: 'noAnswer', message: outcome.message }
    : answerOf(outcome, secrets);

/** The errors at the fields that the endpoint means, so that a form can mark them. */
const atFields = (answer: Answer, { entry }: Pick<WebhookEvent, 'entry'>): Answer => {
  if (!('errors' in answer)) return answer;
  const errors = answer.errors.map(({ path, message }) => ({
    path: path === null ? null : fieldIn(entry, path),
    message,
  }));
  return { ...answer, errors };
};

/** What a call's answer means. An endpoint may echo its own credentials: an editor reads none of them. */
export const verdictOfCall = (webhook: ActiveWebhook, tried: Tried, event: WebhookEvent): Verdict =>
  verdictOf(webhook, masked(atFields(answered(tried), event), tried.secrets), tried.outcome.ms);

const REASON = sentence('validation-not-repeated');

/** As it is logged. A call that the breaker spared was none. */
const finishedOf = ({ webhook, verdict, tried }: Call): FinishedCall[] => {
  if (tried === null) return [];
  const isAnswered = !isUndecided(verdict.kind);
  return [
    {
      webhook,
      attempt: recordOf(tried, { trigger: 'automatic' }),
      isDelivered: isAnswered,
      isTest: false,
      reason: `${verdict.message} ${REASON}`,
      verdict: verdict.kind,
    },
  ];
};

export const createAsking = ({ attempt, clock, book, defaultTimeout }: Options) => {
  const send = (webhook: ActiveWebhook, event: WebhookEvent, left: number): Promise<Tried> =>
    attempt(
      webhook,
      {
        eventId: event.id,
        eventName: VALIDATION,
        format: webhook.format,
        serialization: webhook.serialization,
        webhook: { id: webhook.id, name: webhook.name },
        sentBody: null,
        event: () => event,
      },
      {
        timeout: Math.max(1, Math.min(webhook.timeout ?? defaultTimeout, left)),
        maxResponseBytes: MAX_ANSWER_BYTES,
      },
    );

  const unasked = (webhook: ActiveWebhook, message: string): Call => ({
    webhook,
    tried: null,
    verdict: verdictOf(webhook, { kind: 'noAnswer', message }, 0),
  });

  const ask = async (
    webhook: ActiveWebhook,
    event: WebhookEvent,
    { deadline, spared }: { deadline: number; spared: ReadonlyMap<string, number> },
  ): Promise<Call> => {
    const left = deadline - clock.now();
    if (left <= 0) return unasked(webhook, sentence('validation-no-time'));
    const until = spared.get(webhook.id);
    if (until !== undefined) {
      const time = new Date(until).toISOString().slice(11, 19);
      return unasked(webhook, sentence('validation-spared', { time }));
    }
    const tried = await send(webhook, event, left);
    return { webhook, tried, verdict: verdictOfCall(webhook, tried, event) };
  };

  const all = async (
    questions: readonly Question[],
    deadline: number,
  ): Promise<{ event: WebhookEvent; calls: Call[] }[]> => {
    const asked = questions.map(({ event }) => ({ event, calls: [] as Call[] }));
    const spared = await book.spared([
      ...new Set(questions.flatMap(({ webhooks }) => webhooks.map(({ id }) => id))),
    ]);
    const waiting = questions.flatMap(({ event, webhooks }, index) =>
      webhooks.map((webhook) => ({ event, webhook, index })),
    );
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const call = await ask(next.webhook, next.event, { deadline, spared });
        asked[next.index]?.calls.push(call);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, waiting.length) }, worker));
    return asked;
  };

  /** One question for each document; answers in the same order. Never rejects for what an endpoint does. */
  return async (questions: readonly Question[], budget: number): Promise<Asked[]> => {
    const asked = await all(questions, clock.now() + budget);
    return asked.map(({ event, calls }) => ({
      verdicts: calls.map(({ verdict }) => verdict),
      store: (trx) =>
        book.store(
          event,
          calls.map((call) => ({
            webhook: call.webhook,
            kind: call.verdict.kind,
            isCalled: call.tried !== null,
            finished: finishedOf(call),
          })),
          trx,
        ),
    }));
  };
};

export type Asking = ReturnType<typeof createAsking>;
