/** The table of healths through knex, as this instance and all others read and write it. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { persistently } from './dialect';
import { createTables } from './tables.service';
import type { Health } from './health';
import { TABLES } from './models';

type Moment = number | string | null;
export type HealthRow = {
  webhook_id: string;
  state: Health['state'];
  consecutive_failures: number;
  failing_since: Moment;
  last_success_at: Moment;
  disabled_reason: string | null;
  disabled_at: Moment;
  parked_until: Moment;
  next_slot_at: Moment;
};

/** Big integers arrive as text from PostgreSQL and MySQL. */
export const number = (moment: Moment) => (moment === null ? null : Number(moment));

export const createHealthTable = (strapi: Core.Strapi) => {
  const { transaction } = createTables(strapi);
  const table = (trx?: Knex.Transaction) => {
    const schema = strapi.db.getSchemaName();
    const query = (trx ?? strapi.db.connection)<HealthRow>(TABLES.health);
    return (schema ? query.withSchema(schema) : query) as unknown as Knex.QueryBuilder<HealthRow>;
  };
  /** In the transaction that is open, since SQLite has no second connection; in one of its own otherwise. */
  const joined = <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
    strapi.db.transaction(({ trx }) => work(trx as unknown as Knex.Transaction)) as Promise<T>;
  /** In a transaction of its own, outside Strapi's, and once more where another's took the same rows. */
  const alone = <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
    persistently(() => transaction(work));
  /** The same as `joined` for a read, which needs no transaction of its own. */
  const read = async (
    find: (rows: Knex.QueryBuilder<HealthRow>) => Knex.QueryBuilder<HealthRow>,
  ): Promise<HealthRow[]> =>
    (strapi.db.inTransaction()
      ? await joined((trx) => find(table(trx)))
      : await find(table())) as unknown as HealthRow[];
  return { table, joined, alone, read };
};

export type HealthTable = ReturnType<typeof createHealthTable>;
