/** Whether a measurement of the database's clock is better than the one before. */

export type Measurement = {
  /** How far the database's clock is ahead of the timer (ms). */
  offset: number;
  /** The offset may be wrong by this much (ms): nobody knows when, within the round trip, the database read its clock. */
  error: number;
  /** By the timer (ms). */
  at: number;
};

/** Two clocks may drift apart by this much in a millisecond (ms): ten times the drift of a bad quartz. */
const DRIFT = 1 / 1000;

/** `sent` and `received` by the timer, `answer` by the database's clock (ms). */
export const measurementOf = (sent: number, received: number, answer: number): Measurement => ({
  offset: answer - (sent + received) / 2,
  error: (received - sent) / 2,
  at: received,
});

/** The new one, unless its round trip took so long that the one before is more exact, in spite of its age. */
export const better = (known: Measurement | null, fresh: Measurement): Measurement => {
  if (known === null) return fresh;
  return fresh.error > known.error + (fresh.at - known.at) * DRIFT ? known : fresh;
};
