/**
 * Configuration that every save asks for, kept in memory for a moment: a change made here is seen at once, one made by
 * another instance within that moment.
 */
import type { Core } from '@strapi/strapi';

/** Half of the second within which a change made elsewhere must count: the other half is for whoever asks now and then. */
const FRESH_MS = 500;

type Options<T> = { strapi: Core.Strapi; load(): Promise<T>; none: T };

export const createFresh = <T>({ strapi, load, none }: Options<T>) => {
  let known: T = none;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<T> | null = null;
  let changes = 0;

  const reload = async (): Promise<T> => {
    const startedAt = performance.now();
    const changesBefore = changes;
    const loaded = await load();
    if (changes === changesBefore) {
      known = loaded;
      loadedAt = startedAt;
    }
    return loaded;
  };

  /** At most half a second old. */
  const get = async (): Promise<T> => {
    if (performance.now() - loadedAt < FRESH_MS) return known;
    // SQLite has one connection: who holds it in a transaction must not wait for another's query.
    if (strapi.db.inTransaction()) return reload();
    const current = (loading ??= reload().finally(() => {
      if (loading === current) loading = null;
    }));
    return current;
  };

  /** What is known is known no longer. */
  const forget = () => {
    changes += 1;
    loadedAt = Number.NEGATIVE_INFINITY;
    loading = null;
  };

  /** Read anew, for all who ask within the next moment. */
  const renewed = (): Promise<T> => {
    loadedAt = Number.NEGATIVE_INFINITY;
    return get();
  };

  return { get, renewed, forget };
};
