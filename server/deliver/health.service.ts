/** Stores each webhook's health in the database, so that every instance and the panel see the same. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { chunksOf } from '../strapi/chunks';
import {
  afterAttempts,
  HEALTHY,
  type Breaker,
  type Health,
  type KnownHealth,
  type Notice,
  type Tally,
} from '../store/health';
import {
  createHealthTable,
  number,
  type HealthRow,
  type HealthTable,
} from '../store/health-table.service';

const healthOf = (row: HealthRow | undefined): Health =>
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

const COLUMNS = Object.keys(columnsOf(HEALTHY)) as (keyof HealthRow)[];

const SUCCESS_RESOLUTION_MS = 1000;

export const createHealth = (strapi: Core.Strapi, disableAfter: number) => {
  const healths = createHealthTable(strapi);
  const { table, alone, read } = healths;

  /** Every known health and pause, or those of the given webhooks, by webhook id. */
  const all = async (webhookIds?: readonly string[]): Promise<Map<string, KnownHealth>> => {
    const query = webhookIds ? table().whereIn('webhook_id', webhookIds) : table();
    const rows = (await query) as HealthRow[];
    return new Map(
      rows.map((row) => [
        row.webhook_id,
        { health: healthOf(row), parkedUntil: number(row.parked_until) ?? 0 },
      ]),
    );
  };

  /**
   * Leaves out successes of webhooks that were recorded as healthy within the last second. Only for transactions of
   * editors: writing the row locks it until the commit, and editors would wait for each other.
   */
  const withoutKnown = async (
    tallies: ReadonlyMap<string, Tally>,
    { trx, now }: { trx: Knex.Transaction; now: number },
  ): Promise<Map<string, Tally>> => {
    const succeeded = [...tallies].filter(([, { failures }]) => failures === 0).map(([id]) => id);
    const rows = (await table(trx)
      .whereIn('webhook_id', succeeded)
      .where({ state: 'healthy', consecutive_failures: 0 })
      .where('last_success_at', '>', now - SUCCESS_RESOLUTION_MS)
      .select('webhook_id')) as HealthRow[];
    const isKnown = new Set(rows.map(({ webhook_id }) => webhook_id));
    return new Map([...tallies].filter(([id]) => !isKnown.has(id)));
  };

  /**
   * Adds a batch of attempts, tallied by webhook, and returns the notices to send, by webhook. Every batch reads and
   * writes the rows. If a success were left out because this process remembers one, a rollback, or a failure that another
   * process records meanwhile, would lose it.
   */
  const record = async (
    tallies: ReadonlyMap<string, Tally>,
    context: { trx: Knex.Transaction; now: number; disableAfter?: number },
  ): Promise<Map<string, Notice>> => {
    const rows = await lockedRows([...tallies.keys()], table, context.trx);
    const before = new Map(rows.map((row) => [row.webhook_id, healthOf(row)]));
    const after = new Map<string, Health>();
    const notices = new Map<string, Notice>();
    for (const [id, tally] of tallies) {
      const known = before.get(id) ?? HEALTHY;
      const { health, notice } = afterAttempts(known, tally, { disableAfter, ...context });
      after.set(id, health);
      if (notice && known.state !== 'disabled') notices.set(id, notice);
    }
    await saveAll(after, table, context.trx);
    return notices;
  };

  /** The row exists: the answer that asked for the pause was just recorded. Of two pauses the longer one holds. */
  const park = async (webhookId: string, until: number, trx: Knex.Transaction): Promise<void> => {
    await table(trx)
      .where('webhook_id', webhookId)
      .where((same) => same.whereNull('parked_until').orWhere('parked_until', '<', until))
      .update({ parked_until: until });
  };

  /** The webhooks that fail, or that were disabled by themselves. */
  const inState = async (state: 'failing' | 'disabled'): Promise<string[]> =>
    (await read((rows) => rows.where('state', state))).map(({ webhook_id }) => webhook_id);

  /** Why webhooks were disabled by themselves, by webhook id. */
  const disabledReasons = async (): Promise<Map<string, string>> => {
    const rows = await read((all) =>
      all.where('state', 'disabled').whereNotNull('disabled_reason'),
    );
    return new Map(rows.map((row) => [row.webhook_id, row.disabled_reason ?? '']));
  };

  /**
   * Reserves the next `count` times at which a rate-limited webhook may be called, one every `interval` ms, across all
   * instances. Returns the first (ms).
   */
  const takeSlots = (
    webhookId: string,
    { count, interval, now }: { count: number; interval: number; now: number },
  ): Promise<number> =>
    alone(async (trx) => {
      const [row] = await lockedRows([webhookId], table, trx);
      const first = Math.max(now, Number(row?.next_slot_at ?? 0));
      const next_slot_at = Math.ceil(first + count * interval);
      await table(trx).where('webhook_id', webhookId).update({ next_slot_at });
      return first;
    });

  /** Enabling a webhook again resets its health, in the transaction that enables it. */
  const reset = async (webhookId: string, trx: Knex.Transaction): Promise<void> => {
    const columns = { ...columnsOf(HEALTHY), parked_until: null };
    await table(trx)
      .insert({ ...columns, webhook_id: webhookId })
      .onConflict('webhook_id')
      .merge(columns);
  };

  /**
   * Resets the health of enabled webhooks that are recorded as disabled: a restored database has such rows. Only those
   * that were disabled before `before` (ms), because another instance may just be disabling one.
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
    withoutKnown,
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

/** The circuit breakers of validations. */
function createBreakers({ table, joined, read }: HealthTable) {
  /** Pauses a validation whose endpoint failed at least `failures` times in a row. */
  const parkFailing = async (
    webhookId: string,
    failures: number,
    { until, trx }: { until: number; trx: Knex.Transaction },
  ): Promise<void> => {
    await table(trx)
      .where('webhook_id', webhookId)
      .where('consecutive_failures', '>=', failures)
      .update({ parked_until: until });
  };

  /** The breakers of webhooks that were ever called, in one query: an editor waits for it. */
  const breakers = async (webhookIds: readonly string[]): Promise<Map<string, Breaker>> => {
    const rows = await read((all) => all.whereIn('webhook_id', webhookIds));
    return new Map(
      rows.map((row) => [
        row.webhook_id,
        {
          consecutiveFailures: row.consecutive_failures,
          parkedUntil: number(row.parked_until) ?? 0,
        },
      ]),
    );
  };

  /** True for the first caller that finds a pause over: it may check whether the endpoint is back. */
  const takeProbe = (webhookId: string, parkedUntil: number, until: number): Promise<boolean> =>
    joined(
      async (trx) =>
        (await table(trx)
          .where('webhook_id', webhookId)
          .where((same) =>
            parkedUntil === 0
              ? same.whereNull('parked_until').orWhere('parked_until', 0)
              : same.where('parked_until', parkedUntil),
          )
          .update({ parked_until: until })) > 0,
    );

  return { breakers, parkFailing, takeProbe };
}

async function saveAll(
  healths: ReadonlyMap<string, Health>,
  table: HealthTable['table'],
  trx: Knex.Transaction,
) {
  for (const chunk of chunksOf([...healths]))
    await table(trx)
      .insert(chunk.map(([webhook_id, health]) => ({ ...columnsOf(health), webhook_id })))
      .onConflict('webhook_id')
      .merge(COLUMNS);
}

/**
 * Locks the rows until the transaction ends: two instances that count at once would lose a count, or send a notice
 * twice. The rows are locked in one order, because two orders deadlock. Only missing rows are inserted: on MySQL, the
 * insert of an existing row takes a shared lock, and that deadlocks too.
 */
async function lockedRows(
  webhookIds: string[],
  table: HealthTable['table'],
  trx: Knex.Transaction,
): Promise<HealthRow[]> {
  const find = async (ids: string[]) =>
    (await table(trx).whereIn('webhook_id', ids).orderBy('webhook_id').forUpdate()) as HealthRow[];
  const found: HealthRow[] = [];
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
}
