/** Gathers settled attempts for a moment and records them together: one transaction for many endpoints' answers. */
import { bareSettled } from '../store/outbox/attempts.service';
import type { Leases } from './claims.service';
import type { Post } from './dispatch-state';
import type { Bookkeeping, Effect } from './record.service';

/**
 * Each transaction waits for the disk, so steady traffic is gathered: long enough to fill a batch, too short to matter to
 * a lease or to a reader of the log. If a crash loses what was gathered, it is sent again with the same id.
 */
const GATHER_MS = 100;
/** So many do not wait for `GATHER_MS` to be over. */
const ENOUGH = 250;
const LARGEST = 1000;
/** The wait after an error: twice as long each time, up to the longest. */
const RETRY_MS = 500;
const LONGEST_RETRY_MS = 5000;

type RecordingOptions = {
  bookkeeping: Bookkeeping;
  leases: Leases;
  onRecorded(recorded: { posts: Post[]; effects: readonly Effect[] }): void;
  onError(error: unknown): void;
};

const claimOf = ({ job }: Post) => job.row.claim_id;

/** Records answered jobs, and lets their leases go. */
export function createRecording({ bookkeeping, leases, onRecorded, onError }: RecordingOptions) {
  const write = async (posts: Post[]) => {
    const claims = posts.map(claimOf);
    const { effects, recorded } = await bookkeeping(posts.map(({ posted }) => posted));
    const isRecorded = new Set(recorded);
    // A job that this process claimed anew meanwhile is recorded once more, for the new claim. If the claim is the same,
    // and nothing was recorded, another process holds the delivery now.
    const isOver = (post: Post, index: number) =>
      isRecorded.has(post.posted) || claimOf(post) === claims[index];
    posts.filter((post, index) => !isOver(post, index)).forEach((post) => queue.push(post));
    const over = posts.filter(isOver);
    for (const { job } of over) leases.letGo(job.row);
    onRecorded({ posts: over, effects });
  };
  const queue = createRecordQueue<Post>({
    write,
    reduced: ({ job, posted }) => ({ job, posted: bareSettled(posted) }),
    onError,
  });
  return queue;
}

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
  (error.name === 'KnexTimeoutError' || ('code' in error && FULL.has(error.code)));

export function createRecordQueue<Item>(options: Options<Item>) {
  const { write, onError } = options;
  let waiting: Item[] = [];
  let size = LARGEST;
  let retry = RETRY_MS;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;

  /**
   * Nothing is lost on an error. What could not be written stays here until the database is back; if the process ends
   * before, the leases end too, and the deliveries are sent again. It goes to the end of the queue, and is written in ever
   * smaller batches, so that everything else passes it.
   */
  const writeOnce = async () => {
    const batch = waiting.slice(0, size);
    waiting = waiting.slice(size);
    try {
      await write(batch);
      size = Math.min(size * 2, LARGEST);
    } catch (error) {
      onError(error);
      const left = isForAll(error) ? batch : await writeHalves(batch, options).catch(() => batch);
      waiting = [...waiting, ...left];
      size = Math.max(1, Math.floor(batch.length / 2));
      if (left.length > 0) throw error;
    }
    retry = RETRY_MS;
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

  const cancelTimer = () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };

  return {
    /** `isUrgent`: something else waits until this is recorded. */
    push: (item: Item, isUrgent = false) => {
      waiting.push(item);
      // After an error the wait before the next try holds, or every push would be a try.
      const isNow = (isUrgent || waiting.length >= ENOUGH) && !writing && retry === RETRY_MS;
      if (isNow) cancelTimer();
      schedule(isNow ? 0 : GATHER_MS);
    },
    /** Writes everything. Gives up, rather than block a shutdown, if the database does not take it. */
    drain: async () => {
      cancelTimer();
      await writing?.catch(() => undefined);
      for (let tries = waiting.length; tries > 0 && waiting.length > 0; tries -= 1) {
        await flush().catch(() => undefined);
      }
    },
  };
}

/**
 * Halves a batch that failed until the item that cannot be written is alone, and records that item reduced: an attempt
 * that is never recorded is made again after each lease. Returns what is still to be written. If not even one reduced item
 * can be written, the database takes nothing, and that is all of the batch.
 */
async function writeHalves<Item>(batch: Item[], options: Options<Item>): Promise<Item[]> {
  const [only] = batch;
  if (batch.length === 1 && only !== undefined) {
    await options.write([options.reduced(only)]);
    return [];
  }
  const middle = Math.ceil(batch.length / 2);
  const left: Item[] = [];
  for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
    if (left.length > 0) left.push(...half);
    else left.push(...(await writeOrHalve(half, options)));
  }
  return left;
}

async function writeOrHalve<Item>(batch: Item[], options: Options<Item>): Promise<Item[]> {
  try {
    await options.write(batch);
    return [];
  } catch (error) {
    if (isForAll(error)) return batch;
    return writeHalves(batch, options).catch(() => batch);
  }
}
