/** What a workflow itself does to a document, its own gate lets through: that action on that document, and no other. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Place } from '../../strapi/model/place';

export type Pass = Place & { action: string };

type Call = {
  action: string;
  uid: string;
  params: { documentId?: string; locale?: string | string[] | null };
};

export const createPasses = () => {
  const open = new AsyncLocalStorage<Pass>();
  return {
    run: <T>(pass: Pass, work: () => Promise<T>): Promise<T> => open.run(pass, work),
    isOpenFor: ({ action, uid, params }: Call): boolean => {
      const pass = open.getStore();
      return (
        pass?.action === action &&
        pass.uid === uid &&
        pass.documentId === params.documentId &&
        pass.locale === (params.locale ?? null)
      );
    },
  };
};

export type Passes = ReturnType<typeof createPasses>;
