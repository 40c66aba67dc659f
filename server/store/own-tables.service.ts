/** The tables of our content types through knex, always in the transaction that is open, so that states and content go together. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { PLUGIN_ID } from '../contract/names';
import { createCertain } from './certain.service';
import type { Dialect } from './dialect';

export const createOwnTables = (strapi: Core.Strapi) => {
  const on =
    <Row extends object>(name: string) =>
    (trx: Knex.Transaction): Knex.QueryBuilder<Row> => {
      const { tableName } = strapi.db.metadata.get(`plugin::${PLUGIN_ID}.${name}`);
      const schema = strapi.db.getSchemaName();
      const query = trx<Row>(tableName);
      return (schema ? query.withSchema(schema) : query) as unknown as Knex.QueryBuilder<Row>;
    };
  return {
    dialect: strapi.db.dialect.client as Dialect,
    on,
    /** Joins the transaction that is open, and opens one where there is none. */
    transaction: createCertain(strapi),
    /** Whether there is such a row. Joins the transaction that is open, and opens none. */
    hasAny: async (name: string, where: object): Promise<boolean> => {
      const wish = { select: ['id'], where } as Record<string, unknown>;
      return (await strapi.db.query(`plugin::${PLUGIN_ID}.${name}`).findOne(wish)) !== null;
    },
    /** The table of a content type, for statements that speak of both. */
    tableOf: (uid: string): string => {
      const { tableName } = strapi.db.metadata.get(uid);
      const schema = strapi.db.getSchemaName();
      return schema ? `${schema}.${tableName}` : tableName;
    },
  };
};

export type OwnTables = ReturnType<typeof createOwnTables>;
