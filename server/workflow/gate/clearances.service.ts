/**
 * The publication that the gate has let through. Only its own rows may be written as published: the document, in the
 * locales that were checked, and nothing else that lifecycles write meanwhile.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Locales } from '../../strapi/documents.service';

type Clearance = {
  uid: string;
  /** Undefined for a document that the action itself creates. */
  documentId: string | undefined;
  locale: string | string[] | null | undefined;
};

export type Row = { documentId?: unknown; locale?: unknown };

export const createClearances = (locales: Locales) => {
  const current = new AsyncLocalStorage<Clearance & { created: Set<unknown> }>();

  const run = <T>({ uid, documentId, locale }: Clearance, work: () => Promise<T>): Promise<T> =>
    current.run({ uid, documentId, locale, created: new Set() }, work);

  /** A document that the publication creates: Strapi chooses its id. */
  const noteCreated = (uid: string, documentId: unknown) => {
    const cleared = current.getStore();
    if (cleared?.uid === uid && cleared.documentId === undefined) cleared.created.add(documentId);
  };

  const covers = async (uid: string, { documentId, locale }: Row): Promise<boolean> => {
    const cleared = current.getStore();
    if (cleared?.uid !== uid || typeof documentId !== 'string') return false;
    if (cleared.documentId !== documentId && !cleared.created.has(documentId)) return false;
    const chosen = await locales.many(uid, cleared.locale);
    return chosen === undefined || chosen.includes(locale as string);
  };

  /** Whether rows of this type may be written as published at all. */
  const isOpenFor = (uid: string) => current.getStore()?.uid === uid;

  return { run, noteCreated, covers, isOpenFor };
};

export type Clearances = ReturnType<typeof createClearances>;
