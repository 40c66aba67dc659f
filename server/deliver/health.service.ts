/** Stores each webhook's health in the database, so that every instance and the panel see the same. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import {
  afterAttempts,
  HEALTHY,
  type Health,
  type KnownHealth,
  type Notice,
  type Tally,
} from '../store/health';
import type { Moment } from '../store/outbox/rows';
import { createTables, type HealthRow, type Tables } from '../store/tables.service';
import { chunksOf } from '../strapi/chunks';

type HealthRows = Knex.QueryBuilder<HealthRow>;
type Context = { trx: Knex.Transaction; now: number };

const SUCCESS_RESOLUTION_MS = 1000;

export class HealthStore {
  private readonly tables: Tables;
  private readonly table: Tables['health'];

  constructor(
    strapi: Core.Strapi,
    private readonly disableAfter: number,
  ) {
    this.tables = createTables(strapi);
    this.table = this.tables.health;
  }

  /** Every known health and pause, or those of the given webhooks, by webhook id. */
  async all(webhookIds?: readonly string[]): Promise<Map<string, KnownHealth>> {
    const rows = await this.read((all) =>
      webhookIds ? all.whereIn('webhook_id', webhookIds) : all,
    );
    return knownHealths(rows);
  }

  /** The healths of the webhooks that fail or pause. Two searches: for either of two conditions, no index is used. */
  async failingOrPaused(now: number): Promise<Map<string, KnownHealth>> {
    const paused = this.table().where('parked_until', '>', now);
    return knownHealths(await this.table().where('state', 'failing').unionAll(paused));
  }

  /** The webhooks that fail, or that were disabled automatically. */
  async inState(state: 'failing' | 'disabled'): Promise<string[]> {
    return (await this.read((all) => all.where('state', state))).map(
      ({ webhook_id }) => webhook_id,
    );
  }

  /** Why webhooks were disabled automatically, by webhook id. */
  async disabledReasons(): Promise<Map<string, string>> {
    const rows = await this.read((all) =>
      all.where('state', 'disabled').whereNotNull('disabled_reason'),
    );
    return new Map(rows.map((row) => [row.webhook_id, row.disabled_reason ?? '']));
  }

  /**
   * Leaves out successes of webhooks that were recorded as healthy within the last second. Only for transactions of
   * editors: writing the row locks it until the commit, and editors would wait for each other.
   */
  async withoutKnown(tallies: ReadonlyMap<string, Tally>, { trx, now }: Context) {
    const succeeded = [...tallies].filter(([, { failures }]) => failures === 0).map(([id]) => id);
    const rows: HealthRow[] = await this.table(trx)
      .whereIn('webhook_id', succeeded)
      .where({ state: 'healthy', consecutive_failures: 0 })
      .where('last_success_at', '>', now - SUCCESS_RESOLUTION_MS)
      .select('webhook_id');
    const isKnown = new Set(rows.map(({ webhook_id }) => webhook_id));
    return new Map([...tallies].filter(([id]) => !isKnown.has(id)));
  }

  /**
   * Adds a batch of attempts, tallied by webhook, and returns the notices to send, by webhook. Every batch reads and
   * writes the rows. If a success were left out because this process remembers one, a rollback, or a failure that another
   * process records meanwhile, would lose it.
   */
  async record(
    tallies: ReadonlyMap<string, Tally>,
    context: Context & { disableAfter?: number },
  ): Promise<Map<string, Notice>> {
    const { disableAfter } = this;
    const rows = await lockedRows(this.tables, [...tallies.keys()], context.trx);
    const before = new Map(rows.map((row) => [row.webhook_id, healthOf(row)]));
    const after = new Map<string, Health>();
    const notices = new Map<string, Notice>();
    for (const [id, tally] of tallies) {
      const known = before.get(id) ?? HEALTHY;
      const { health, notice } = afterAttempts(known, tally, { disableAfter, ...context });
      after.set(id, health);
      if (notice && known.state !== 'disabled') notices.set(id, notice);
    }
    await saveAll(this.tables, after, context.trx);
    return notices;
  }

  /** The row exists: the answer that asked for the pause was just recorded. The longer of two pauses holds. */
  async park(webhookId: string, until: number, trx: Knex.Transaction): Promise<void> {
    await this.table(trx)
      .where('webhook_id', webhookId)
      .where((same) => same.whereNull('parked_until').orWhere('parked_until', '<', until))
      .update({ parked_until: until });
  }

  /** Pauses a validation whose endpoint failed at least `failures` times in a row. */
  async parkFailing(
    webhookId: string,
    failures: number,
    { until, trx }: { until: number; trx: Knex.Transaction },
  ): Promise<void> {
    await this.table(trx)
      .where('webhook_id', webhookId)
      .where('consecutive_failures', '>=', failures)
      .update({ parked_until: until });
  }

  /** True for the first caller that finds a pause of a validation over: it may check whether the endpoint is back. */
  takeProbe(webhookId: string, parkedUntil: number, until: number): Promise<boolean> {
    return this.tables.transaction(async (trx) => {
      const count = await this.table(trx)
        .where('webhook_id', webhookId)
        .where((same) =>
          parkedUntil === 0
            ? same.whereNull('parked_until').orWhere('parked_until', 0)
            : same.where('parked_until', parkedUntil),
        )
        .update({ parked_until: until });
      return count > 0;
    });
  }

  /**
   * Reserves the next `count` times at which a rate-limited webhook may be called, one every `interval` ms, across all
   * instances. Returns the first (ms).
   */
  takeSlots(
    webhookId: string,
    { count, interval, now }: { count: number; interval: number; now: number },
  ): Promise<number> {
    return this.tables.alone(async (trx) => {
      const [row] = await lockedRows(this.tables, [webhookId], trx);
      const first = Math.max(now, Number(row?.next_slot_at ?? 0));
      const next_slot_at = Math.ceil(first + count * interval);
      await this.table(trx).where('webhook_id', webhookId).update({ next_slot_at });
      return first;
    });
  }

  /** Enabling a webhook again resets its health, in the transaction that enables it. */
  async reset(webhookId: string, trx: Knex.Transaction): Promise<void> {
    await this.table(trx)
      .insert({ ...UNKNOWN, webhook_id: webhookId })
      .onConflict('webhook_id')
      .merge(UNKNOWN);
  }

  /**
   * Resets the health of enabled webhooks that are recorded as disabled: a restored database has such rows. Only those
   * that were disabled before `before` (ms), because another instance may just be disabling one.
   */
  async clearDisabled(webhookIds: readonly string[], before: number): Promise<void> {
    for (const chunk of chunksOf(webhookIds))
      await this.table()
        .whereIn('webhook_id', chunk)
        .where('state', 'disabled')
        .where('disabled_at', '<', before)
        .update(UNKNOWN);
  }

  async forget(webhookId: string): Promise<void> {
    await this.table().where('webhook_id', webhookId).delete();
  }

  private async read(find: (rows: HealthRows) => HealthRows): Promise<HealthRow[]> {
    return this.tables.read((trx) => find(this.table(trx)));
  }
}

