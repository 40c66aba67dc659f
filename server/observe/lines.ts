/**
 * The lines of the server's log about events and attempts: a sentence for people, and the facts for machines. Neither holds
 * a text of a receiver; the parts of an attempt were masked before. Pure.
 */
import type { NewAttempt } from '../store/outbox/rows';
import type { News, Posted } from '../deliver/record.service';
import { noticeReason } from '../store/health';
import type { Addressed, FinishedCall } from '../store/outbox/add.service';
import type { WebhookEvent } from '../contract/event';
import { isUndecided, type VerdictKind } from '../contract/document';

export type Facts = Record<string, string | number | boolean | string[] | null>;
export type Line = { message: string; facts: Facts };

const PREFIX = 'workflow-webhooks: ';

const iso = (moment: number) => new Date(moment).toISOString();

const placeOf = (uid: string | null, documentId: string | null) =>
  [uid, documentId].filter(Boolean).join(' ');

export const eventLine = ({ event, webhooks }: Addressed): Line => {
  const place = placeOf(event.uid, event.documentId);
  const of = place === '' ? '' : ` of ${place}`;
  const names = webhooks.map(({ name }) => `"${name}"`).join(', ');
  return {
    message: `${PREFIX}recorded ${event.name}${of} for ${names} (${event.id})`,
    facts: {
      line: 'event',
      eventId: event.id,
      event: event.name,
      uid: event.uid,
      documentId: event.documentId,
      locale: event.locale,
      actorType: event.actor.type,
      actorId: event.actor.id === null ? null : String(event.actor.id),
      changes: event.changes.length,
      webhooks: webhooks.map(({ id }) => id),
      deliveries: webhooks.length,
    },
  };
};

const attemptFacts = (attempt: NewAttempt): Facts => ({
  trigger: attempt.trigger,
  outcome: attempt.outcome,
  status: attempt.response?.status ?? null,
  durationMs: Math.round(attempt.durationMs),
  requestBytes: Buffer.byteLength(attempt.request.body),
  responseBytes: attempt.response === null ? 0 : Buffer.byteLength(attempt.response.body),
  error: attempt.error,
});

const outcomeText = ({ outcome, response, durationMs }: NewAttempt) => {
  const status = response === null ? '' : ` ${response.status}`;
  return `${outcome}${status} in ${Math.round(durationMs)} ms`;
};

type Ending = { state: string; isDead: boolean; facts: Facts; then: string };

const endingOf = ({ settlement }: Posted): Ending => {
  switch (settlement.kind) {
    case 'delivered':
      return { state: 'delivered', isDead: false, facts: {}, then: '' };
    case 'again': {
      const nextAttemptAt = iso(settlement.at);
      const facts = { nextAttemptAt, reason: settlement.why };
      return { state: 'retrying', isDead: false, facts, then: `, again at ${nextAttemptAt}` };
    }
    case 'dead':
      return {
        state: 'dead',
        isDead: true,
        facts: { reason: settlement.why },
        then: `, dead: ${settlement.why}`,
      };
  }
};

/** An attempt of a delivery, and what becomes of it. */
export const attemptLine = (posted: Posted): Line & { isDead: boolean } => {
  const { row, attempt } = posted;
  const { state, isDead, facts, then } = endingOf(posted);
  const number = row.attempt_count + 1;
  return {
    isDead,
    message: `${PREFIX}sent ${row.event} to "${row.webhook_name}": ${outcomeText(attempt)}${then} (delivery ${row.id}, attempt ${number}, ${row.event_id})`,
    facts: {
      line: 'attempt',
      eventId: row.event_id,
      event: row.event,
      uid: row.uid,
      documentId: row.document_id,
      locale: row.locale,
      webhookId: row.webhook_id,
      webhook: row.webhook_name,
      deliveryId: String(row.id),
      attempt: number,
      state,
      nextAttemptAt: null,
      reason: null,
      verdict: null,
      ...attemptFacts(attempt),
      ...facts,
    },
  };
};

const VERDICTS: Record<VerdictKind, string> = {
  allowed: 'allowed',
  refused: 'refused',
  noAnswer: 'no answer',
  unreadable: 'unreadable answer',
};

/** A verdict with its reason, but not a decision's reason, which is a text of the receiver. */
const verdictText = ({ verdict, reason }: FinishedCall): string => {
  if (verdict === null) return '';
  return `, ${VERDICTS[verdict]}${isUndecided(verdict) ? `: ${reason}` : ''}`;
};

/** `heldBack`: how many failures of the webhook had no line of their own since its last one. */
export function withHeldBack({ message, facts }: Line, heldBack: number): Line {
  if (heldBack === 0) return { message, facts };
  return {
    message: `${message}; ${heldBack} more failed since the last such line of this webhook`,
    facts: { ...facts, heldBack },
  };
}

/** A webhook that began to fail, or was disabled. */
export function healthLine({ webhookId, name, notice }: News): Line {
  const reason = noticeReason(notice);
  const then =
    notice.kind === 'failing'
      ? 'Its deliveries in the panel show what the receiver answered.'
      : 'Nothing is sent to it until an administrator enables it again.';
  const what = notice.kind === 'failing' ? 'is failing' : 'was disabled';
  return {
    message: `${PREFIX}webhook "${name}" ${what}: ${reason} ${then}`,
    facts: { line: 'health', webhookId, webhook: name, state: notice.kind, reason },
  };
}

/** A call that somebody waited for: a test, or a validation. */
export const callLine = (event: WebhookEvent, call: FinishedCall): Line => {
  const { webhook, attempt, isTest, isDelivered, verdict, reason } = call;
  const what = isTest ? 'tested' : 'asked';
  return {
    message: `${PREFIX}${what} "${webhook.name}" with ${event.name}: ${outcomeText(attempt)}${verdictText(call)} (${event.id})`,
    facts: {
      line: 'attempt',
      eventId: event.id,
      event: event.name,
      uid: event.uid,
      documentId: event.documentId,
      locale: event.locale,
      webhookId: webhook.id,
      webhook: webhook.name,
      deliveryId: null,
      attempt: 1,
      state: isDelivered ? 'delivered' : 'dead',
      nextAttemptAt: null,
      reason: verdict !== null && isUndecided(verdict) ? reason : null,
      verdict,
      ...attemptFacts(attempt),
    },
  };
};

const QUIET_MS = 60_000;

/** Lets one line a minute pass for each key, and counts those that it holds back. */
export function createThrottle() {
  const passed = new Map<string, { at: number; heldBack: number }>();
  return {
    /** How many were held back since the last one that passed; null if this one is held back too. `now` in ms. */
    pass: (key: string, now: number): number | null => {
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
