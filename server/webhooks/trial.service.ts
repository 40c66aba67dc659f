/** "Send test": really calls the endpoint, now, and tells what came back. */
import type { TestResult } from '../contract/delivery';
import type { Sample } from '../contract/webhook';
import type { Clock } from '../delivery/clock.service';
import { recordOf, type Attempter } from '../delivery/attempt.service';
import { notFound } from '../errors';
import type { Outbox } from '../outbox/outbox.service';
import { verdictOfCall } from '../workflow/verdict/asking.service';
import type { Active } from './active.service';
import type { MayRead, PreviewRoom } from './preview.service';

type Options = {
  active: Active;
  attempt: Attempter;
  outbox: Outbox;
  preview: PreviewRoom;
  clock: Clock;
  validationTimeout: number;
};

const REASON = 'A test is not tried again by itself.';

export const createTrial = (options: Options) => {
  const { active, attempt, outbox, preview, clock, validationTimeout } = options;

  /** Nothing is stored while the endpoint is asked; the log gets both, delivery and attempt, when it has answered. */
  return async (
    id: string,
    sample: Sample,
    { mayRead }: { mayRead: MayRead },
  ): Promise<TestResult> => {
    const webhook = await active.one(id);
    if (!webhook) throw notFound('webhook');
    const wishes = { ...webhook, ...sample, events: [] };
    const { event, model } = await preview.choose(wishes, { fallback: 'webhook.test', mayRead });
    const { format, serialization, name } = webhook;
    const letter = {
      eventId: event.id,
      eventName: event.name,
      format,
      serialization,
      webhook: { id, name },
      sentBody: null,
      event: () => event,
      model: async () => model,
    };
    const isValidation = webhook.kind === 'validation';
    const tried = await attempt(
      webhook,
      letter,
      isValidation ? { timeout: webhook.timeout ?? validationTimeout } : {},
    );
    const attempted = recordOf(tried, { trigger: 'test' });
    const verdict = isValidation ? verdictOfCall(webhook, tried) : null;
    const ok = attempted.outcome === 'delivered' && verdict?.kind !== 'noAnswer';
    const call = {
      webhook,
      attempt: attempted,
      isDelivered: ok,
      isTest: true,
      reason: REASON,
      verdict: verdict?.kind ?? null,
    };
    await outbox.transaction((trx) => outbox.addFinished(event, [call], { trx, now: clock.now() }));
    const { request, response, error, durationMs } = attempted;
    return { ok, request, response, error, durationMs, ...(verdict ? { verdict } : {}) };
  };
};
