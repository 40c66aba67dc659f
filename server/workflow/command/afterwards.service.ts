/**
 * Records that no transaction takes back. A record that cannot be stored is logged, and fails nothing: what happened, a
 * refusal for instance, is still what the caller reports.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '@strapi/strapi';

type Work = () => Promise<void>;

export const createAfterwards = (strapi: Core.Strapi) => {
  // As it was when the app started: in no request, and in no transaction.
  const outside = AsyncLocalStorage.snapshot();

  const logged = (work: Work): Promise<void> =>
    work().catch((error: Error) => {
      strapi.log.error(
        `workflow-webhooks: what validations answered could not be recorded: ${error.stack}`,
      );
    });

  /** Nobody waits for it, and it runs once, however often it is called. */
  const aside = (work: Work) => {
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      outside(() => setImmediate(() => void logged(work)));
    };
  };

  /** At once, or when the transaction that is open has ended, one way or the other. */
  const always = async (work: Work): Promise<void> => {
    if (!strapi.db.inTransaction()) return logged(work);
    await strapi.db.transaction(async ({ onCommit, onRollback }) => {
      const later = aside(work);
      onRollback(later);
      onCommit(later);
    });
  };

  const ifRolledBack = async (work: Work): Promise<void> => {
    await strapi.db.transaction(async ({ onRollback }) => onRollback(aside(work)));
  };

  return { always, ifRolledBack, aside: (work: Work) => aside(work)() };
};

export type Afterwards = ReturnType<typeof createAfterwards>;
