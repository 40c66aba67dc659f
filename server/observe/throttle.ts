/** Lets one line a minute pass for each key, and counts those that it holds back. Pure. */

const QUIET_MS = 60_000;

export type Throttle = {
  /** How many were held back since the last one that passed; null where this one is held back too. `now` in ms. */
  pass(key: string, now: number): number | null;
};

export function createThrottle(): Throttle {
  const passed = new Map<string, { at: number; heldBack: number }>();
  return {
    pass: (key, now) => {
      const last = passed.get(key);
      if (last && now - last.at < QUIET_MS) {
        last.heldBack += 1;
        return null;
      }
      passed.set(key, { at: now, heldBack: 0 });
      return last?.heldBack ?? 0;
    },
  };
}
