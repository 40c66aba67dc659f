/**
 * The capture's statements as text, built once: for knex to build one takes the processor longer than for SQLite to run
 * it, and a save may need twenty.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { rowsOfRaw } from '../store/dialect';

export type Raw = Record<string, unknown>;
type Value = string | number;

export type Statement = {
  /** Tells it from every other statement, but for its values. */
  key: string;
  /** What is bound, in the order of the text. */
  values: readonly Value[];
  build(): Knex.QueryBuilder;
};

/** The texts of statements about many rows differ by how many, and are not worth keeping. */
const MOST_VALUES = 12;

export const createStatements = (strapi: Core.Strapi) => {
  const texts = new Map<string, string>();

  const textOf = ({ key, values, build }: Statement): string => {
    const name = `${key} ${values.length}`;
    const text = texts.get(name) ?? build().toSQL().sql;
    texts.set(name, text);
    return text;
  };

  const select = async (trx: Knex.Transaction, statement: Statement): Promise<Raw[]> =>
    statement.values.length > MOST_VALUES
      ? ((await statement.build()) as Raw[])
      : rowsOfRaw(strapi.db, await trx.raw(textOf(statement), [...statement.values]));

  /** A query on one of Strapi's tables. */
  const from = (trx: Knex.Transaction, table: string): Knex.QueryBuilder => {
    const schema = strapi.db.getSchemaName();
    const query = trx(table);
    return (schema ? query.withSchema(schema) : query) as Knex.QueryBuilder;
  };

  return { select, from };
};

export type Statements = ReturnType<typeof createStatements>;
