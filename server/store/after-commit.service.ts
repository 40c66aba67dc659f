/** Work that waits for a commit. What is rolled back never happened: nothing in memory, and no log line, may say that it did. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';

export type AfterCommit = (trx: Knex.Transaction, work: () => void) => Promise<void>;

/** The dispatcher's transactions are knex's own, all others Strapi's. `work` must not throw: nobody would catch it. */
export const createAfterCommit =
  (strapi: Core.Strapi): AfterCommit =>
  async (trx, work) => {
    if (strapi.db.inTransaction()) {
      await strapi.db.transaction(async ({ onCommit }) => onCommit(work));
      return;
    }
    trx.executionPromise.then(work, () => undefined);
  };
