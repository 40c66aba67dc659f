/** The table of healths, as this instance and all others read and write it. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { persistently } from './dialect';
import type { Moment } from './outbox/rows';
import { createTables, type HealthRow } from './tables.service';

export type { HealthRow };

type HealthRows = Knex.QueryBuilder<HealthRow>;

/** Big integers arrive as text from PostgreSQL and MySQL. */
export function number(moment: Moment | null): number | null {
  return moment === null ? null : Number(moment);
}

export function createHealthTable(strapi: Core.Strapi) {
  const { health: table, read, separately, transaction } = createTables(strapi);
  return {
    table,
    /** In the transaction that is open, since SQLite has no second connection; in one of its own otherwise. */
    joined: transaction,
    /** In a transaction of its own, outside Strapi's, and again where the database undid it because of another. */
    alone: <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
      persistently(() => separately(work)),
    read: async (find: (rows: HealthRows) => HealthRows): Promise<HealthRow[]> =>
      read((trx) => find(table(trx))),
  };
}

export type HealthTable = ReturnType<typeof createHealthTable>;
