/** Keeps the log as long as it is configured to be, and ends what no webhook is left for. */
import { DAY } from '../config/schema';
import type { Outbox } from '../outbox/outbox.service';
import type { Clock } from './clock.service';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const PAUSE_MS = 50;

type Options = {
  outbox: Outbox;
  clock: Clock;
  /** The webhooks that there are, by id. */
  webhooks(): Promise<ReadonlyMap<string, string>>;
  retentionDays: number;
  log: { warn(message: string): void };
};

export const createPruner = ({ outbox, clock, webhooks, retentionDays, log }: Options) => {
  let timers: NodeJS.Timeout[] = [];
  let isStopped = true;

  /** Batch by batch, with a pause after each for everyone else. */
  const prune = async (): Promise<void> => {
    while (!isStopped && (await outbox.prune(clock.now() - retentionDays * DAY))) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };

  const keep = async (): Promise<void> => {
    await outbox.cancelOrphans([...(await webhooks()).keys()], clock.now() - MINUTE_MS);
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
    /** First after a minute, or a project that is started anew every hour would keep its log for ever. */
    start: () => {
      isStopped = false;
      timers = [
        setTimeout(safely(keep), MINUTE_MS),
        setInterval(safely(keep), HOUR_MS),
        setInterval(safely(clock.align), MINUTE_MS),
      ];
    },
    stop: () => {
      isStopped = true;
      timers.forEach((timer) => clearTimeout(timer));
    },
  };
};
