/**
 * The times of events rise strictly within a process: several are stored in one transaction, often in the same
 * millisecond, and receivers put events in order by their time.
 */
export const createEventTimes = (now: () => number) => {
  let last = 0;
  /** ISO 8601. `after`: the time (ms) of an earlier event of the same document, which may be another process's. */
  return (after = 0): string => {
    last = Math.max(now(), last + 1, after + 1);
    return new Date(last).toISOString();
  };
};

export type EventTimes = ReturnType<typeof createEventTimes>;
