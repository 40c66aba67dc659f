/** What an attempt means for its delivery, and for its webhook. Pure. */
import { sentence } from '../contract/sentences';
import type { OutcomeName } from '../contract/delivery';
import type { Outcome, Unsent } from '../send/http/outcome';
import type { Settlement } from '../store/outbox/attempts.service';
import { retryAfterOf, waitBefore } from './backoff';

export type Verdict = {
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

const isSuccess = (status: number) => status >= 200 && status < 300;
const isRedirect = (status: number) => status >= 300 && status < 400;
const GONE = 410;
/** The statuses whose `Retry-After` speaks of load (RFC 6585, RFC 9110). */
const BUSY: readonly number[] = [429, 503];

export const outcomeName = (outcome: Outcome | Unsent): OutcomeName => {
  if (outcome.kind === 'unsent') return outcome.reason;
  if (outcome.kind === 'answered') return isSuccess(outcome.status) ? 'delivered' : 'refused';
  switch (outcome.reason) {
    case 'timeout':
      return 'timeout';
    case 'blocked':
    case 'badUrl':
      return 'blocked';
    case 'connection':
    case 'aborted':
      return 'connection';
  }
};

/** Why a later attempt cannot end otherwise; null if it may. */
const hopeless = (outcome: Outcome | Unsent): string | null => {
  if (outcome.kind === 'unsent') return outcome.isFinal ? outcome.message : null;
  if (outcome.kind === 'failed') {
    return outcome.reason === 'blocked' || outcome.reason === 'badUrl' ? outcome.message : null;
  }
  if (isRedirect(outcome.status)) {
    return sentence('receiver-redirected', { status: outcome.status });
  }
  return outcome.status === GONE ? sentence('receiver-gone') : null;
};

const reasonOf = (outcome: Outcome | Unsent): string =>
  outcome.kind === 'answered'
    ? sentence('receiver-answered', { status: outcome.status })
    : outcome.message;

const again = (input: SettleInput): Pick<Verdict, 'settlement' | 'parkUntil'> => {
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
};

const dead = (why: string): Settlement => ({ kind: 'dead', why });

/** A resend, or a webhook that now allows fewer attempts, goes beyond the last one. */
function lastAttempt({ attemptCount, maxAttempts }: SettleInput): string {
  const count = attemptCount + 1;
  return count > maxAttempts
    ? sentence('attempt-beyond', { count, most: maxAttempts })
    : sentence('attempt-last', { count, most: maxAttempts });
}

export const settle = (input: SettleInput): Verdict => {
  const { outcome } = input;
  const name = outcomeName(outcome);
  const base = { outcome: name, parkUntil: null, disable: null };
  if (name === 'delivered') return { ...base, settlement: { kind: 'delivered' } };
  const why = hopeless(outcome);
  if (why !== null) {
    const isGone = outcome.kind === 'answered' && outcome.status === GONE;
    return { ...base, settlement: dead(why), disable: isGone ? why : null };
  }
  const retry = again(input);
  if (input.attemptCount + 1 < input.maxAttempts) return { ...base, ...retry };
  return {
    ...base,
    parkUntil: retry.parkUntil,
    settlement: dead(`${reasonOf(outcome)} ${lastAttempt(input)}`),
  };
};
