/**
 * The lines of the server's log about events and attempts: a sentence for people, and facts for machines. Neither holds a
 * receiver's text; the parts of an attempt were masked before. A line is made only if its level is written.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Config } from '../config/index';
import { isUndecided, type VerdictKind } from '../contract/document';
import type { WebhookEvent } from '../contract/event';
import type { News, Posted } from '../deliver/record.service';
import { noticeReason } from '../store/health';
import type { Addressed, Finished, FinishedCall } from '../store/outbox/add.service';
import type { NewAttempt } from '../store/outbox/rows';
import { afterCommit } from '../strapi/database.service';

type Level = Config['log']['events'] | 'warn' | 'error';

export function createLogLines(strapi: Core.Strapi, levels: Config['log']) {
  const log = strapi.log;
  const failures = createThrottle();

  const isWritten = (level: Level) => level !== 'off' && log.isLevelEnabled(level);

  function write(level: Level, { message, facts }: Line) {
    if (level !== 'off') log.log(level, message, facts);
  }

  /** A line that cannot be written must not undo what it is about: after a commit nobody would catch the error. */
  function safely(writeLines: () => void) {
    try {
      writeLines();
    } catch (error) {
      log.error(`workflow-webhooks: a log line could not be written: ${error}`);
    }
  }

  const onceCommitted = (trx: Knex.Transaction, writeLines: () => void): Promise<void> =>
    afterCommit(strapi, trx, () => safely(writeLines));

  /** One failure a minute of each webhook is a warning; the others have the level of all attempts. */
  function writeFailure(webhookId: string, lineOf: () => Line) {
    const heldBack = failures.pass(webhookId, performance.now());
    const level = heldBack === null ? levels.attempts : 'warn';
    if (isWritten(level)) write(level, withHeldBack(lineOf(), heldBack ?? 0));
  }

  function writeCall(event: WebhookEvent, call: FinishedCall) {
    const lineOf = () => callLine(event, call);
    // A person who tests a webhook sees the answer. An editor sees an undecided validation, but cannot repair it.
    if (call.verdict !== null && isUndecided(call.verdict) && !call.isTest)
      writeFailure(call.webhook.id, lineOf);
    else if (isWritten(levels.attempts)) write(levels.attempts, lineOf());
  }

  /** A delivery that dies is always a warning: it is not sent again unless somebody acts. */
  function writeAttempt(posted: Posted) {
    const lineOf = () => attemptLine(posted);
    switch (posted.settlement.kind) {
      case 'dead':
        return write('warn', lineOf());
      case 'again':
        return writeFailure(posted.row.webhook_id, lineOf);
      case 'delivered':
        if (isWritten(levels.attempts)) write(levels.attempts, lineOf());
    }
  }

  return {
    async recorded(addressed: readonly Addressed[], trx: Knex.Transaction): Promise<void> {
      if (!isWritten(levels.events)) return;
      await onceCommitted(trx, () => {
        for (const one of addressed) write(levels.events, eventLine(one));
      });
    },

    async called({ event, calls }: Finished, trx: Knex.Transaction): Promise<void> {
      if (calls.length === 0 || levels.attempts === 'off') return;
      await onceCommitted(trx, () => {
        for (const call of calls) writeCall(event, call);
      });
    },

    attempted(batch: readonly Posted[]): void {
      if (levels.attempts === 'off') return;
      for (const posted of batch) safely(() => writeAttempt(posted));
    },

    /** Written whatever the level of attempts is: nobody would notice otherwise that a receiver gets nothing any more. */
    announced: (news: News, trx: Knex.Transaction): Promise<void> =>
      onceCommitted(trx, () => write('error', healthLine(news))),
  };
}

type Facts = Record<string, string | number | boolean | string[] | null>;
type Line = { message: string; facts: Facts };

const PREFIX = 'workflow-webhooks: ';

const eventFacts = ({ id, name, uid, documentId, locale }: WebhookEvent): Facts => ({
  eventId: id,
  event: name,
  uid,
  documentId,
  locale,
});

