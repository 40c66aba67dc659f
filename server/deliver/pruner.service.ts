/** Keeps the log as long as it is configured to be, ends what no webhook is left for, and clears what a restore outdated. */
import type { Outbox } from '../store/outbox/outbox.service';
import type { Clock } from '../strapi/clock.service';
import { createPruning } from './pruning.service';

const MINUTE_MS = 60_000;
const EVERY_MS = 10 * MINUTE_MS;

type Options = {
  outbox: Outbox;
  clock: Clock;
  /** The webhooks that there are, by id. */
  webhooks(): Promise<ReadonlyMap<string, string>>;
  /** Clears the health of enabled webhooks that were disabled before that (ms). */
  clearDisabled(before: number): Promise<void>;
  limits: { retentionDays: number; retentionCount: number };
  log: { warn(message: string): void };
};

export const createPruner = ({ outbox, clock, webhooks, clearDisabled, limits, log }: Options) => {
  let timers: NodeJS.Timeout[] = [];
  let isStopped = true;

  let working: Promise<void> | null = null;
  const pruneAll = createPruning({ outbox, clock, limits, isStopped: () => isStopped });

  /** One at a time: a long log may take longer than the time to the next. */
  const prune = (): Promise<void> =>
    (working ??= pruneAll().finally(() => {
      working = null;
    }));

  const keep = async (): Promise<void> => {
    const now = clock.now();
    const settled = now - MINUTE_MS;
    await outbox.cancelOrphans([...(await webhooks()).keys()], { before: settled, now });
    await clearDisabled(settled);
    await prune();
  };

  const safely = (work: () => Promise<void>) => () => {
    work().catch((error) =>
      log.warn(`workflow-webhooks: housekeeping failed, and is tried again later: ${error}`),
    );
  };

  return {
    prune,
    keep,
    /** First after a minute, or a project that is started anew all the time would keep its log for ever. */
    start: () => {
      isStopped = false;
      timers = [setTimeout(safely(keep), MINUTE_MS), setInterval(safely(keep), EVERY_MS)];
    },
    stop: () => {
      isStopped = true;
      timers.forEach((timer) => clearTimeout(timer));
    },
  };
};
