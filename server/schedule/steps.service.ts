/**
 * Runs the steps that are due, each on exactly one instance. A step is settled in the transaction that publishes the
 * document: a crash leaves either nothing or all of it, and no publication is notified twice.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '@strapi/strapi';
import { sentence } from '../contract/sentences';
import type { InTransaction, Rows } from '../strapi/database.service';
import type { Clock } from '../strapi/clock.service';
import {
  documentsOf,
  type DocumentCall,
  type DocumentMiddleware,
} from '../strapi/documents.service';
import { errors, Momentary } from '../strapi/errors';
import type { ScheduleNotices } from './notices.service';
import { ended, GONE, retryAfter, settled, stepOf, triesOf, type ScheduleRow } from './plan';

/** Longer than a publication and its validations may take. */
const LEASE_MS = 60_000;
/** Steps under way at once in one instance. A step mostly waits for the endpoints that validate it. */
const AT_ONCE = 10;
/** Rows that are read at once: more than can start, since some may be of one document. */
const PAGE = 50;
/** While long steps are under way, others fall due. */
const LOOK_AGAIN_MS = 1_000;

const BROKEN = sentence('schedule-broken');
const AGAIN = sentence('schedule-again');

const ACTIONS = { publish: 'publish', archive: 'unpublish' } as const;

/** The lease expired and another instance took it, or an editor cancelled: the transaction is rolled back. */
class LostClaim extends Error {}

type Options = {
  strapi: Core.Strapi;
  clock: Clock;
  rows: Rows<ScheduleRow>;
  notices: ScheduleNotices;
  transaction: InTransaction;
};

export const createScheduleSteps = ({ strapi, clock, rows, notices, transaction }: Options) => {
  const underWay = new AsyncLocalStorage<ScheduleRow>();

  /**
   * Everything that is due, the longest waiting first, several steps at once. Steps of one document run one after the
   * other, because its locales share fields. When `isWanted` turns false, no further step starts.
   */
  const runDue = async (isWanted: () => boolean): Promise<void> => {
    const running = new Map<string, Promise<void>>();
    const tried = new Set<string>();
    const failures: unknown[] = [];
    const begin = (row: ScheduleRow): void => {
      const document = `${row.uid} ${row.documentId}`;
      const attempt = `${row.id} ${row.dueAt}`;
      if (running.size >= AT_ONCE || running.has(document) || tried.has(attempt)) return;
      tried.add(attempt);
      const step = runStep(row)
        .catch((error) => void failures.push(error))
        .finally(() => running.delete(document));
      running.set(document, step);
    };
    while (failures.length === 0 && isWanted()) {
      (await due()).forEach(begin);
      if (running.size === 0) break;
      await Promise.race([...running.values(), sleep(LOOK_AGAIN_MS, undefined, { ref: false })]);
    }
    await Promise.all(running.values());
    if (failures.length > 0) throw failures[0];
  };

  const due = (): Promise<ScheduleRow[]> =>
    rows.findMany({
      where: { state: 'scheduled', dueAt: { $lte: clock.now() } },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
      limit: PAGE,
    });

  const runStep = async (candidate: ScheduleRow): Promise<void> => {
    const row = await claimed(candidate);
    if (!row) return;
    try {
      await act(row);
    } catch (error) {
      if (!(error instanceof LostClaim)) await failOrRetry(row, error);
    }
  };

  /** Null if another instance was faster. */
  const claimed = async (row: ScheduleRow): Promise<ScheduleRow | null> => {
    const data = { claimId: randomUUID(), dueAt: clock.now() + LEASE_MS };
    const { count } = await rows.updateMany({
      where: { id: row.id, state: 'scheduled', dueAt: row.dueAt },
      data,
    });
    return count === 1 ? { ...row, ...data } : null;
  };

  const act = async (row: ScheduleRow): Promise<void> => {
    const { uid, documentId, locale } = row;
    if (!(await notices.entryOf(row))) throw new errors.ApplicationError(GONE);
    const params = { documentId, ...(locale === null ? {} : { locale }) };
    await underWay.run(row, async () => {
      await documentsOf(strapi, uid)[ACTIONS[stepOf(row)]](params);
    });
  };

  /** A document middleware: around the scheduled publication only, and inside the gate. */
  const settleWithin: DocumentMiddleware = async (call, next) => {
    const row = underWay.getStore();
    if (!row || !isStepOf(row, call)) return next();
    return transaction(async () => {
      const result = await underWay.exit(next);
      const name = stepOf(row) === 'publish' ? 'schedule.publish' : 'schedule.archive';
      await notices.record(name, await settle(row, settled(row)));
      return result;
    });
  };

  const settle = async (row: ScheduleRow, data: Partial<ScheduleRow>): Promise<ScheduleRow> => {
    const { count } = await rows.updateMany({
      where: { id: row.id, claimId: row.claimId, state: 'scheduled' },
      data,
    });
    if (count === 0) throw new LostClaim();
    return { ...row, ...data };
  };

  /**
   * An error that is no refusal may be over in a moment, as when the database is away: it is retried a few times. Its
   * message may reveal the database, so it goes only to the log.
   */
  const failOrRetry = async (row: ScheduleRow, error: unknown): Promise<void> => {
    const message = error instanceof errors.ApplicationError ? error.message : BROKEN;
    const fail = () =>
      transaction(async () => {
        const data = { ...ended(row), state: 'failed' as const, error: message };
        await notices.record('schedule.fail', await settle(row, data));
      });
    if (error instanceof errors.ApplicationError && !(error instanceof Momentary))
      return void (await fail());
    const tries = triesOf(row);
    const wait = retryAfter(tries);
    strapi.log.error(
      `workflow-webhooks: the ${stepOf(row)} of a schedule failed${wait === null ? '' : ` and is tried again in ${wait / 1000} s`}: ${error instanceof Error ? error.stack : error}`,
    );
    if (wait === null) await fail();
    else
      await settle(row, {
        claimId: null,
        dueAt: clock.now() + wait,
        tries: tries + 1,
        error: AGAIN,
      });
  };

  return { runDue, settleWithin };
};

/** Other calls of the gate and of validation endpoints on the way are no step. */
function isStepOf(row: ScheduleRow, { uid, action, params }: DocumentCall): boolean {
  return (
    action === ACTIONS[stepOf(row)] && uid === row.uid && params?.documentId === row.documentId
  );
}
