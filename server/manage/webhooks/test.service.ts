/** "Send test": calls the endpoint now, and shows its answer. */
import type { TestResult } from '../../contract/delivery';
import { sentence } from '../../contract/sentences';
import { isUndecided, type Verdict } from '../../contract/document';
import type { Sample, WebhookSettings } from '../../contract/webhook';
import { messageOf, type Attempter } from '../../deliver/attempt.service';
import type { Active, ActiveWebhook } from '../../match/active.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import { notFound, tooMany } from '../../strapi/errors';
import { MAX_ANSWER_BYTES, verdictOfCall } from '../../workflow/validation/calls.service';
import type { MayRead, WebhookPreview } from './preview.service';
import type { Webhooks } from './webhooks.service';

/** Tests of webhooks and checks of authorizations together, in one process. */
const MOST_AT_ONCE = 10;

export type RunTest = <Result>(test: () => Promise<Result>) => Promise<Result>;

/**
 * Runs a test if there is room, and throws a RateLimitError (429) otherwise. The limits of deliveries do not count tests, so
 * a script that starts hundreds of them would take the connections and the memory of the whole process.
 */
export function createTestSlots(limit = MOST_AT_ONCE): RunTest {
  let running = 0;
  return async (test) => {
    if (running >= limit) throw tooMany('too-many-tests', { limit });
    running += 1;
    try {
      return await test();
    } finally {
      running -= 1;
    }
  };
}

type Options = {
  runTest: RunTest;
  active: Active;
  webhooks: Pick<Webhooks, 'unsaved'>;
  attempt: Attempter;
  outbox: Outbox;
  preview: WebhookPreview;
  validationTimeout: number;
};

const REASON = sentence('test-not-repeated');

/** Only the answer of a validation is read. */
const isReadable = (verdict: Verdict | null | undefined): boolean =>
  !verdict || !isUndecided(verdict.kind);

export const createWebhookTest = (options: Options) => {
  const { runTest, active, webhooks, attempt, outbox, preview, validationTimeout } = options;

  async function run(webhook: ActiveWebhook, sample: Sample, mayRead: MayRead) {
    const wanted = { ...webhook, ...sample, events: [] };
    const event = await preview.eventFor(wanted, { fallback: 'webhook.test', mayRead });
    const isValidation = webhook.kind === 'validation';
    const call = await attempt(
      webhook,
      messageOf(webhook, event),
      isValidation
        ? { timeout: webhook.timeout ?? validationTimeout, maxResponseBytes: MAX_ANSWER_BYTES }
        : {},
    );
    const attempted = { ...call.attempt, trigger: 'test' as const };
    const verdict = isValidation ? verdictOfCall(webhook, call, event) : null;
    const ok = attempted.outcome === 'delivered' && isReadable(verdict);
    const { request, response, error, durationMs } = attempted;
    const result: TestResult = { ok, request, response, error, durationMs };
    return { event, attempted, result: verdict ? { ...result, verdict } : result };
  }

  /** Nothing is stored during the call; delivery and attempt are logged together when it has ended. */
  async function stored(id: string, sample: Sample, mayRead: MayRead): Promise<TestResult> {
    const webhook = await active.one(id);
    if (!webhook) throw notFound('webhook');
    const { event, attempted, result } = await run(webhook, sample, mayRead);
    const call = {
      webhook,
      attempt: attempted,
      isDelivered: result.ok,
      isTest: true,
      reason: isReadable(result.verdict) ? REASON : `${result.verdict?.message} ${REASON}`,
      verdict: result.verdict?.kind ?? null,
    };
    await outbox.transaction((trx) => outbox.addFinished({ event, calls: [call] }, trx));
    return result;
  }

  /** Not logged: there is no stored webhook that a delivery could belong to. */
  async function unsaved(
    settings: WebhookSettings,
    { id, sample, mayRead }: { id: string | null; sample: Sample; mayRead: MayRead },
  ): Promise<TestResult> {
    const webhook = await active.ready(await webhooks.unsaved(settings, id));
    return (await run(webhook, sample, mayRead)).result;
  }

  return {
    stored: (...input: Parameters<typeof stored>) => runTest(() => stored(...input)),
    unsaved: (...input: Parameters<typeof unsaved>) => runTest(() => unsaved(...input)),
  };
};

export type WebhookTest = ReturnType<typeof createWebhookTest>;
