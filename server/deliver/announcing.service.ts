/** Stores the news of how a webhook is doing, for whoever wants to hear of it. */
import type { Knex } from 'knex';
import type { EventTimes } from '../store/outbox/events.service';
import { matching } from '../match/matching';
import type { Outbox } from '../store/outbox/outbox.service';
import type { ActiveWebhook } from '../match/active';
import type { Notice } from '../store/health';
import { noticeEvent } from './notice.service';

export type News = { webhookId: string; name: string; notice: Notice };
type Context = { trx: Knex.Transaction; now: number; webhooks: readonly ActiveWebhook[] };

export const createAnnounce =
  (outbox: Outbox, eventTime: EventTimes) =>
  async (news: News, { trx, now, webhooks }: Context): Promise<void> => {
    const event = noticeEvent({ ...news, time: eventTime() });
    const addressees = matching(event, webhooks);
    if (addressees.length > 0) await outbox.add([{ event, webhooks: addressees }], { trx, now });
  };

export type Announce = ReturnType<typeof createAnnounce>;
