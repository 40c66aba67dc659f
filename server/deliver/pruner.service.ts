/**
 * Housekeeping: prunes the log by age and by count and the changes of the configuration, cancels orphaned deliveries, and
 * resets health after a restore.
 */
import { DAY, HOUR } from '../config/index';
import type { Outbox } from '../store/outbox/outbox.service';
import { BEYOND, type Step } from '../store/outbox/prune.service';
import type { Clock } from '../strapi/clock.service';

const MINUTE_MS = 60_000;
const EVERY_MS = 10 * MINUTE_MS;
/** The log is pruned step by step, with a pause after each; a short one after statements that only read. */
const PAUSE_MS = 50;
const READ_PAUSE_MS = 5;

type Options = {
  outbox: Outbox;
  clock: Clock;
  /** The names of existing webhooks, by id. */
  webhooks(): Promise<ReadonlyMap<string, string>>;
  /** Resets the health of enabled webhooks that were disabled before that time (ms). */
  clearDisabled(before: number): Promise<void>;
  /** Forgets the changes of the configuration that were made before that time (ms). */
  pruneChanges(before: number): Promise<void>;
  limits: { retentionDays: number; retentionCount: number };
  log: { warn(message: string): void };
};

type PruneOptions = Pick<Options, 'outbox' | 'clock' | 'limits'> & { isStopped(): boolean };

export function createPruner(options: Options) {
  const { outbox, clock, webhooks, clearDisabled, pruneChanges, log } = options;
  let timers: NodeJS.Timeout[] = [];
  let isStopped = true;
  let pruning: Promise<void> | null = null;

  /** One at a time: a long log may take longer than `EVERY_MS`. */
  const prune = (): Promise<void> =>
    (pruning ??= pruneLog({ ...options, isStopped: () => isStopped }).finally(() => {
      pruning = null;
    }));

  const keep = async (): Promise<void> => {
    const now = clock.now();
    const before = now - MINUTE_MS;
    await outbox.cancelOrphans([...(await webhooks()).keys()], { before, now });
    await clearDisabled(before);
    await pruneChanges(now - HOUR);
    await prune();
  };

  const keepOrWarn = () => {
    keep().catch((error) =>
      log.warn(`workflow-webhooks: housekeeping failed, and is tried again later: ${error}`),
    );
  };

  return {
    prune,
    keep,
    /** The first run is after a minute: a project that restarts all the time would never prune its log. */
    start: () => {
      isStopped = false;
      timers = [setTimeout(keepOrWarn, MINUTE_MS), setInterval(keepOrWarn, EVERY_MS)];
    },
    stop: () => {
      isStopped = true;
      timers.forEach((timer) => clearTimeout(timer));
    },
  };
}

async function pruneLog(options: PruneOptions): Promise<void> {
  const { outbox, clock, limits } = options;
  const before = clock.now() - limits.retentionDays * DAY;
  await walk((after) => outbox.pruneOld(after, before), options);
  await pruneByCount(limits.retentionCount, options);
  await walk((after) => outbox.pruneEvents(after, before), options);
}

async function pruneByCount(count: number, options: PruneOptions): Promise<void> {
  const { outbox } = options;
  if (count === 0 || !(await outbox.mayExceed(count))) return;
  const oldest = await oldestKept(count, options);
  if (oldest !== null) await walk((after) => outbox.pruneBelow(after, oldest), options);
}

/** The id of the oldest finished delivery that may stay; null if there are no more than may stay. */
async function oldestKept(
  count: number,
  { outbox, isStopped }: PruneOptions,
): Promise<number | null> {
  let left = count;
  for (let before = BEYOND; !isStopped();) {
    const found = await outbox.countBack(before, left);
    if (!found) return null;
    left -= found.count;
    if (left === 0) return found.id;
    before = found.id;
    await pause(READ_PAUSE_MS);
  }
  return null;
}

async function walk(
  step: (after: number) => Promise<Step>,
  { isStopped }: PruneOptions,
): Promise<void> {
  for (let after = 0; !isStopped();) {
    const next = await step(after);
    if (!next) return;
    after = next.after;
    await pause(next.gone > 0 ? PAUSE_MS : READ_PAUSE_MS);
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