function knownHealths(rows: readonly HealthRow[]): Map<string, KnownHealth> {
  return new Map(
    rows.map((row) => [
      row.webhook_id,
      { health: healthOf(row), parkedUntil: numberOf(row.parked_until) ?? 0 },
    ]),
  );
}

function healthOf(row: HealthRow): Health {
  return {
    state: row.state,
    consecutiveFailures: row.consecutive_failures,
    failingSince: numberOf(row.failing_since),
    lastSuccessAt: numberOf(row.last_success_at),
    disabledReason: row.disabled_reason,
    disabledAt: numberOf(row.disabled_at),
  };
}

function columnsOf(health: Health) {
  return {
    state: health.state,
    consecutive_failures: health.consecutiveFailures,
    failing_since: health.failingSince,
    last_success_at: health.lastSuccessAt,
    disabled_reason: health.disabledReason,
    disabled_at: health.disabledAt,
  };
}

const COLUMNS = Object.keys(columnsOf(HEALTHY)) as (keyof HealthRow)[];
/** The row of a webhook that was not called yet. */
const UNKNOWN = { ...columnsOf(HEALTHY), parked_until: null };

const numberOf = (moment: Moment | null): number | null =>
  moment === null ? null : Number(moment);

async function saveAll(
  tables: Tables,
  healths: ReadonlyMap<string, Health>,
  trx: Knex.Transaction,
) {
  for (const chunk of chunksOf([...healths]))
    await tables
      .health(trx)
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
  { health: table }: Tables,
  webhookIds: string[],
  trx: Knex.Transaction,
): Promise<HealthRow[]> {
  const find = async (ids: string[]): Promise<HealthRow[]> =>
    table(trx).whereIn('webhook_id', ids).orderBy('webhook_id').forUpdate();
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
