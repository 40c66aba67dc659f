/** Every difference between the databases that Strapi runs on. No other file depends on which one this is. */
import type { Knex } from 'knex';

type Dialect = 'sqlite' | 'postgres' | 'mysql';

/** As much as is needed of `strapi.db`. */
export type Database = { dialect: { client: string } };

function isDialect(database: Database, dialect: Dialect): boolean {
  return database.dialect.client === dialect;
}

/**
 * Milliseconds since 1970, without any local time in between: in the hour that the end of summer time repeats,
 * `unix_timestamp(now())` of MySQL and MariaDB is an hour off.
 */
export const NOW_SQL: Record<Dialect, string> = {
  sqlite: "select cast((julianday('now') - 2440587.5) * 86400000 as integer) as at",
  postgres: 'select (extract(epoch from clock_timestamp()) * 1000)::bigint as at',
  mysql: "select timestampdiff(microsecond, '1970-01-01', utc_timestamp(3)) div 1000 as at",
};

/** The database's time in milliseconds since 1970. */
export async function readTime(database: Database & { connection: Knex }): Promise<number> {
  const answer = await database.connection.raw(NOW_SQL[database.dialect.client as Dialect]);
  return Number(rowsOfRaw(database, answer)[0]?.at);
}

/** The rows of a raw statement: what `raw` answers is the driver's own. */
export function rowsOfRaw(database: Database, answer: unknown): Record<string, unknown>[] {
  if (isDialect(database, 'postgres')) return (answer as { rows: Record<string, unknown>[] }).rows;
  const rows = isDialect(database, 'mysql') ? (answer as unknown[])[0] : answer;
  return rows as Record<string, unknown>[];
}

/** SQLite serves one process over one connection: nothing comes between its statements, and it locks no rows. */
export function hasOneWriter(database: Database): boolean {
  return isDialect(database, 'sqlite');
}

/** MySQL and MariaDB return neither the rows of an update nor the ids of several inserted rows, only that of one. */
export function returnsRows(database: Database): boolean {
  return !isDialect(database, 'mysql');
}

/** InnoDB locks the gaps between the rows of every index but the primary key's. */
export function locksGaps(database: Database): boolean {
  return isDialect(database, 'mysql');
}

/** MySQL and MariaDB read one entry of an index for each group of its first columns; the others read all entries. */
export function skipsWithinGroups(database: Database): boolean {
  return isDialect(database, 'mysql');
}

/** Locks the rows that the query finds, and leaves out those that another transaction has locked. */
export function skippingLocked<Query extends Knex.QueryBuilder>(
  database: Database,
  rows: Query,
): Query {
  if (!hasOneWriter(database)) rows.forUpdate().skipLocked();
  return rows;
}

/**
 * Only rows whose ids the subquery finds. For a table without statistics PostgreSQL expects a single row, and would run the
 * subquery of an `in` again for every row: a claim of 450 rows took 20 s. It runs the subquery of an array once.
 */
export function withIdsOf<Query extends Knex.QueryBuilder>(
  database: Database,
  rows: Query,
  ids: Knex.QueryBuilder,
): Query {
  if (isDialect(database, 'postgres')) rows.whereRaw('?? = any(array(?))', ['id', ids]);
  else rows.whereIn('id', ids);
  return rows;
}

/**
 * With InnoDB's default, a dispatcher's claim also locks the gaps between rows. An editor's save that inserts there waits,
 * and is sometimes the one that InnoDB ends to break a deadlock.
 */
export function dispatchSettings(database: Database): Knex.TransactionConfig {
  return locksGaps(database) ? { isolationLevel: 'read committed' } : {};
}

/** PostgreSQL takes values of 1 GB, SQLite of 2 GB; no body is larger than this. */
const MOST_STATEMENT_BYTES = 256_000_000;

/** How many bytes a statement may have: MySQL and MariaDB close the connection at `max_allowed_packet`. */
export async function readStatementBytes(database: Database, knex: Knex): Promise<number> {
  if (!isDialect(database, 'mysql')) return MOST_STATEMENT_BYTES;
  const answer: unknown = await knex.raw('select @@max_allowed_packet as bytes');
  const bytes = Number(rowsOfRaw(database, answer)[0]?.bytes);
  return Math.min(Math.floor(bytes * 0.95), MOST_STATEMENT_BYTES);
}

/** Deadlock and serialization failure of PostgreSQL, deadlock of MySQL: the one of two statements that was undone. */
const UNDONE: ReadonlySet<unknown> = new Set(['40P01', '40001', 'ER_LOCK_DEADLOCK']);
const TRIES = 5;

/**
 * Runs a statement, or a transaction inside no other, again if the database undid it because of another: two processes
 * that work on the same rows may lock each other out.
 */
export async function persistently<T>(run: () => PromiseLike<T>): Promise<T> {
  for (let time = 1; ; time += 1) {
    try {
      return await run();
    } catch (error) {
      const { code } = (error ?? {}) as { code?: unknown };
      if (time === TRIES || !UNDONE.has(code)) throw error;
    }
  }
}
