/** Records batches of settled attempts with all that follows: health, pauses, and the events about them. */
import type { Knex } from 'knex';
import type { OutcomeName } from '../contract/delivery';
import type { WebhookEvent } from '../contract/event';
import { PLUGIN_ID } from '../contract/names';
import type { ActiveWebhook } from '../match/active';
import { matching } from '../match/matching';
import { eventId } from '../store/outbox/events.service';
import type { EventTimes } from '../store/outbox/events.service';
import { NO_ATTEMPTS, noticeReason, withAttempt, type Notice, type Tally } from '../store/health';
import type { Outbox } from '../store/outbox/outbox.service';
import type { Settled } from '../store/outbox/attempts.service';
import type { Clock } from '../strapi/clock.service';
import type { HealthBook } from './health.service';

/** A settled attempt, and what its receiver's answer means for the whole webhook. */
export type Posted = Settled & { parkUntil: number | null; disable: string | null };

/** The change in a webhook's health that a batch caused; `failed`: none of its attempts succeeded. */
export type Effect = { webhookId: string; notice: Notice | null; failed: boolean };

/** `recorded`: the attempts of the batch that still held their claim. */
export type Written = { effects: Effect[]; recorded: Posted[] };

type Options = {
  outbox: Outbox;
  health: HealthBook;
  clock: Clock;
  active(): Promise<readonly ActiveWebhook[]>;
  disable(webhookId: string, trx: Knex.Transaction): Promise<void>;
  /** Called after the commit: the cached webhooks are outdated. */
  forget(): void;
  announce: Announce;
  meter: { attempted(webhook: string, outcome: OutcomeName, ms: number): void };
};

type Context = { trx: Knex.Transaction; now: number; webhooks: readonly ActiveWebhook[] };

export type Bookkeeping = (batch: readonly Posted[]) => Promise<Written>;

export const createBookkeeping =
  (options: Options): Bookkeeping =>
  async (batch) => {
    const webhooks = await options.active();
    const now = options.clock.now();
    const written = await options.outbox.transaction((trx) =>
      recordBatch(batch, options, { trx, now, webhooks }),
    );
    for (const { row, attempt } of written.recorded)
      options.meter.attempted(row.webhook_id, attempt.outcome, attempt.durationMs);
    if (written.effects.some(({ notice }) => notice?.kind === 'disabled')) options.forget();
    return written;
  };

async function recordBatch(
  batch: readonly Posted[],
  options: Options,
  context: Context,
): Promise<Written> {
  const { outbox, health, disable, announce } = options;
  const { trx } = context;
  const recorded = await outbox.settle(batch, context);
  const groups = groupByWebhook(recorded);
  const tallies = new Map(groups.map(({ webhookId, tally }) => [webhookId, tally]));
  const notices = await health.record(tallies, context);
  const effects: Effect[] = [];
  for (const { webhookId, name, tally, parkUntil } of groups) {
    const notice = notices.get(webhookId) ?? null;
    if (notice?.kind === 'disabled') await disable(webhookId, trx);
    if (notice) await announce({ webhookId, name, notice }, context);
    if (parkUntil !== null) await health.park(webhookId, parkUntil, trx);
    effects.push({ webhookId, notice, failed: tally.successes === 0 });
  }
  return { effects, recorded };
}

type Group = { webhookId: string; name: string; tally: Tally; parkUntil: number | null };

function groupByWebhook(batch: readonly Posted[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { row, attempt, settlement, parkUntil, disable } of batch) {
    const { webhook_id: webhookId, webhook_name: name } = row;
    const group = groups.get(webhookId) ?? {
      webhookId,
      name,
      tally: NO_ATTEMPTS,
      parkUntil: null,
    };
    groups.set(webhookId, group);
    const answeredAt = attempt.at + attempt.durationMs;
    group.tally = withAttempt(group.tally, settlement.kind === 'delivered', answeredAt);
    group.tally.disable ??= disable;
    if (parkUntil !== null) group.parkUntil = Math.max(group.parkUntil ?? 0, parkUntil);
  }
  return [...groups.values()];
}

export type News = { webhookId: string; name: string; notice: Notice };

/** Stores the event about a webhook's new health, for the webhooks that want it. */
export const createAnnounce =
  (outbox: Outbox, eventTime: EventTimes) =>
  async (news: News, { trx, now, webhooks }: Context): Promise<void> => {
    const event = noticeEvent(news, eventTime());
    const addressees = matching(event, webhooks);
    if (addressees.length > 0) await outbox.add([{ event, webhooks: addressees }], { trx, now });
  };

export type Announce = ReturnType<typeof createAnnounce>;

const noticeEvent = ({ webhookId, name, notice }: News, time: string): WebhookEvent => ({
  id: eventId(),
  name: `webhook.${notice.kind}`,
  time,
  uid: `plugin::${PLUGIN_ID}.webhook`,
  model: 'webhook',
  documentId: webhookId,
  locale: null,
  status: null,
  entry: { id: webhookId, name, state: notice.kind, reason: noticeReason(notice) },
  previous: null,
  changes: [],
  actor: { type: 'system', id: null, name: null },
});
