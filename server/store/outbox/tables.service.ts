/** The outbox's tables through raw knex: the dispatcher's statements are its own, and must not join an editor's transaction. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Dialect } from '../dialect';
import { TABLES } from './models';
import type { AttemptRow, DeliveryRow, EventPartRow, EventRow } from './rows';

/** PostgreSQL takes values of 1 GB, SQLite of 2 GB; no body is larger than this. */
const MOST_STATEMENT_BYTES = 256_000_000;

export const createTables = (strapi: Core.Strapi) => {
  const knex = strapi.db.connection;
  const schema = strapi.db.getSchemaName();
  const on = <Row extends object>(
    name: string | Record<string, string>,
    trx?: Knex.Transaction,
  ): Knex.QueryBuilder<Row> => {
    const query = (trx ?? knex)<Row>(name as string);
    return (schema ? query.withSchema(schema) : query) as unknown as Knex.QueryBuilder<Row>;
  };
  const dialect = strapi.db.dialect.client as Dialect;
  // InnoDB's default also locks the gaps between the rows of an index; the inserts of an editor's save would wait
  // there for a dispatcher's claim, and now and then be the ones that InnoDB breaks a deadlock with.
  const settings = dialect === 'mysql' ? { isolationLevel: 'read committed' as const } : undefined;
  let statementBytes: number | null = null;
  return {
    dialect,
    /** How many bytes a statement may have: MySQL and MariaDB break the connection at `max_allowed_packet`. */
    statementBytes: async (trx?: Knex.Transaction): Promise<number> => {
      if (dialect !== 'mysql') return MOST_STATEMENT_BYTES;
      if (statementBytes !== null) return statementBytes;
      const [[found]] = (await (trx ?? knex).raw('select @@max_allowed_packet as bytes')) as [
        [{ bytes: number | string }],
      ];
      statementBytes = Math.min(Math.floor(Number(found.bytes) * 0.95), MOST_STATEMENT_BYTES);
      return statementBytes;
    },
    events: (trx?: Knex.Transaction) => on<EventRow>(TABLES.events, trx),
    eventParts: (trx?: Knex.Transaction) => on<EventPartRow>(TABLES.eventParts, trx),
    deliveries: (trx?: Knex.Transaction) => on<DeliveryRow>(TABLES.deliveries, trx),
    /** The same under another name, to be compared with itself. */
    otherDeliveries: (alias: string, trx?: Knex.Transaction) =>
      on<DeliveryRow>({ [alias]: TABLES.deliveries }, trx),
    /** The rows of another query, under a name. */
    among: (rows: Knex.QueryBuilder, alias: string, trx?: Knex.Transaction) =>
      (trx ?? knex).queryBuilder().from(rows.as(alias) as never) as Knex.QueryBuilder<DeliveryRow>,
    attempts: (trx?: Knex.Transaction) => on<AttemptRow>(TABLES.attempts, trx),
    raw: knex.raw.bind(knex),
    /** Several queries of one value each, answered as one row. */
    together: (queries: Knex.QueryBuilder[]) =>
      knex
        .queryBuilder()
        .select(...queries)
        .first(),
    /** A transaction of the dispatcher's own, outside Strapi's. */
    transaction: <T>(work: (trx: Knex.Transaction) => Promise<T>) =>
      knex.transaction(work, settings),
  };
};

export type Tables = ReturnType<typeof createTables>;
