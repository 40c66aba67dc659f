/**
 * Transactions that fail where their COMMIT fails. Knex tells of a lost COMMIT by the transaction's `executionPromise`
 * alone, which Strapi does not wait for: with the database gone at that moment, a save that is nowhere would be told
 * to be saved.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';

/** Rejects if the transaction's COMMIT does; a rollback is no failure. To be asked after the commit. */
export const committed = (trx: Knex.Transaction): Promise<unknown> =>
  trx.executionPromise as Promise<unknown>;

export type Certain = <T>(work: (trx: Knex.Transaction) => Promise<T>) => Promise<T>;

/** Joins the transaction that is open, and leaves its fate to whoever opened it; opens one where there is none. */
export const createCertain =
  (strapi: Core.Strapi): Certain =>
  async <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> => {
    const isOurs = !strapi.db.inTransaction();
    let fate: Promise<unknown> = Promise.resolve();
    const result = await strapi.db.transaction(({ trx }) => {
      const transaction = trx as unknown as Knex.Transaction;
      if (isOurs) fate = committed(transaction);
      // Where the work fails, its own error is told.
      fate.catch(() => undefined);
      return work(transaction);
    });
    await fate;
    return result as T;
  };
