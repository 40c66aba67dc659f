/** The outbox's tables through raw knex: the dispatcher's statements are its own, and must not join an editor's transaction. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { TABLES } from './models';
import type { AttemptRow, DeliveryRow, EventRow } from './rows';

export type Dialect = 'sqlite' | 'postgres' | 'mysql';

export const createTables = (strapi: Core.Strapi) => {
  const knex = strapi.db.connection;
  const schema = strapi.db.getSchemaName();
  const on = <Row extends object>(name: string, trx?: Knex.Transaction): Knex.QueryBuilder<Row> => {
    const query = (trx ?? knex)<Row>(name);
    return (schema ? query.withSchema(schema) : query) as unknown as Knex.QueryBuilder<Row>;
  };
  return {
    dialect: strapi.db.dialect.client as Dialect,
    events: (trx?: Knex.Transaction) => on<EventRow>(TABLES.events, trx),
    deliveries: (trx?: Knex.Transaction) => on<DeliveryRow>(TABLES.deliveries, trx),
    attempts: (trx?: Knex.Transaction) => on<AttemptRow>(TABLES.attempts, trx),
    /** A transaction of the dispatcher's own, outside Strapi's. */
    transaction: <T>(work: (trx: Knex.Transaction) => Promise<T>) => knex.transaction(work),
  };
};

export type Tables = ReturnType<typeof createTables>;

/** Rows a statement takes at once: below every database's limit of bound values. */
export const CHUNK = 200;

export const chunksOf = <T>(items: readonly T[], size = CHUNK): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
