/** The one way to the plugin's own tables: knex with typed rows, in the database's schema. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { PLUGIN_ID } from '../contract/names';
import { isInTransaction, joinTransaction, rowsOf } from '../strapi/database.service';
import { dispatchSettings, persistently, readStatementBytes } from './dialect';
import type { Health } from './health';
import { TABLES } from './models';
import type { AttemptRow, DeliveryRow, EventPartRow, EventRow, Moment } from './outbox/rows';

export type HealthRow = {
  webhook_id: string;
  state: Health['state'];
  consecutive_failures: number;
  failing_since: Moment | null;
  last_success_at: Moment | null;
  disabled_reason: string | null;
  disabled_at: Moment | null;
  parked_until: Moment | null;
  next_slot_at: Moment | null;
};

export function createTables(strapi: Core.Strapi) {
  const { db } = strapi;
  const knex = db.connection;
  const schema = db.getSchemaName();
  let statementBytes: number | null = null;

  function rowsIn<Row extends object>(
    table: string | Record<string, string>,
    trx: Knex = knex,
  ): Knex.QueryBuilder<Row> {
    const query = trx<Row>(table as string);
    return schema ? query.withSchema(schema) : query;
  }

  return {
    database: db,
    raw: knex.raw.bind(knex),
    events: (trx?: Knex) => rowsIn<EventRow>(TABLES.events, trx),
    eventParts: (trx?: Knex) => rowsIn<EventPartRow>(TABLES.eventParts, trx),
    deliveries: (trx?: Knex) => rowsIn<DeliveryRow>(TABLES.deliveries, trx),
    /** The same under another name, to be compared with itself. */
    otherDeliveries: (alias: string, trx?: Knex) =>
      rowsIn<DeliveryRow>({ [alias]: TABLES.deliveries }, trx),
    attempts: (trx?: Knex) => rowsIn<AttemptRow>(TABLES.attempts, trx),
    health: (trx?: Knex) => rowsIn<HealthRow>(TABLES.health, trx),
    changes: (trx?: Knex) => rowsIn<{ id: number; at: Moment }>(TABLES.changes, trx),
    /** A table of the plugin by the name of its model, always in the open transaction. */
    on:
      <Row extends object>(name: string) =>
      (trx: Knex.Transaction): Knex.QueryBuilder<Row> =>
        rowsIn<Row>(db.metadata.get(`plugin::${PLUGIN_ID}.${name}`).tableName, trx),
    /** The table of any content type, for statements about several tables. */
    tableOf: (uid: string): string => {
      const { tableName } = db.metadata.get(uid);
      return schema ? `${schema}.${tableName}` : tableName;
    },
    /** The rows of another query, under a name. */
    among: (
      rows: Knex.QueryBuilder<DeliveryRow>,
      alias: string,
      trx: Knex = knex,
    ): Knex.QueryBuilder<DeliveryRow> =>
      trx.queryBuilder<DeliveryRow>().from<DeliveryRow>(rows.as(alias)),
    /** What a query's own `with` calls so. */
    named: (name: string): Knex.QueryBuilder<DeliveryRow> =>
      knex.queryBuilder().from<DeliveryRow>(name),
    /** Several queries of one value each, answered as one row. */
    together: async <Value>(queries: Knex.QueryBuilder[]): Promise<Record<string, Value | null>> =>
      knex
        .queryBuilder()
        .select(...queries)
        .first(),
    /** How many bytes a statement may have. */
    statementBytes: async (trx: Knex = knex): Promise<number> =>
      (statementBytes ??= await readStatementBytes(db, trx)),
    /** Joins the open transaction, or opens one. */
    transaction: <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
      joinTransaction(strapi, work),
    /** Reads in the open transaction, because SQLite has no second connection; otherwise in none. */
    read: <T>(work: (trx?: Knex.Transaction) => PromiseLike<T>): PromiseLike<T> =>
      isInTransaction(strapi) ? joinTransaction(strapi, async (trx) => work(trx)) : work(),
    /** A transaction of the dispatcher's own, outside Strapi's: it must not join an editor's. */
    separately: <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
      knex.transaction(work, dispatchSettings(db)),
    /** The same, and again if the database undid it because of another transaction: two may lock each other out. */
    alone: <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
      persistently(() => knex.transaction(work, dispatchSettings(db))),
    /** Whether there is such a row. Joins the open transaction, and opens none. */
    hasAny: async (name: string, where: object): Promise<boolean> =>
      (await rowsOf(strapi, `plugin::${PLUGIN_ID}.${name}`).findOne({ select: ['id'], where })) !==
      null,
  };
}

export type Tables = ReturnType<typeof createTables>;
