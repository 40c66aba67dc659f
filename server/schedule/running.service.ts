/**
 * Takes the steps that are due, each by exactly one instance. The step is settled in the transaction in which the
 * document is published, so a crash leaves either nothing or all of it: what was published is not told twice.
 */
import { sentence } from '../contract/sentences';
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '@strapi/strapi';
import type { Clock } from '../strapi/clock.service';
import type { InTransaction } from '../store/transaction.service';
import { Momentary, errors } from '../strapi/errors';
import { SCHEDULE_UID } from '../store/models';
import { ended, GONE, retryAfter, settled, stepOf, triesOf, type ScheduleRow } from './plan';
import type { Telling } from './telling.service';

/** Longer than a publish and all that it asks may take. */
export const LEASE_MS = 60_000;
/** Steps under way at once in one instance. Most of a step's time goes into waiting for the endpoints that validate it. */
const AT_ONCE = 10;
/** What is read at once: more than can begin, since some of it may be of one document. */
const PAGE = 50;
/** While long steps are under way, others fall due. */
const LOOK_AGAIN_MS = 1_000;

type Options = { strapi: Core.Strapi; clock: Clock; telling: Telling; transaction: InTransaction };

const BROKEN = sentence('schedule-broken');
const AGAIN = sentence('schedule-again');

type Action = { uid: string; action: string; params?: { documentId?: string } };

const ACTIONS = { publish: 'publish', archive: 'unpublish' } as const;

/** What the gate and its endpoints read or write on the way is no step. */
const isStepOf = (row: ScheduleRow, { uid, action, params }: Action): boolean =>
  action === ACTIONS[stepOf(row)] && uid === row.uid && params?.documentId === row.documentId;

const isRefusal = (error: unknown): boolean =>
  error instanceof errors.ApplicationError && !(error instanceof Momentary);

/** The lease ran out and another took it, or an editor cancelled: whatever was begun is rolled back. */
class LostClaim extends Error {}

export const createRunning = ({ strapi, clock, telling, transaction }: Options) => {
  const rows = () => strapi.db.query(SCHEDULE_UID as never);
  const underWay = new AsyncLocalStorage<ScheduleRow>();

  const settle = async (row: ScheduleRow, data: Partial<ScheduleRow>): Promise<ScheduleRow> => {
    const { count } = await rows().updateMany({
      where: { id: row.id, claimId: row.claimId, state: 'scheduled' },
      data,
    });
    if (count === 0) throw new LostClaim();
    return { ...row, ...data };
  };

  /** A document middleware: around the scheduled publish alone, and inside the gate. */
  const settleWithin = async (context: Action, next: () => Promise<unknown>): Promise<unknown> => {
    const row = underWay.getStore();
    if (!row || !isStepOf(row, context)) return next();
    return transaction(async () => {
      const result = await underWay.exit(next);
      const told = stepOf(row) === 'publish' ? 'schedule.publish' : 'schedule.archive';
      await telling.tell(told, await settle(row, settled(row)));
      return result;
    });
  };

  const take = async (row: ScheduleRow): Promise<void> => {
    const { uid, documentId, locale } = row;
    if (!(await telling.entryOf(row))) throw new errors.ApplicationError(GONE);
    const documents = strapi.documents(uid as never);
    const wish = { documentId, ...(locale === null ? {} : { locale }) } as never;
    await underWay.run(row, async () => {
      if (stepOf(row) === 'publish') await documents.publish(wish);
      else await documents.unpublish(wish);
    });
  };

  const fail = (row: ScheduleRow, error: string) =>
    transaction(async () => {
      const data = { ...ended(row), state: 'failed' as const, error };
      await telling.tell('schedule.fail', await settle(row, data));
    });

  /** What is no refusal may be over in a moment, as a database that is away, and is tried again a few times. */
  const retry = async (row: ScheduleRow, wait: number): Promise<void> => {
    const data = {
      claimId: null,
      dueAt: clock.now() + wait,
      tries: triesOf(row) + 1,
      error: AGAIN,
    };
    await settle(row, data);
  };

  /** Words for people are told; anything else may tell of the database, and belongs into the log. */
  const failed = async (row: ScheduleRow, error: unknown): Promise<void> => {
    const words = error instanceof errors.ApplicationError ? error.message : BROKEN;
    if (isRefusal(error)) return void (await fail(row, words));
    const wait = retryAfter(triesOf(row));
    strapi.log.error(
      `workflow-webhooks: the ${stepOf(row)} of a schedule failed${wait === null ? '' : ` and is tried again in ${wait / 1000} s`}: ${error instanceof Error ? error.stack : error}`,
    );
    await (wait === null ? fail(row, words) : retry(row, wait));
  };

  /** Null where another instance was faster. */
  const claimed = async (row: ScheduleRow): Promise<ScheduleRow | null> => {
    const claim = { claimId: randomUUID(), dueAt: clock.now() + LEASE_MS };
    const { count } = await rows().updateMany({
      where: { id: row.id, state: 'scheduled', dueAt: row.dueAt },
      data: claim,
    });
    return count === 1 ? { ...row, ...claim } : null;
  };

  const run = async (candidate: ScheduleRow): Promise<void> => {
    const row = await claimed(candidate);
    if (!row) return;
    try {
      await take(row);
    } catch (error) {
      if (!(error instanceof LostClaim)) await failed(row, error);
    }
  };

  const due = async (): Promise<ScheduleRow[]> =>
    (await rows().findMany({
      where: { state: 'scheduled', dueAt: { $lte: clock.now() } },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
      limit: PAGE,
    })) as ScheduleRow[];

  /**
   * Everything that is due, the longest waiting first, several steps at once. Steps of one document run one after the
   * other, because its locales share fields. Once `isWanted` says no, what has begun is finished, and nothing else begins.
   */
  const runDue = async (isWanted: () => boolean): Promise<void> => {
    const underWay = new Map<string, Promise<void>>();
    const tried = new Set<string>();
    const failures: unknown[] = [];
    const begin = (row: ScheduleRow): void => {
      const document = `${row.uid} ${row.documentId}`;
      const attempt = `${row.id} ${row.dueAt}`;
      if (underWay.size >= AT_ONCE || underWay.has(document) || tried.has(attempt)) return;
      tried.add(attempt);
      const step = run(row)
        .catch((error) => void failures.push(error))
        .finally(() => underWay.delete(document));
      underWay.set(document, step);
    };
    while (failures.length === 0 && isWanted()) {
      (await due()).forEach(begin);
      if (underWay.size === 0) break;
      await Promise.race([...underWay.values(), sleep(LOOK_AGAIN_MS, undefined, { ref: false })]);
    }
    await Promise.all(underWay.values());
    if (failures.length > 0) throw failures[0];
  };

  return { runDue, settleWithin };
};

export type Running = ReturnType<typeof createRunning>;
