/** Keeps each webhook's health in the database, so that every instance and the panel see the same. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { WebhookHealth, WebhookKind } from '../contract/webhook';
import { FAILURES_TO_OPEN } from '../workflow/verdict/breaker';
import { chunksOf } from '../outbox/tables.service';
import { afterAttempts, HEALTHY, type Health, type Notice, type Tally } from './health';
import { createBreakers } from './breakers.service';
import { createHealthTable, number, type HealthRow as Row } from './health-table.service';

const healthOf = (row: Row | undefined): Health =>
  row
    ? {
        state: row.state,
        consecutiveFailures: row.consecutive_failures,
        failingSince: number(row.failing_since),
        lastSuccessAt: number(row.last_success_at),
        disabledReason: row.disabled_reason,
        disabledAt: number(row.disabled_at),
      }
    : HEALTHY;

const columnsOf = (health: Health) => ({
  state: health.state,
  consecutive_failures: health.consecutiveFailures,
  failing_since: health.failingSince,
  last_success_at: health.lastSuccessAt,
  disabled_reason: health.disabledReason,
  disabled_at: health.disabledAt,
});

export type KnownHealth = { health: Health; parkedUntil: number };

const iso = (moment: number | null) => (moment === null ? null : new Date(moment).toISOString());

/** As an administrator sees it. A validation's pause is over with its failures; any other receiver asked for its own. */
export const shownHealth = (
  kind: WebhookKind,
  known: KnownHealth | undefined,
  now: number,
): WebhookHealth => {
  const { health, parkedUntil } = known ?? { health: HEALTHY, parkedUntil: 0 };
  const isSpared = kind !== 'validation' || health.consecutiveFailures >= FAILURES_TO_OPEN;
  return {
    state: health.state,
    consecutiveFailures: health.consecutiveFailures,
    disabledReason: health.disabledReason,
    disabledAt: iso(health.disabledAt),
    failingSince: iso(health.failingSince),
    lastSuccessAt: iso(health.lastSuccessAt),
    pausedUntil: parkedUntil > now && isSpared ? iso(parkedUntil) : null,
  };
};

/** A healthy webhook's last success is written this often at most (ms): it is for people to read. */
const SUCCESS_RESOLUTION = 1000;

export const createHealth = (strapi: Core.Strapi, disableAfter: number) => {
  const healths = createHealthTable(strapi);
  const { table, read } = healths;
  const written = new Map<string, number>();

  const save = async (webhookId: string, columns: Partial<Row>, trx?: Knex.Transaction) => {
    await table(trx)
      .insert({ ...columnsOf(HEALTHY), ...columns, webhook_id: webhookId })
      .onConflict('webhook_id')
      .merge(columns);
  };

  /** Locked until the transaction ends: two instances that count at once would lose one's count, or tell news twice. */
  const locked = async (webhookId: string, trx: Knex.Transaction): Promise<Health> => {
    const find = () => table(trx).where('webhook_id', webhookId).forUpdate().first();
    const found = (await find()) as Row | undefined;
    if (found) return healthOf(found);
    await table(trx)
      .insert({ ...columnsOf(HEALTHY), webhook_id: webhookId })
      .onConflict('webhook_id')
      .ignore();
    return healthOf((await find()) as Row | undefined);
  };

  /** Every known health and pause, or those of some webhooks, by webhook. */
  const all = async (webhookIds?: readonly string[]): Promise<Map<string, KnownHealth>> => {
    const query = webhookIds ? table().whereIn('webhook_id', webhookIds) : table();
    const rows = (await query) as Row[];
    return new Map(
      rows.map((row) => [
        row.webhook_id,
        { health: healthOf(row), parkedUntil: number(row.parked_until) ?? 0 },
      ]),
    );
  };

  const isOldNews = (webhookId: string, tally: Tally, now: number) =>
    tally.failures === 0 &&
    tally.disable === null &&
    now - (written.get(webhookId) ?? 0) < SUCCESS_RESOLUTION;

  /** Adds a batch of attempts; answers what people should be told. */
  const record = async (
    webhookId: string,
    tally: Tally,
    context: { trx: Knex.Transaction; now: number; disableAfter?: number },
  ): Promise<Notice | null> => {
    if (isOldNews(webhookId, tally, context.now)) return null;
    const before = await locked(webhookId, context.trx);
    const { health, notice } = afterAttempts(before, tally, { disableAfter, ...context });
    await save(webhookId, columnsOf(health), context.trx);
    if (health.consecutiveFailures === 0) written.set(webhookId, context.now);
    else written.delete(webhookId);
    return before.state === 'disabled' ? null : notice;
  };

  const park = (webhookId: string, until: number, trx: Knex.Transaction) =>
    save(webhookId, { parked_until: until }, trx);

  /** Why those are disabled that were disabled by themselves, by webhook. */
  const disabledReasons = async (): Promise<Map<string, string>> => {
    const rows = await read((all) =>
      all.where('state', 'disabled').whereNotNull('disabled_reason'),
    );
    return new Map(rows.map((row) => [row.webhook_id, row.disabled_reason ?? '']));
  };

  /**
   * Takes the next places in a webhook's row of requests, one every `interval` ms, of all instances. Answers the time
   * (ms) of the first.
   */
  const takeSlots = (
    webhookId: string,
    { count, interval, now }: { count: number; interval: number; now: number },
  ): Promise<number> =>
    strapi.db.connection.transaction(async (trx) => {
      await table(trx)
        .insert({ ...columnsOf(HEALTHY), webhook_id: webhookId })
        .onConflict('webhook_id')
        .ignore();
      const row = (await table(trx).where('webhook_id', webhookId).forUpdate().first()) as Row;
      const first = Math.max(now, Number(row.next_slot_at ?? 0));
      const next_slot_at = Math.ceil(first + count * interval);
      await table(trx).where('webhook_id', webhookId).update({ next_slot_at });
      return first;
    });

  /** A webhook that an administrator enables again starts with a clean sheet. */
  const reset = (webhookId: string) =>
    save(webhookId, { ...columnsOf(HEALTHY), parked_until: null });

  /**
   * Of these, which are enabled, none has a reason to be disabled: a restore brought them back. Only what was disabled
   * before `before` (ms), since another instance may just be disabling one.
   */
  const clearDisabled = async (webhookIds: readonly string[], before: number): Promise<void> => {
    for (const chunk of chunksOf(webhookIds))
      await table()
        .whereIn('webhook_id', chunk)
        .where('state', 'disabled')
        .where('disabled_at', '<', before)
        .update({ ...columnsOf(HEALTHY), parked_until: null });
  };

  const forget = (webhookId: string) => table().where('webhook_id', webhookId).delete();

  return {
    ...createBreakers(healths),
    all,
    record,
    park,
    disabledReasons,
    takeSlots,
    reset,
    clearDisabled,
    forget,
  };
};

export type HealthBook = ReturnType<typeof createHealth>;
