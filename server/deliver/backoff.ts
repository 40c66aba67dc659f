/** When to try again. Pure: the clock and the dice are arguments. */

const MINUTE = 60_000;

/**
 * The wait before the next attempt, in ms. `attemptsMade` counts from 1, `random` is in [0, 1).
 * Full jitter below a minute, so that receivers that fell together are not called together; plus or minus a
 * fifth above, so that the schedule stays recognisable. Schedule: Standard Webhooks 1.0.0, "Retry schedule".
 */
export const waitBefore = (input: {
  schedule: readonly number[];
  attemptsMade: number;
  random: number;
}): number => {
  const { schedule, attemptsMade, random } = input;
  const base = schedule[Math.min(attemptsMade, schedule.length - 1)] ?? 0;
  return Math.round(base < MINUTE ? base * random : base * (0.8 + 0.4 * random));
};

/** An HTTP date in any of its three forms. A date without a zone is of UTC, where `Date.parse` would take the server's. */
function httpDateOf(text: string): number {
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return Number.NaN;
  const hasZone = /(GMT|UTC?|Z|[+-]\d{4})$/.test(text);
  return Date.parse(hasZone ? text : `${text} GMT`);
}

/** `Retry-After` of RFC 9110, 10.2.3, as ms from `now`: whole seconds or an HTTP date. Null if it says nothing usable. */
export const retryAfterOf = (header: string | undefined, now: number): number | null => {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = httpDateOf(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
};
