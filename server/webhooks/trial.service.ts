/** "Send test": really calls the endpoint, now, and tells what came back. */
import type { TestResult } from '../contract/delivery';
import type { Sample } from '../contract/webhook';
import { recordOf, type Attempter } from '../delivery/attempt.service';
import { notFound } from '../errors';
import type { Outbox } from '../outbox/outbox.service';
import { attemptRowOf } from '../outbox/rows';
import type { Active } from './active.service';
import type { MayRead, PreviewRoom } from './preview.service';

type Options = { active: Active; attempt: Attempter; outbox: Outbox; preview: PreviewRoom };

export const createTrial = ({ active, attempt, outbox, preview }: Options) => {
  /** Nothing is stored while the endpoint is asked; the log gets both, delivery and attempt, when it has answered. */
  return async (
    id: string,
    sample: Sample,
    { mayRead }: { mayRead: MayRead },
  ): Promise<TestResult> => {
    const webhook = await active.one(id);
    if (!webhook) throw notFound('webhook');
    const wishes = { ...sample, events: [], contentTypes: webhook.contentTypes };
    const { event, model } = await preview.choose(wishes, { fallback: 'webhook.test', mayRead });
    const { format, serialization, name } = webhook;
    const tried = await attempt(webhook, {
      eventId: event.id,
      eventName: event.name,
      format,
      serialization,
      webhook: { id, name },
      sentBody: null,
      event: () => event,
      model: async () => model,
    });
    const recorded = recordOf(tried, { trigger: 'test', secrets: webhook.secretValues });
    const ok = recorded.outcome === 'delivered';
    await outbox.transaction(async (trx) => {
      const deliveryId = await outbox.addTest({
        event,
        webhook,
        isDelivered: ok,
        trx,
        now: tried.at,
      });
      await outbox.addAttempts([attemptRowOf(deliveryId, recorded, true)], trx);
    });
    const { request, response, error, durationMs } = recorded;
    return { ok, request, response, error, durationMs };
  };
};
