/** Gathers settled attempts for a moment and records them together: one transaction for many endpoints' answers. */

/**
 * Each transaction waits for the disk, so steady traffic is gathered: long enough for a crowd, too short to matter to a
 * lease or to whoever reads the log. What a crash takes with it is sent again, with the same id.
 */
const GATHER_MS = 100;
const CROWD = 250;
const LARGEST = 1000;
/** How long to wait after an error: twice as long each time, up to the longest. */
const RETRY_MS = 500;
const LONGEST_RETRY_MS = 5000;

type Options<Item> = {
  write(items: Item[]): Promise<void>;
  /** The item with as little as can be recorded of it. */
  reduced(item: Item): Item;
  onError(error: unknown): void;
};

/** A full disk, in the words of SQLite, PostgreSQL and MySQL. */
const FULL: ReadonlySet<unknown> = new Set([
  'SQLITE_FULL',
  '53100',
  'ER_DISK_FULL',
  'ER_RECORD_FILE_FULL',
]);

/** No row can be written now: the disk is full, or there is no connection, for which Knex waits a minute each time. */
const isForAll = (error: unknown) =>
  error instanceof Error &&
  (error.name === 'KnexTimeoutError' || FULL.has((error as { code?: unknown }).code));

export const createSettleQueue = <Item>({ write, reduced, onError }: Options<Item>) => {
  let waiting: Item[] = [];
  let size = LARGEST;
  let retry = RETRY_MS;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;

  /**
   * Halves a batch that failed until what cannot be written is alone, and then records that without what it need not have:
   * an attempt that is never recorded is made again after each lease. Answers what is still to be written. That is all of
   * it where not even one reduced item can be written: then the database takes nothing.
   */
  const writeHalves = async (batch: Item[]): Promise<Item[]> => {
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      await write([reduced(only)]);
      return [];
    }
    const middle = Math.ceil(batch.length / 2);
    const halves = [batch.slice(0, middle), batch.slice(middle)];
    const left: Item[] = [];
    for (const half of halves) {
      if (left.length > 0) left.push(...half);
      else left.push(...(await leftOf(half)));
    }
    return left;
  };

  const leftOf = async (batch: Item[]): Promise<Item[]> => {
    try {
      await write(batch);
      return [];
    } catch (error) {
      if (isForAll(error)) return batch;
      return writeHalves(batch).catch(() => batch);
    }
  };

  /**
   * Nothing is lost on an error: kept here, it is written when the database is back; and if the process ends
   * before, the lease ends too and the delivery is sent again. What could not be written comes last, in ever smaller
   * batches, so that everything else passes it.
   */
  const writeOnce = async () => {
    const batch = waiting.slice(0, size);
    waiting = waiting.slice(size);
    try {
      await write(batch);
      size = Math.min(size * 2, LARGEST);
      retry = RETRY_MS;
    } catch (error) {
      onError(error);
      const left = isForAll(error) ? batch : await writeHalves(batch).catch(() => batch);
      waiting = [...waiting, ...left];
      size = Math.max(1, Math.floor(batch.length / 2));
      if (left.length > 0) throw error;
      retry = RETRY_MS;
    }
  };

  const flush = (): Promise<void> => {
    writing ??= writeOnce().finally(() => {
      writing = null;
    });
    return writing;
  };

  const schedule = (ms: number) => {
    if (timer || waiting.length === 0) return;
    timer = setTimeout(() => {
      timer = null;
      flush().then(
        () => schedule(GATHER_MS),
        () => {
          schedule(retry);
          retry = Math.min(retry * 2, LONGEST_RETRY_MS);
        },
      );
    }, ms);
  };

  return {
    /** `isUrgent`: something else waits until this is recorded. */
    push: (item: Item, isUrgent = false) => {
      waiting.push(item);
      // After an error its own pace holds, or every push would be another try.
      if ((isUrgent || waiting.length >= CROWD) && !writing && retry === RETRY_MS) {
        if (timer) clearTimeout(timer);
        timer = null;
        schedule(0);
      } else schedule(GATHER_MS);
    },
    /** Writes what waits. Gives up, rather than hang a shutdown, if the database does not take it. */
    drain: async () => {
      if (timer) clearTimeout(timer);
      timer = null;
      await writing?.catch(() => undefined);
      for (let tries = waiting.length; tries > 0 && waiting.length > 0; tries -= 1) {
        await flush().catch(() => undefined);
      }
    },
  };
};
