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
  onError(error: unknown): void;
};

export const createSettleQueue = <Item>({ write, onError }: Options<Item>) => {
  let waiting: Item[] = [];
  let size = LARGEST;
  let retry = RETRY_MS;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;

  /**
   * Nothing is lost on an error: kept here, it is written when the database is back; and if the process ends
   * before, the lease ends too and the delivery is sent again. Ever smaller batches, the failed one last, let
   * everything else pass an item that cannot be written.
   */
  const writeOnce = async () => {
    const batch = waiting.slice(0, size);
    waiting = waiting.slice(size);
    try {
      await write(batch);
      size = Math.min(size * 2, LARGEST);
      retry = RETRY_MS;
    } catch (error) {
      waiting = [...waiting, ...batch];
      size = Math.max(1, Math.floor(batch.length / 2));
      onError(error);
      throw error;
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
