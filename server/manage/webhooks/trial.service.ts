/** "Send test": really calls the endpoint, now, and tells what came back. */
import { sentence } from '../../contract/sentences';
import type { TestResult } from '../../contract/delivery';
import { isUndecided, type Verdict } from '../../contract/document';
import type { Sample, WebhookSettings } from '../../contract/webhook';
import { recordOf, type Attempter } from '../../deliver/attempt.service';
import { notFound } from '../../strapi/errors';
import type { Outbox } from '../../store/outbox/outbox.service';
import { MAX_ANSWER_BYTES, verdictOfCall } from '../../workflow/verdict/asking.service';
import type { ActiveWebhook } from '../../match/active';
import type { Active } from '../../match/active.service';
import type { PreviewRoom } from './preview.service';
import type { MayRead } from './sample-document.service';
import type { RunTest } from './test-slots';
import type { Webhooks } from './webhooks.service';

type Options = {
  runTest: RunTest;
  active: Active;
  webhooks: Pick<Webhooks, 'unsaved'>;
  attempt: Attempter;
  outbox: Outbox;
  preview: PreviewRoom;
  validationTimeout: number;
};

const REASON = sentence('test-not-repeated');

/** True of a webhook that is no validation too: nothing is read of its answer. */
const isReadable = (verdict: Verdict | null | undefined): boolean =>
  !verdict || !isUndecided(verdict.kind);

export const createTrial = (options: Options) => {
  const { runTest, active, webhooks, attempt, outbox, preview, validationTimeout } = options;

  const tried = async (webhook: ActiveWebhook, sample: Sample, mayRead: MayRead) => {
    const wishes = { ...webhook, ...sample, events: [] };
    const event = await preview.choose(wishes, { fallback: 'webhook.test', mayRead });
    const { format, serialization, id, name } = webhook;
    const message = {
      eventId: event.id,
      eventName: event.name,
      format,
      serialization,
      webhook: { id, name },
      sentBody: null,
      event: () => event,
    };
    const isValidation = webhook.kind === 'validation';
    const call = await attempt(
      webhook,
      message,
      isValidation
        ? { timeout: webhook.timeout ?? validationTimeout, maxResponseBytes: MAX_ANSWER_BYTES }
        : {},
    );
    const attempted = recordOf(call, { trigger: 'test' });
    const verdict = isValidation ? verdictOfCall(webhook, call, event) : null;
    const ok = attempted.outcome === 'delivered' && isReadable(verdict);
    const { request, response, error, durationMs } = attempted;
    const told = { ok, request, response, error, durationMs, ...(verdict ? { verdict } : {}) };
    return { event, attempted, told };
  };

  /** Nothing is stored while the endpoint is asked; the log gets both, delivery and attempt, when it has answered. */
  const stored = async (
    id: string,
    sample: Sample,
    { mayRead }: { mayRead: MayRead },
  ): Promise<TestResult> => {
    const webhook = await active.one(id);
    if (!webhook) throw notFound('webhook');
    const { event, attempted, told } = await tried(webhook, sample, mayRead);
    const call = {
      webhook,
      attempt: attempted,
      isDelivered: told.ok,
      isTest: true,
      reason: isReadable(told.verdict) ? REASON : `${told.verdict?.message} ${REASON}`,
      verdict: told.verdict?.kind ?? null,
    };
    await outbox.transaction((trx) => outbox.addFinished(event, [call], { trx }));
    return told;
  };

  /** Of what nobody has saved, nothing is logged: there is no webhook yet that a delivery could be of. */
  const unsaved = async (
    settings: WebhookSettings,
    { id, sample, mayRead }: { id: string | null; sample: Sample; mayRead: MayRead },
  ): Promise<TestResult> => {
    const webhook = await active.ready(await webhooks.unsaved(settings, id));
    return (await tried(webhook, sample, mayRead)).told;
  };

  return {
    stored: (...input: Parameters<typeof stored>) => runTest(() => stored(...input)),
    unsaved: (...input: Parameters<typeof unsaved>) => runTest(() => unsaved(...input)),
  };
};

export type Trial = ReturnType<typeof createTrial>;
