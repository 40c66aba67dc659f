/**
 * Configuration that every save needs, kept in memory. A process looks at its version several times a second, and reads
 * the configuration again if it changed. A change made here counts at once, one made by another instance within a second.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { isInTransaction, joinTransaction } from '../strapi/database.service';

/** How often a process looks (ms). */
const LOOK_MS = 400;
/** A look is good for so long (ms). Only a process or a database that was held up looks more rarely. */
const FRESH_MS = 1000;
/** After this time (ms) everything is read again: somebody may have written past Strapi, or restored a database. */
const OLDEST_MS = 30_000;

/** `at`: when it began. `change`: how many changes this process had made until then. */
type Look = { version: string; at: number; change: number };
type Kept<T> = { value: T; look: Look; loadedAt: number };
type Loading<T> = { look: Look; value: Promise<T> };

type Options = {
  strapi: Core.Strapi;
  /** The version of the configuration, as the transaction sees it, or as it is committed. */
  version(trx?: Knex.Transaction): Promise<string>;
};

export function createFresh({ strapi, version }: Options) {
  let change = 0;
  let looking: Promise<Look> | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  /** Called with each look. */
  const followers: ((look: Look) => void)[] = [];
  /** Transactions with a change that nobody else may see yet. */
  const changing = new WeakSet<Knex.Transaction>();

  const isFresh = (look: Look) => look.change === change && performance.now() - look.at < FRESH_MS;

  // The version is read before the configuration: a change in between is noticed by the next look.
  async function lookIn(trx?: Knex.Transaction): Promise<Look> {
    const begun = { at: performance.now(), change };
    return { ...begun, version: await version(trx) };
  }

  async function lookForAll(): Promise<Look> {
    lookedAt = performance.now();
    const look = await lookIn();
    for (const follow of followers) follow(look);
    return look;
  }

  /** One look at a time, for all who ask meanwhile. */
  function look(): Promise<Look> {
    const current = (looking ??= lookForAll().finally(() => {
      if (looking === current) looking = null;
    }));
    return current;
  }

  function drop(): void {
    change += 1;
    looking = null;
  }

  function keep<T>(load: () => Promise<T>) {
    let kept: Kept<T> | null = null;
    let loading: Loading<T> | null = null;
    const ofTransactions = new WeakMap<Knex.Transaction, Omit<Kept<T>, 'loadedAt'>>();

    /** What is known, if a look finds that it is still true. */
    function confirmed(look: Look): Kept<T> | null {
      const isTrue = kept !== null && isSame(kept.look, look);
      return isTrue && look.at - (kept as Kept<T>).loadedAt < OLDEST_MS ? kept : null;
    }

    async function reload(look: Look): Promise<T> {
      const value = await load();
      if (look.change === change) kept = { value, look, loadedAt: look.at };
      return value;
    }

    /** As of a look, or later. */
    async function valueAt(look: Look): Promise<T> {
      const known = confirmed(look);
      if (known) {
        if (look.at > known.look.at) known.look = look;
        return known.value;
      }
      if (loading && isSame(loading.look, look)) return loading.value;
      const current = { look, value: reload(look) };
      loading = current;
      return current.value.finally(() => {
        if (loading === current) loading = null;
      });
    }

    /** SQLite has one connection: the transaction that holds it must not wait for a query outside of it. */
    async function valueIn(trx: Knex.Transaction): Promise<T> {
      const isOwn = changing.has(trx);
      if (!isOwn && kept && isFresh(kept.look)) return kept.value;
      const known = ofTransactions.get(trx);
      if (known && isFresh(known.look)) return known.value;
      const look = await lookIn(trx);
      const shared = isOwn ? null : confirmed(look);
      const value = shared ? shared.value : await load();
      ofTransactions.set(trx, { value, look });
      return value;
    }

    followers.push((look) => {
      // An error here is ignored: the next caller of `get` reads again, and gets the error if it persists.
      if (kept) valueAt(look).catch(() => undefined);
    });

    return {
      /** At most a second old. */
      get: async (): Promise<T> => {
        if (isInTransaction(strapi)) return joinTransaction(strapi, valueIn);
        return kept && isFresh(kept.look) ? kept.value : valueAt(await look());
      },
      /** As of now. The same value as before if nothing changed. */
      renewed: async (): Promise<T> => valueAt(await look()),
    };
  }

  return {
    keep,
    /** Something was changed here. It counts at once in the open transaction, and for all others after its commit. */
    forget: (): void => {
      drop();
      if (!isInTransaction(strapi)) return;
      void joinTransaction(strapi, async (trx, onCommit) => {
        changing.add(trx);
        onCommit(drop);
      });
    },
    start: (): void => {
      // A timer may ring a little early. Counted exactly, its own last look would make it leave out every second one.
      const lookIfNobodyDid = () => {
        if (performance.now() - lookedAt >= 0.9 * LOOK_MS) look().catch(() => undefined);
      };
      timer = setInterval(lookIfNobodyDid, LOOK_MS).unref();
    },
    stop: (): void => clearInterval(timer),
  };
}

export type Fresh = ReturnType<typeof createFresh>;

function isSame(one: Look, other: Look): boolean {
  return one.version === other.version && one.change === other.change;
}
