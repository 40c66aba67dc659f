/** Keeps the log as long as it is configured to be, an hour at a time. */
import { DAY } from '../config/schema';
import type { Outbox } from '../outbox/outbox.service';
import type { Clock } from './clock.service';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const PAUSE_MS = 50;

type Options = {
  outbox: Outbox;
  clock: Clock;
  retentionDays: number;
  log: { warn(message: string): void };
};

export const createPruner = ({ outbox, clock, retentionDays, log }: Options) => {
  let timers: NodeJS.Timeout[] = [];
  let isStopped = true;

  /** Batch by batch, with a pause after each for everyone else. */
  const prune = async (): Promise<void> => {
    while (!isStopped && (await outbox.prune(clock.now() - retentionDays * DAY))) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };

  const safely = (work: () => Promise<void>) => () => {
    work().catch((error) =>
      log.warn(`workflow-webhooks: housekeeping failed, and is tried again later: ${error}`),
    );
  };

  return {
    prune,
    start: () => {
      isStopped = false;
      timers = [setInterval(safely(prune), HOUR_MS), setInterval(safely(clock.align), MINUTE_MS)];
    },
    stop: () => {
      isStopped = true;
      timers.forEach(clearInterval);
    },
  };
};
