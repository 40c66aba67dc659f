/** Alarms of webhooks, one of each kind for each webhook: its next retry is due, or its receiver's pause is over. */

/** The longest that a Node timer can wait (ms). A longer alarm rings early, and is set again. */
const LONGEST_MS = 2 ** 31 - 1;

type Options<Kind> = { now(): number; ring(kind: Kind, webhookId: string): void };

export function createAlarms<Kind extends string>({ now, ring }: Options<Kind>) {
  const alarms = new Map<string, { at: number; timer: NodeJS.Timeout }>();

  return {
    /** Rings at `at` (ms), unless an earlier alarm of the same kind and webhook does. */
    set: (kind: Kind, { webhookId, at }: { webhookId: string; at: number }) => {
      const key = `${kind} ${webhookId}`;
      const known = alarms.get(key);
      if (known && known.at <= at) return;
      if (known) clearTimeout(known.timer);
      const wait = Math.min(Math.max(at - now(), 0), LONGEST_MS);
      const timer = setTimeout(() => {
        alarms.delete(key);
        ring(kind, webhookId);
      }, wait);
      alarms.set(key, { at, timer });
    },
    clear: () => {
      for (const { timer } of alarms.values()) clearTimeout(timer);
      alarms.clear();
    },
  };
}
