/** How a webhook is doing, and when that is worth a notice or an end. Pure. */
import { sentence } from '../contract/sentences';
import { isoOf } from './outbox/rows';
import type { HealthState, LastDelivery, WebhookHealth, WebhookKind } from '../contract/webhook';

export type Health = {
  state: HealthState;
  consecutiveFailures: number;
  /** When the failures in a row began (ms). */
  failingSince: number | null;
  lastSuccessAt: number | null;
  disabledReason: string | null;
  /** When it was disabled automatically (ms). */
  disabledAt: number | null;
};

export const HEALTHY: Health = {
  state: 'healthy',
  consecutiveFailures: 0,
  failingSince: null,
  lastSuccessAt: null,
  disabledReason: null,
  disabledAt: null,
};

/** Failures in a row before a notice is sent: more than one bad deployment causes, fewer than an outage. */
export const FAILURES_BEFORE_NOTICE = 5;

export type Tally = {
  successes: number;
  failures: number;
  disable: string | null;
  /** When the last of each was answered (ms). */
  succeededAt: number | null;
  failedAt: number | null;
};
export const NO_ATTEMPTS: Tally = {
  successes: 0,
  failures: 0,
  disable: null,
  succeededAt: null,
  failedAt: null,
};

/** `at`: when it was answered (ms). */
export function withAttempt(tally: Tally, isSuccess: boolean, at: number): Tally {
  return isSuccess
    ? {
        ...tally,
        successes: tally.successes + 1,
        succeededAt: Math.max(tally.succeededAt ?? 0, at),
      }
    : { ...tally, failures: tally.failures + 1, failedAt: Math.max(tally.failedAt ?? 0, at) };
}

export type Notice = { kind: 'failing' } | { kind: 'disabled'; reason: string };

export function noticeReason(notice: Notice): string {
  return notice.kind === 'disabled'
    ? notice.reason
    : sentence('attempts-failed', { count: FAILURES_BEFORE_NOTICE });
}

type HealthStep = { health: Health; notice: Notice | null };

const HOUR = 3_600_000;

/** To the hour, and from a day on to the day: "the last 5 days", "the last day", "the last 12 hours", "the last hour". */
function failedFor(ms: number): string {
  const hours = Math.max(1, Math.round(ms / HOUR));
  if (hours < 24)
    return hours === 1
      ? sentence('failed-for-hour')
      : sentence('failed-for-hours', { count: hours });
  const days = Math.round(hours / 24);
  return days === 1 ? sentence('failed-for-day') : sentence('failed-for-days', { count: days });
}

/** Only an administrator enables again: an answer that was under way when the webhook was disabled does not. */
function afterSuccess(health: Health, succeededAt: number): HealthStep {
  return {
    health: {
      ...health,
      state: health.state === 'disabled' ? 'disabled' : 'healthy',
      consecutiveFailures: 0,
      failingSince: null,
      lastSuccessAt: Math.max(health.lastSuccessAt ?? 0, succeededAt),
    },
    notice: null,
  };
}

/** A webhook that is disabled keeps its reason and time, whatever attempts were still under way. */
function disabled(health: Health, reason: string, now: number): HealthStep {
  return {
    health:
      health.state === 'disabled'
        ? health
        : { ...health, state: 'disabled', disabledReason: reason, disabledAt: now },
    notice: { kind: 'disabled', reason },
  };
}

function afterFailures(
  health: Health,
  failures: number,
  context: { now: number; disableAfter: number },
): HealthStep {
  const failingSince = health.failingSince ?? context.now;
  const consecutiveFailures = health.consecutiveFailures + failures;
  const failed = { ...health, failingSince, consecutiveFailures };
  if (context.disableAfter > 0 && context.now - failingSince >= context.disableAfter) {
    return disabled(failed, failedFor(context.now - failingSince), context.now);
  }
  const isNews = health.state === 'healthy' && consecutiveFailures >= FAILURES_BEFORE_NOTICE;
  return {
    health: isNews ? { ...failed, state: 'failing' } : failed,
    notice: isNews ? { kind: 'failing' } : null,
  };
}

/** Another process recorded a later success first: these failures were over before it. */
const areOver = (health: Health, { failedAt }: Tally): boolean =>
  failedAt !== null && health.lastSuccessAt !== null && failedAt < health.lastSuccessAt;

/** One success among a batch ends a row of failures, whatever the order in which they came back. */
export function afterAttempts(
  health: Health,
  tally: Tally,
  context: { now: number; disableAfter: number },
): HealthStep {
  if (tally.disable !== null) return disabled(health, tally.disable, context.now);
  if (tally.successes > 0) return afterSuccess(health, tally.succeededAt ?? context.now);
  return tally.failures > 0 && !areOver(health, tally)
    ? afterFailures(health, tally.failures, context)
    : { health, notice: null };
}

export type KnownHealth = { health: Health; parkedUntil: number };

/** As an administrator sees it. The pause of a validation ends with its failures; other receivers asked for theirs. */
export function shownHealth(
  kind: WebhookKind,
  known: KnownHealth | undefined,
  { now, lastDelivery = null }: { now: number; lastDelivery?: LastDelivery | null },
): WebhookHealth {
  const { health, parkedUntil } = known ?? { health: HEALTHY, parkedUntil: 0 };
  const isPaused = kind !== 'validation' || health.consecutiveFailures >= FAILURES_TO_OPEN;
  return {
    state: health.state,
    consecutiveFailures: health.consecutiveFailures,
    disabledReason: health.disabledReason,
    disabledAt: isoOf(health.disabledAt),
    failingSince: isoOf(health.failingSince),
    lastSuccessAt: isoOf(health.lastSuccessAt),
    pausedUntil: parkedUntil > now && isPaused ? isoOf(parkedUntil) : null,
    lastDelivery,
  };
}

/** The circuit breaker of validations: after so many failures in a row, their endpoint is not called for a while. */
export const FAILURES_TO_OPEN = 5;
export const OPEN_MS = 30_000;

/** `probe`: one caller may check whether the endpoint is back. */
export function breakerState(
  { health, parkedUntil }: KnownHealth,
  now: number,
): 'closed' | 'open' | 'probe' {
  if (health.consecutiveFailures < FAILURES_TO_OPEN) return 'closed';
  return parkedUntil > now ? 'open' : 'probe';
}
