/** One alarm a webhook: rings when its next retry is due, or its receiver's pause is over. */

/** The longest that a Node timer can wait (ms); a longer alarm rings early and is set again. */
const LONGEST_MS = 2 ** 31 - 1;

type Options = { now(): number; ring(webhookId: string): void };

export const createAlarms = ({ now, ring }: Options) => {
  const alarms = new Map<string, { at: number; timer: NodeJS.Timeout }>();

  return {
    /** Rings at `at` (ms), unless an earlier alarm of the same webhook does. */
    set: (webhookId: string, at: number) => {
      const known = alarms.get(webhookId);
      if (known && known.at <= at) return;
      if (known) clearTimeout(known.timer);
      const wait = Math.min(Math.max(at - now(), 0), LONGEST_MS);
      const timer = setTimeout(() => {
        alarms.delete(webhookId);
        ring(webhookId);
      }, wait);
      alarms.set(webhookId, { at, timer });
    },
    clear: () => {
      for (const { timer } of alarms.values()) clearTimeout(timer);
      alarms.clear();
    },
  };
};
