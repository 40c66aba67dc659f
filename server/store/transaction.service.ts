/** Strapi's transactions: joined or opened, known to be committed, and work that waits for the commit. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { isInTransaction, joinTransaction } from '../strapi/database.service';

export type InTransaction = <T>(work: (trx: Knex.Transaction) => Promise<T>) => Promise<T>;
export type AfterCommit = (trx: Knex.Transaction, work: () => void) => Promise<void>;

/**
 * Joins the transaction that is open, and leaves its end to the one who opened it; opens one where there is none, and
 * then rejects where its COMMIT fails. Strapi does not wait for that: with the database gone at that moment, a save that
 * is stored nowhere would be reported as saved.
 */
export function createInTransaction(strapi: Core.Strapi): InTransaction {
  return async <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> => {
    const isOurs = !isInTransaction(strapi);
    let commit: Promise<unknown> = Promise.resolve();
    const result = await joinTransaction(strapi, (trx) => {
      if (isOurs) commit = committed(trx);
      // Where the work fails, its own error is reported.
      commit.catch(() => undefined);
      return work(trx);
    });
    await commit;
    return result;
  };
}

/** Rejects if the transaction's COMMIT does; a rollback is no failure. To be asked after the commit. */
export function committed(trx: Knex.Transaction): Promise<unknown> {
  return trx.executionPromise;
}

/**
 * What is rolled back never happened: nothing in memory, and no log line, may say that it did. The dispatcher's
 * transactions are knex's own, all others Strapi's. `work` must not throw: nobody would catch it.
 */
export function createAfterCommit(strapi: Core.Strapi): AfterCommit {
  return async (trx, work) => {
    if (isInTransaction(strapi)) {
      await joinTransaction(strapi, async (_trx, onCommit) => onCommit(work));
      return;
    }
    trx.executionPromise.then(work, () => undefined);
  };
}
