/** Decides what an attempt means for its delivery and its webhook, and when to try again. Pure: time and chance are arguments. */
import { sentence } from '../contract/sentences';
import type { OutcomeName } from '../contract/delivery';
import { outcomeName, type Outcome, type Unsent } from '../send/http/outcome';
import type { Settlement } from '../store/outbox/attempts.service';

type AttemptConsequence = {
  outcome: OutcomeName;
  settlement: Settlement;
  /** No attempt to this webhook before this time (ms): its receiver asked for a pause. */
  parkUntil: number | null;
  /** Why the webhook must be disabled; null if it need not be. */
  disable: string | null;
};

export type SettleInput = {
  outcome: Outcome | Unsent;
  /** Attempts made before this one. */
  attemptCount: number;
  maxAttempts: number;
  schedule: readonly number[];
  now: number;
  random: number;
};

const isRedirect = (status: number) => status >= 300 && status < 400;
const MINUTE = 60_000;
const GONE = 410;
/** The statuses whose `Retry-After` is about load (RFC 6585, RFC 9110). */
const BUSY: readonly number[] = [429, 503];

export function settle(input: SettleInput): AttemptConsequence {
  const { outcome } = input;
  const name = outcomeName(outcome);
  const base = { outcome: name, parkUntil: null, disable: null };
  if (name === 'delivered') return { ...base, settlement: { kind: 'delivered' } };
  const why = finalReason(outcome);
  if (why !== null) {
    const isGone = outcome.kind === 'answered' && outcome.status === GONE;
    return { ...base, settlement: dead(why), disable: isGone ? why : null };
  }
  const retry = retryOf(input);
  if (input.attemptCount + 1 < input.maxAttempts) return { ...base, ...retry };
  return {
    ...base,
    parkUntil: retry.parkUntil,
    settlement: dead(`${reasonOf(outcome)} ${lastAttempt(input)}`),
  };
}

/** Why a later attempt would end the same; null if it may succeed. */
function finalReason(outcome: Outcome | Unsent): string | null {
  if (outcome.kind === 'unsent') return outcome.isFinal ? outcome.message : null;
  if (outcome.kind === 'failed') {
    return outcome.reason === 'blocked' || outcome.reason === 'badUrl' ? outcome.message : null;
  }
  if (isRedirect(outcome.status)) {
    return sentence('receiver-redirected', { status: outcome.status });
  }
  return outcome.status === GONE ? sentence('receiver-gone') : null;
}

function reasonOf(outcome: Outcome | Unsent): string {
  return outcome.kind === 'answered'
    ? sentence('receiver-answered', { status: outcome.status })
    : outcome.message;
}

function retryOf(input: SettleInput): Pick<AttemptConsequence, 'settlement' | 'parkUntil'> {
  const { outcome, schedule, now, random } = input;
  const isBusy = outcome.kind === 'answered' && BUSY.includes(outcome.status);
  const asked = isBusy ? retryAfterOf(outcome.headers['retry-after'], now) : null;
  const longest = Math.max(...schedule);
  const pause = asked === null ? null : Math.min(asked, longest);
  const wait = waitBefore({ schedule, attemptsMade: input.attemptCount + 1, random });
  return {
    settlement: { kind: 'again', at: now + Math.max(wait, pause ?? 0), why: reasonOf(outcome) },
    parkUntil: pause === null ? null : now + pause,
  };
}

const dead = (why: string): Settlement => ({ kind: 'dead', why });

/** A resend goes beyond the last attempt, and so does a webhook that now allows fewer. */
function lastAttempt({ attemptCount, maxAttempts }: SettleInput): string {
  const count = attemptCount + 1;
  return count > maxAttempts
    ? sentence('attempt-beyond', { count, most: maxAttempts })
    : sentence('attempt-last', { count, most: maxAttempts });
}

/**
 * The wait before the next attempt, in ms. `attemptsMade` counts from 1, `random` is in [0, 1).
 * Full jitter below a minute, so that receivers that failed together are not called together. From a minute on, plus or
 * minus a fifth, so that the schedule stays recognisable. Source: Standard Webhooks 1.0.0, "Retry schedule".
 */
export function waitBefore({
  schedule,
  attemptsMade,
  random,
}: {
  schedule: readonly number[];
  attemptsMade: number;
  random: number;
}): number {
  const base = schedule[Math.min(attemptsMade, schedule.length - 1)] ?? 0;
  return Math.round(base < MINUTE ? base * random : base * (0.8 + 0.4 * random));
}

/** An HTTP date in any of its three forms. Without a zone it is UTC, but `Date.parse` would take the server's zone. */
function httpDateOf(text: string): number {
  if (!/^[A-Z][a-z]{2,8},? /.test(text)) return Number.NaN;
  const hasZone = /(GMT|UTC?|Z|[+-]\d{4})$/.test(text);
  return Date.parse(hasZone ? text : `${text} GMT`);
}

/** `Retry-After` of RFC 9110, 10.2.3, as ms from `now`: whole seconds or an HTTP date. Null if it is not usable. */
export function retryAfterOf(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = httpDateOf(text);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
