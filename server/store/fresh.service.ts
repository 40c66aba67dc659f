/**
 * Configuration that every save needs, kept in memory for a moment: a change made here is seen at once, one made by
 * another instance within that moment.
 */
import type { Core } from '@strapi/strapi';
import { isInTransaction, joinTransaction } from '../strapi/database.service';

/** Half of the second within which a change made elsewhere must count; the other half is for what reads it rarely. */
const FRESH_MS = 500;

type Options<T> = { strapi: Core.Strapi; load(): Promise<T>; none: T };
type Loaded<T> = { value: T; at: number; change: number };

export function createFresh<T>({ strapi, load, none }: Options<T>) {
  let shared: Loaded<T> = { value: none, at: Number.NEGATIVE_INFINITY, change: 0 };
  let loading: Promise<T> | null = null;
  let change = 0;
  /** By transaction, which may read what is uncommitted, or older than what is committed: nobody else may use that. */
  const ofTransactions = new WeakMap<object, Loaded<T>>();

  const isFresh = (loaded: Loaded<T>) =>
    loaded.change === change && performance.now() - loaded.at < FRESH_MS;

  const loaded = async (): Promise<Loaded<T>> => {
    const start = { at: performance.now(), change };
    return { ...start, value: await load() };
  };

  const loadIn = async (trx: object): Promise<T> => {
    const known = ofTransactions.get(trx);
    if (known && isFresh(known)) return known.value;
    const found = await loaded();
    ofTransactions.set(trx, found);
    return found.value;
  };

  const reload = async (): Promise<T> => {
    const found = await loaded();
    if (found.change === change) shared = found;
    return found.value;
  };

  /** At most half a second old. */
  const get = async (): Promise<T> => {
    if (isFresh(shared)) return shared.value;
    // SQLite has one connection: the transaction that holds it must not wait for another's query.
    if (isInTransaction(strapi)) return joinTransaction(strapi, loadIn);
    const current = (loading ??= reload().finally(() => {
      if (loading === current) loading = null;
    }));
    return current;
  };

  const drop = () => {
    change += 1;
    loading = null;
  };

  /** Drops what is known: at once, and again when the transaction that changed it is committed. */
  const forget = () => {
    drop();
    if (isInTransaction(strapi))
      void joinTransaction(strapi, async (_trx, onCommit) => onCommit(drop));
  };

  /** Read anew, for all who ask within the next moment. */
  const renewed = (): Promise<T> => {
    shared = { ...shared, at: Number.NEGATIVE_INFINITY };
    return get();
  };

  return { get, renewed, forget };
}
