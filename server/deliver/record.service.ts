/** Records batches of settled attempts with all that follows: health, pauses, and the events about them. */
import type { Knex } from 'knex';
import type { OutcomeName } from '../contract/delivery';
import { SYSTEM_ACTOR, type WebhookEvent } from '../contract/event';
import { PLUGIN_ID } from '../contract/names';
import type { ActiveWebhook } from '../match/active.service';
import { matching } from '../match/matching';
import { eventId, type EventTimes } from '../store/outbox/events.service';
import { NO_ATTEMPTS, noticeReason, withAttempt, type Notice, type Tally } from '../store/health';
import type { Outbox } from '../store/outbox/outbox.service';
import { bareSettled, type Settled } from '../store/outbox/attempts.service';
import type { Clock } from '../strapi/clock.service';
import type { Leases } from './claims.service';
import type { Post } from './dispatch-state';
import type { HealthStore } from './health.service';

/** A settled attempt, and what its receiver's answer means for the whole webhook. */
export type Posted = Settled & { parkUntil: number | null; disable: string | null };

/** The change in a webhook's health that a batch caused; `failed`: none of its attempts succeeded. */
export type Effect = { webhookId: string; notice: Notice | null; failed: boolean };

/** `recorded`: the attempts of the batch that still held their claim. */
export type Written = { effects: Effect[]; recorded: Posted[] };

type Options = {
  outbox: Outbox;
  health: HealthStore;
  clock: Clock;
  active(): Promise<readonly ActiveWebhook[]>;
  disable(webhookId: string, trx: Knex.Transaction): Promise<void>;
  /** Called after the commit: the cached webhooks are outdated. */
  forget(): void;
  announce: Announce;
  meter: { attempted(webhook: string, outcome: OutcomeName, ms: number): void };
};

type Context = { trx: Knex.Transaction; now: number; webhooks: readonly ActiveWebhook[] };

export type RecordAttempts = (batch: readonly Posted[]) => Promise<Written>;

export const createAttemptRecorder =
  (options: Options): RecordAttempts =>
  async (batch) => {
    const webhooks = await options.active();
    const now = options.clock.now();
    const written = await options.outbox.transaction((trx) =>
      recordBatch(batch, options, { trx, now, webhooks }),
    );
    for (const { row, attempt } of written.recorded)
      options.meter.attempted(row.webhook_id, attempt.outcome, attempt.durationMs);
    if (written.effects.some(({ notice }) => notice?.kind === 'disabled')) options.forget();
    return written;
  };

async function recordBatch(
  batch: readonly Posted[],
  options: Options,
  context: Context,
): Promise<Written> {
  const { outbox, health, disable, announce } = options;
  const { trx } = context;
  const recorded = await outbox.settle(batch, context);
  const groups = groupByWebhook(recorded);
  const tallies = new Map(groups.map(({ webhookId, tally }) => [webhookId, tally]));
  const notices = await health.record(tallies, context);
  const effects: Effect[] = [];
  for (const { webhookId, name, tally, parkUntil } of groups) {
    const notice = notices.get(webhookId) ?? null;
    if (notice?.kind === 'disabled') await disable(webhookId, trx);
    if (notice) await announce({ webhookId, name, notice }, context);
    if (parkUntil !== null) await health.park(webhookId, parkUntil, trx);
    effects.push({ webhookId, notice, failed: tally.successes === 0 });
  }
  return { effects, recorded };
}

type Group = { webhookId: string; name: string; tally: Tally; parkUntil: number | null };

function groupByWebhook(batch: readonly Posted[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { row, attempt, settlement, parkUntil, disable } of batch) {
    const { webhook_id: webhookId, webhook_name: name } = row;
    const group = groups.get(webhookId) ?? {
      webhookId,
      name,
      tally: NO_ATTEMPTS,
      parkUntil: null,
    };
    groups.set(webhookId, group);
    const answeredAt = attempt.at + attempt.durationMs;
    group.tally = withAttempt(group.tally, settlement.kind === 'delivered', answeredAt);
    group.tally.disable ??= disable;
    if (parkUntil !== null) group.parkUntil = Math.max(group.parkUntil ?? 0, parkUntil);
  }
  return [...groups.values()];
}

