/** Records the calls of validations: the log, the health of their endpoints, and the breaker that spares them. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { WebhookEvent } from '../../contract/event';
import { sentence } from '../../contract/sentences';
import { isUndecided, type Verdict, type VerdictKind } from '../../contract/document';
import type { Tried } from '../../deliver/attempt.service';
import {
  breakerState,
  FAILURES_TO_OPEN,
  OPEN_MS,
  NO_ATTEMPTS,
  withAttempt,
  type KnownHealth,
} from '../../store/health';
import type { ActiveWebhook } from '../../match/active.service';
import { afterCommit } from '../../strapi/database.service';
import type { FinishedCall } from '../../store/outbox/add.service';
import type { Tables } from '../../store/tables.service';
import type { Decision } from './calls.service';
import type { WorkflowOptions } from '../workflow.service';

/** `tried` is null if the breaker or the deadline spared the endpoint. */
export type ValidationCall = { webhook: ActiveWebhook; verdict: Verdict; tried: Tried | null };

export type Meter = { judged(webhook: string, verdict: VerdictKind): void };

export function createValidationRecords(options: WorkflowOptions) {
  const { strapi, outbox, health, clock, active, announce, meter } = options;

  /** The endpoints that are not called now, and until when. */
  async function spared(webhookIds: readonly string[]): Promise<Map<string, number>> {
    const result = new Map<string, number>();
    for (const [id, known] of await health.all(webhookIds)) {
      const until = await sparedUntil(id, known);
      if (until !== null) result.set(id, until);
    }
    return result;
  }

  /** Null if the endpoint may be called. If several callers find the pause over, one of them calls. */
  async function sparedUntil(webhookId: string, known: KnownHealth): Promise<number | null> {
    const now = clock.now();
    switch (breakerState(known, now)) {
      case 'closed':
        return null;
      case 'open':
        return known.parkedUntil;
      case 'probe':
        return (await health.takeProbe(webhookId, known.parkedUntil, now + OPEN_MS))
          ? null
          : now + OPEN_MS;
    }
  }

  async function store(
    event: WebhookEvent,
    calls: readonly ValidationCall[],
    trx: Knex.Transaction,
  ): Promise<void> {
    await outbox.addFinished({ event, calls: calls.flatMap(finishedCallOf) }, trx);
    await recordHealth(calls, trx);
    await afterCommit(strapi, trx, () => {
      for (const { webhook, verdict } of calls) meter.judged(webhook.id, verdict.kind);
    });
  }

  async function recordHealth(calls: readonly ValidationCall[], trx: Knex.Transaction) {
    const now = clock.now();
    const made = calls.filter(({ tried }) => tried !== null);
    const tallies = made.map(({ webhook, verdict }) => {
      const isAnswered = !isUndecided(verdict.kind);
      return [webhook.id, withAttempt(NO_ATTEMPTS, isAnswered, now)] as const;
    });
    const news = await health.withoutKnown(new Map(tallies), { trx, now });
    // A validation that disabled itself would let everything pass: only an administrator takes it away.
    const notices = await health.record(news, { trx, now, disableAfter: 0 });
    for (const { webhook, verdict } of made) {
      const { id: webhookId, name } = webhook;
      if (isUndecided(verdict.kind))
        await health.parkFailing(webhookId, FAILURES_TO_OPEN, { until: now + OPEN_MS, trx });
      const notice = notices.get(webhookId);
      if (notice)
        await announce({ webhookId, name, notice }, { trx, now, webhooks: await active() });
    }
  }

  return { spared, store };
}

/** A call that was not made is not logged. */
function finishedCallOf({ webhook, verdict, tried }: ValidationCall): FinishedCall[] {
  if (tried === null) return [];
  return [
    {
      webhook,
      attempt: { ...tried.attempt, trigger: 'automatic' },
      isDelivered: !isUndecided(verdict.kind),
      isTest: false,
      reason: `${verdict.message} ${sentence('validation-not-repeated')}`,
      verdict: verdict.kind,
    },
  ];
}

type Work = () => Promise<void>;

/**
 * Writes that no transaction takes back. A write that fails is logged and throws nothing: the caller still reports its
 * own result, a refusal for instance.
 */
export function createDetachedWrites(strapi: Core.Strapi) {
  // As it was when the app started: in no request, and in no transaction.
  const outside = AsyncLocalStorage.snapshot();

  function logged(work: Work): Promise<void> {
    return work().catch((error: Error) => {
      strapi.log.error(
        `workflow-webhooks: what validations answered could not be recorded: ${error.stack}`,
      );
    });
  }

  /** Nobody waits for the work, and it runs once, however often the result is called. */
  function once(work: Work): () => void {
    let isDone = false;
    return () => {
      if (isDone) return;
      isDone = true;
      outside(() => setImmediate(() => void logged(work)));
    };
  }

  return {
    /** At once, or when the open transaction has ended, committed or not. */
    always: async (work: Work): Promise<void> => {
      if (!strapi.db.inTransaction()) return logged(work);
      await strapi.db.transaction(async ({ onCommit, onRollback }) => {
        const later = once(work);
        onRollback(later);
        onCommit(later);
      });
    },
    /** For work that the open transaction does itself, unless it fails. */
    ifRolledBack: async (work: Work): Promise<void> => {
      await strapi.db.transaction(async ({ onRollback }) => onRollback(once(work)));
    },
    inBackground: (work: Work): void => once(work)(),
  };
}

/** Stores the calls of decisions that led to nothing, so that every call is found in the log. */
export function createStoreCalls(tables: Tables) {
  return (decisions: readonly Decision[]) => async (): Promise<void> => {
    for (const { isValidated, store } of decisions)
      if (isValidated) await tables.transaction(store);
  };
}
