/** What one look at the database's clock is worth beside the one before. Pure. */

export type Measurement = {
  /** How far the database's clock is ahead of the timer (ms). */
  offset: number;
  /** It may be off by so much (ms): nobody knows at which moment of the round trip the database looked. */
  error: number;
  /** By the timer (ms). */
  at: number;
};

/** So much may two clocks drift apart in a millisecond (ms): ten times what a bad quartz does. */
const DRIFT = 1 / 1000;

/** `asked` and `answered` by the timer, `told` by the database's clock (ms). */
export const measurementOf = (asked: number, answered: number, told: number): Measurement => ({
  offset: told - (asked + answered) / 2,
  error: (answered - asked) / 2,
  at: answered,
});

/** The new one, unless its answer was so long in coming that the one before is closer, however old it is by now. */
export const better = (known: Measurement | null, fresh: Measurement): Measurement => {
  if (known === null) return fresh;
  return fresh.error > known.error + (fresh.at - known.at) * DRIFT ? known : fresh;
};