export type News = { webhookId: string; name: string; notice: Notice };

/** Stores the event about a webhook's new health, for the webhooks that want it. */
export const createAnnounce =
  (outbox: Outbox, eventTime: EventTimes) =>
  async (news: News, { trx, now, webhooks }: Context): Promise<void> => {
    const event = noticeEvent(news, eventTime());
    const addressees = matching(event, webhooks);
    if (addressees.length > 0) await outbox.add([{ event, webhooks: addressees }], { trx, now });
  };

export type Announce = ReturnType<typeof createAnnounce>;

function noticeEvent({ webhookId, name, notice }: News, time: string): WebhookEvent {
  return {
    id: eventId(),
    name: `webhook.${notice.kind}`,
    time,
    uid: `plugin::${PLUGIN_ID}.webhook`,
    model: 'webhook',
    documentId: webhookId,
    locale: null,
    status: null,
    entry: { id: webhookId, name, state: notice.kind, reason: noticeReason(notice) },
    previous: null,
    changes: [],
    actor: SYSTEM_ACTOR,
  };
}

/**
 * Each transaction waits for the disk, so steady traffic is gathered: long enough to fill a batch, too short to matter to
 * a lease or to a reader of the log. If a crash loses what was gathered, it is sent again with the same id.
 */
const GATHER_MS = 100;
/** So many do not wait for `GATHER_MS` to be over. */
const ENOUGH = 128;
/** SQLite blocks the process for a batch, and every reader waits. */
const LARGEST = 256;
/** The wait after an error: twice as long each time, up to the longest. */
const RETRY_MS = 500;
const LONGEST_RETRY_MS = 5000;

type RecordingOptions = {
  recordAttempts: RecordAttempts;
  leases: Leases;
  quiet(): Promise<void>;
  onRecorded(recorded: { posts: Post[]; effects: readonly Effect[] }): void;
  onError(error: unknown): void;
};

const claimOf = ({ job }: Post) => job.row.claim_id;

/** Records answered jobs, and lets their leases go. */
export function createAttemptQueue({
  recordAttempts,
  leases,
  quiet,
  onRecorded,
  onError,
}: RecordingOptions) {
  const write = async (posts: Post[]) => {
    const claims = posts.map(claimOf);
    const { effects, recorded } = await recordAttempts(posts.map(({ posted }) => posted));
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
    quiet,
    reduced: ({ job, posted }) => ({ job, posted: bareSettled(posted) }),
    onError,
  });
  return queue;
}

type QueueOptions<Item> = {
  write(items: Item[]): Promise<void>;
  /** Awaited before a batch for which nothing waits. */
  quiet(): Promise<void>;
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
function isForAll(error: unknown) {
  return (
    error instanceof Error &&
    (error.name === 'KnexTimeoutError' || ('code' in error && FULL.has(error.code)))
  );
}

export function createRecordQueue<Item>(options: QueueOptions<Item>) {
  const { write, quiet, onError } = options;
  let waiting: Item[] = [];
  let size = LARGEST;
  let retry = RETRY_MS;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;
  let isHurried = false;

  /**
   * Nothing is lost on an error. Attempts that could not be written stay here until the database is back; if the process ends
   * before, the leases end too, and the deliveries are sent again. It goes to the end of the queue, and is written in ever
   * smaller batches, so that everything else passes it.
   */
  const writeOnce = async () => {
    if (!isHurried) await quiet();
    isHurried = false;
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
      isHurried ||= isUrgent;
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
async function writeHalves<Item>(batch: Item[], options: QueueOptions<Item>): Promise<Item[]> {
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

async function writeOrHalve<Item>(batch: Item[], options: QueueOptions<Item>): Promise<Item[]> {
  try {
    await options.write(batch);
    return [];
  } catch (error) {
    if (isForAll(error)) return batch;
    return writeHalves(batch, options).catch(() => batch);
  }
}