export function eventLine({ event, webhooks }: Addressed): Line {
  const place = [event.uid, event.documentId].filter(Boolean).join(' ');
  const of = place === '' ? '' : ` of ${place}`;
  const names = webhooks.map(({ name }) => `"${name}"`).join(', ');
  return {
    message: `${PREFIX}recorded ${event.name}${of} for ${names} (${event.id})`,
    facts: {
      line: 'event',
      ...eventFacts(event),
      actorType: event.actor.type,
      actorId: event.actor.id === null ? null : String(event.actor.id),
      changes: event.changes.length,
      webhooks: webhooks.map(({ id }) => id),
      deliveries: webhooks.length,
    },
  };
}

const attemptFacts = (attempt: NewAttempt): Facts => ({
  trigger: attempt.trigger,
  outcome: attempt.outcome,
  status: attempt.response?.status ?? null,
  durationMs: Math.round(attempt.durationMs),
  requestBytes: Buffer.byteLength(attempt.request.body),
  responseBytes: attempt.response === null ? 0 : Buffer.byteLength(attempt.response.body),
  error: attempt.error,
});

function outcomeText({ outcome, response, durationMs }: NewAttempt): string {
  const status = response === null ? '' : ` ${response.status}`;
  return `${outcome}${status} in ${Math.round(durationMs)} ms`;
}

function endingOf({ settlement }: Posted): { facts: Facts; then: string } {
  switch (settlement.kind) {
    case 'delivered':
      return { facts: { state: 'delivered', nextAttemptAt: null, reason: null }, then: '' };
    case 'again': {
      const nextAttemptAt = new Date(settlement.at).toISOString();
      const facts = { state: 'retrying', nextAttemptAt, reason: settlement.why };
      return { facts, then: `, again at ${nextAttemptAt}` };
    }
    case 'dead': {
      const facts = { state: 'dead', nextAttemptAt: null, reason: settlement.why };
      return { facts, then: `, dead: ${settlement.why}` };
    }
  }
}

/** An attempt of a delivery, and what becomes of the delivery. */
function attemptLine(posted: Posted): Line {
  const { row, attempt } = posted;
  const { facts, then } = endingOf(posted);
  const number = row.attempt_count + 1;
  return {
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
      ...facts,
      verdict: null,
      ...attemptFacts(attempt),
    },
  };
}

const VERDICTS: Record<VerdictKind, string> = {
  allowed: 'allowed',
  refused: 'refused',
  noAnswer: 'no answer',
  unreadable: 'unreadable answer',
};

/** A verdict with its reason, but not a decision's reason, which is a text of the receiver. */
function verdictText({ verdict, reason }: FinishedCall): string {
  if (verdict === null) return '';
  return `, ${VERDICTS[verdict]}${isUndecided(verdict) ? `: ${reason}` : ''}`;
}

/** `heldBack`: how many failures of the webhook had no line of their own since its last one. */
function withHeldBack({ message, facts }: Line, heldBack: number): Line {
  if (heldBack === 0) return { message, facts };
  return {
    message: `${message}; ${heldBack} more failed since the last such line of this webhook`,
    facts: { ...facts, heldBack },
  };
}

/** A webhook that began to fail, or was disabled. */
export function healthLine({ webhookId, name, notice }: News): Line {
  const reason = noticeReason(notice);
  const [what, then] =
    notice.kind === 'failing'
      ? ['is failing', 'Its deliveries in the panel show what the receiver answered.']
      : ['was disabled', 'Nothing is sent to it until an administrator enables it again.'];
  return {
    message: `${PREFIX}webhook "${name}" ${what}: ${reason} ${then}`,
    facts: { line: 'health', webhookId, webhook: name, state: notice.kind, reason },
  };
}

/** A call that somebody waited for: a test, or a validation. */
export function callLine(event: WebhookEvent, call: FinishedCall): Line {
  const { webhook, attempt, isTest, isDelivered, verdict, reason } = call;
  const what = isTest ? 'tested' : 'asked';
  return {
    message: `${PREFIX}${what} "${webhook.name}" with ${event.name}: ${outcomeText(attempt)}${verdictText(call)} (${event.id})`,
    facts: {
      line: 'attempt',
      ...eventFacts(event),
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
}

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
