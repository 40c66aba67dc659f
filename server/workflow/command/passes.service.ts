/** What a workflow itself does to a document, its own gate lets through: that document and no other. */
import { AsyncLocalStorage } from 'node:async_hooks';

type Document = { uid: string; documentId: string };

export const createPasses = () => {
  const open = new AsyncLocalStorage<Document>();
  return {
    run: <T>({ uid, documentId }: Document, work: () => Promise<T>): Promise<T> =>
      open.run({ uid, documentId }, work),
    isOpenFor: (uid: string, documentId: string | undefined): boolean => {
      const pass = open.getStore();
      return pass?.uid === uid && pass.documentId === documentId;
    },
  };
};

export type Passes = ReturnType<typeof createPasses>;
