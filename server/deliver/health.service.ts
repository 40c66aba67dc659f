/** Keeps each webhook's health in the database, so that every instance and the panel see the same. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { LastDelivery, WebhookHealth, WebhookKind } from '../contract/webhook';
import { FAILURES_TO_OPEN } from './breaker';
import { chunksOf } from '../strapi/chunks';
import { afterAttempts, HEALTHY, type Health, type Notice, type Tally } from '../store/health';
import { createBreakers } from './breakers.service';
import { createHealthTable, number, type HealthRow as Row } from '../store/health-table.service';

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

const COLUMNS = Object.keys(columnsOf(HEALTHY)) as (keyof Row)[];

export type KnownHealth = { health: Health; parkedUntil: number };

const iso = (moment: number | null) => (moment === null ? null : new Date(moment).toISOString());

/** As an administrator sees it. A validation's pause is over with its failures; any other receiver asked for its own. */
export const shownHealth = (
  kind: WebhookKind,
  known: KnownHealth | undefined,
  { now, lastDelivery = null }: { now: number; lastDelivery?: LastDelivery | null },
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
    lastDelivery,
  };
};

const SUCCESS_RESOLUTION_MS = 1000;

export const createHealth = (strapi: Core.Strapi, disableAfter: number) => {
  const healths = createHealthTable(strapi);
  const { table, alone, read } = healths;

  const save = async (webhookId: string, columns: Partial<Row>, trx: Knex.Transaction) => {
    await table(trx)
      .insert({ ...columnsOf(HEALTHY), ...columns, webhook_id: webhookId })
      .onConflict('webhook_id')
      .merge(columns);
  };

  const saveAll = async (healths: ReadonlyMap<string, Health>, trx: Knex.Transaction) => {
    for (const chunk of chunksOf([...healths]))
      await table(trx)
        .insert(chunk.map(([webhook_id, health]) => ({ ...columnsOf(health), webhook_id })))
        .onConflict('webhook_id')
        .merge(COLUMNS);
  };

  /**
   * Locked until the transaction ends: two instances that count at once would lose one's count, or tell news twice. In
   * one order, or two that take them in different ones would wait for each other. And only what is missing is made: on
   * MySQL the insert of a row that is there shares its lock with others, and then all wait for each other.
   */
  const locked = async (webhookIds: string[], trx: Knex.Transaction): Promise<Row[]> => {
    const find = async (ids: string[]) =>
      (await table(trx).whereIn('webhook_id', ids).orderBy('webhook_id').forUpdate()) as Row[];
    const found: Row[] = [];
    for (const ids of chunksOf(webhookIds.sort())) {
      const known = await find(ids);
      const fresh = ids.filter((id) => !known.some((row) => row.webhook_id === id));
      found.push(...known);
      if (fresh.length === 0) continue;
      await table(trx)
        .insert(fresh.map((webhook_id) => ({ ...columnsOf(HEALTHY), webhook_id })))
        .onConflict('webhook_id')
        .ignore();
      found.push(...(await find(fresh)));
    }
    return found;
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

  /**
   * Leaves out successes of webhooks whose row, as it is stored, was written as healthy within the last second. For
   * transactions of editors alone: to write the row means to lock it until the commit, and editors would wait for each
   * other.
   */
  const news = async (
    tallies: ReadonlyMap<string, Tally>,
    { trx, now }: { trx: Knex.Transaction; now: number },
  ): Promise<Map<string, Tally>> => {
    const succeeded = [...tallies].filter(([, { failures }]) => failures === 0).map(([id]) => id);
    const rows = (await table(trx)
      .whereIn('webhook_id', succeeded)
      .where({ state: 'healthy', consecutive_failures: 0 })
      .where('last_success_at', '>', now - SUCCESS_RESOLUTION_MS)
      .select('webhook_id')) as Row[];
    const isKnown = new Set(rows.map(({ webhook_id }) => webhook_id));
    return new Map([...tallies].filter(([id]) => !isKnown.has(id)));
  };

  /**
   * Adds a batch of attempts, tallied by webhook; answers what people should be told, by webhook. Every batch reads and
   * writes the rows: a success that is left out because of what this process remembers is lost where its transaction is
   * rolled back, or where another process records a failure meanwhile.
   */
  const record = async (
    tallies: ReadonlyMap<string, Tally>,
    context: { trx: Knex.Transaction; now: number; disableAfter?: number },
  ): Promise<Map<string, Notice>> => {
    const rows = await locked([...tallies.keys()], context.trx);
    const before = new Map(rows.map((row) => [row.webhook_id, healthOf(row)]));
    const after = new Map<string, Health>();
    const notices = new Map<string, Notice>();
    for (const [id, tally] of tallies) {
      const known = before.get(id) ?? HEALTHY;
      const { health, notice } = afterAttempts(known, tally, { disableAfter, ...context });
      after.set(id, health);
      if (notice && known.state !== 'disabled') notices.set(id, notice);
    }
    await saveAll(after, context.trx);
    return notices;
  };

  /**
   * Of a webhook that has a row: the failure was recorded whose answer asked for the pause. Of two answers the longer
   * pause holds, whichever came last.
   */
  const park = async (webhookId: string, until: number, trx: Knex.Transaction): Promise<void> => {
    await table(trx)
      .where('webhook_id', webhookId)
      .where((same) => same.whereNull('parked_until').orWhere('parked_until', '<', until))
      .update({ parked_until: until });
  };

  /** The webhooks that fail, or that were disabled by themselves. */
  const inState = async (state: 'failing' | 'disabled'): Promise<string[]> =>
    (await read((rows) => rows.where('state', state))).map(({ webhook_id }) => webhook_id);

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
    alone(async (trx) => {
      const [row] = await locked([webhookId], trx);
      const first = Math.max(now, Number(row?.next_slot_at ?? 0));
      const next_slot_at = Math.ceil(first + count * interval);
      await table(trx).where('webhook_id', webhookId).update({ next_slot_at });
      return first;
    });

  /** Enabling a webhook again resets its health, in the transaction that enables it. */
  const reset = (webhookId: string, trx: Knex.Transaction) =>
    save(webhookId, { ...columnsOf(HEALTHY), parked_until: null }, trx);

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
    news,
    record,
    park,
    inState,
    disabledReasons,
    takeSlots,
    reset,
    clearDisabled,
    forget,
  };
};

export type HealthBook = ReturnType<typeof createHealth>;
