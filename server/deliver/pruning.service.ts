/** Keeps the log as long as it is configured to be: by age, and by count. Step by step, with a pause after each. */
import { DAY } from '../config/index';
import type { Outbox } from '../store/outbox/outbox.service';
import { BEYOND, type Step } from '../store/outbox/prune.service';
import type { Clock } from '../strapi/clock.service';

type Options = {
  outbox: Outbox;
  clock: Clock;
  limits: { retentionDays: number; retentionCount: number };
  isStopped(): boolean;
};

const PAUSE_MS = 50;
/** After statements that only look. */
const GLANCE_MS = 5;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export const createPruning = ({ outbox, clock, limits, isStopped }: Options) => {
  const walk = async (step: (after: number) => Promise<Step>): Promise<void> => {
    for (let after = 0; !isStopped();) {
      const next = await step(after);
      if (!next) return;
      after = next.after;
      await pause(next.gone > 0 ? PAUSE_MS : GLANCE_MS);
    }
  };

  /** The id of the oldest finished delivery that may stay; null where there are no more than may stay. */
  const oldestKept = async (count: number): Promise<number | null> => {
    let left = count;
    for (let before = BEYOND; !isStopped();) {
      const found = await outbox.countBack(before, left);
      if (!found) return null;
      left -= found.count;
      if (left === 0) return found.id;
      before = found.id;
      await pause(GLANCE_MS);
    }
    return null;
  };

  const pruneByCount = async (count: number): Promise<void> => {
    if (count === 0 || !(await outbox.mayExceed(count))) return;
    const oldest = await oldestKept(count);
    if (oldest !== null) await walk((after) => outbox.pruneBelow(after, oldest));
  };

  return async (): Promise<void> => {
    const before = clock.now() - limits.retentionDays * DAY;
    await walk((after) => outbox.pruneOld(after, before));
    await pruneByCount(limits.retentionCount);
    await walk((after) => outbox.pruneEvents(after, before));
  };
};
