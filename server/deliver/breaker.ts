/** Spares an endpoint that keeps failing, and the editors who would wait for it: a circuit breaker. Pure. */

/** Failures in a row after which it is not asked for a while. */
export const FAILURES_TO_OPEN = 5;
export const OPEN_MS = 30_000;

export type Breaker = { consecutiveFailures: number; parkedUntil: number };

/** `probe`: one may ask, to see whether it is back. */
export const breakerState = (
  { consecutiveFailures, parkedUntil }: Breaker,
  now: number,
): 'closed' | 'open' | 'probe' => {
  if (consecutiveFailures < FAILURES_TO_OPEN) return 'closed';
  return parkedUntil > now ? 'open' : 'probe';
};
