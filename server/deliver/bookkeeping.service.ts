/** Writes a batch of settled attempts with all that follows from it: health, pauses, and the notices about them. */
import type { OutcomeName } from '../contract/delivery';
import type { Knex } from 'knex';
import type { Outbox } from '../store/outbox/outbox.service';
import type { Settled } from '../store/outbox/attempts.service';
import type { ActiveWebhook } from '../match/active';
import type { Announce } from './announcing.service';
import type { Clock } from '../strapi/clock.service';
import { NO_ATTEMPTS, withAttempt, type Notice, type Tally } from '../store/health';
import type { HealthBook } from './health.service';

/** A settled attempt, and what its receiver's answer means for the whole webhook. */
export type Posted = Settled & { parkUntil: number | null; disable: string | null };

type Options = {
  outbox: Outbox;
  health: HealthBook;
  clock: Clock;
  active(): Promise<readonly ActiveWebhook[]>;
  disable(webhookId: string, trx: Knex.Transaction): Promise<void>;
  /** Says, after the commit, that what `active` knows is known no longer. */
  forget(): void;
  announce: Announce;
  meter: { attempted(webhook: string, outcome: OutcomeName, ms: number): void };
};

/** What a batch did to one webhook. Written out, because notices are told and pauses kept per webhook. */
export type Effect = {
  webhookId: string;
  notice: Notice | null;
  parkUntil: number | null;
  failed: boolean;
};

/** `recorded`: those of the batch that still held their claim. */
export type Written = { effects: Effect[]; recorded: Posted[] };

type Group = { webhookId: string; name: string; tally: Tally; parkUntil: number | null };

const grouped = (batch: readonly Posted[]): Group[] => {
  const groups = new Map<string, Group>();
  for (const { row, attempt, settlement, parkUntil, disable } of batch) {
    const group = groups.get(row.webhook_id) ?? {
      webhookId: row.webhook_id,
      name: row.webhook_name,
      tally: NO_ATTEMPTS,
      parkUntil: null,
    };
    groups.set(row.webhook_id, group);
    const answeredAt = attempt.at + attempt.durationMs;
    group.tally = withAttempt(group.tally, settlement.kind === 'delivered', answeredAt);
    group.tally.disable ??= disable;
    if (parkUntil !== null) group.parkUntil = Math.max(group.parkUntil ?? 0, parkUntil);
  }
  return [...groups.values()];
};

export const createBookkeeping = (options: Options) => {
  const { outbox, health, clock, active, disable, forget } = options;
  type Context = { trx: Knex.Transaction; now: number; webhooks: readonly ActiveWebhook[] };

  const announce = async (group: Group, notice: Notice, { trx, now, webhooks }: Context) => {
    if (notice.kind === 'disabled') await disable(group.webhookId, trx);
    const { webhookId, name } = group;
    await options.announce({ webhookId, name, notice }, { trx, now, webhooks });
  };

  const effectOf = async (
    group: Group,
    notice: Notice | null,
    context: Context,
  ): Promise<Effect> => {
    if (notice) await announce(group, notice, context);
    if (group.parkUntil !== null) await health.park(group.webhookId, group.parkUntil, context.trx);
    const { webhookId, parkUntil, tally } = group;
    return { webhookId, notice, parkUntil, failed: tally.successes === 0 };
  };

  const written = (batch: readonly Posted[], context: Omit<Context, 'trx'>): Promise<Written> =>
    outbox.transaction(async (trx) => {
      const recorded = await outbox.settle(batch, { trx, now: context.now });
      const groups = grouped(recorded);
      const tallies = new Map(groups.map(({ webhookId, tally }) => [webhookId, tally]));
      const notices = await health.record(tallies, { trx, now: context.now });
      const effects: Effect[] = [];
      for (const group of groups) {
        const notice = notices.get(group.webhookId) ?? null;
        effects.push(await effectOf(group, notice, { ...context, trx }));
      }
      return { effects, recorded };
    });

  return async (batch: readonly Posted[]): Promise<Written> => {
    const found = await written(batch, { webhooks: await active(), now: clock.now() });
    for (const { row, attempt } of found.recorded)
      options.meter.attempted(row.webhook_id, attempt.outcome, attempt.durationMs);
    if (found.effects.some(({ notice }) => notice?.kind === 'disabled')) forget();
    return found;
  };
};

export type Bookkeeping = ReturnType<typeof createBookkeeping>;
