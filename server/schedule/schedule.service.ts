/**
 * Builds the parts of schedules, and runs the steps that are due, each on exactly one instance. A step is settled in the
 * transaction that publishes the document: a crash leaves either nothing or all of it, and no publication is notified
 * twice.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '@strapi/strapi';
import { createContext } from '../strapi/requests.service';
import type { Live } from '../capture/reader.service';
import type { Recorder } from '../capture/recorder.service';
import type { Actor } from '../contract/event';
import { sentence } from '../contract/sentences';
import type { Audit } from '../store/audit.service';
import { SCHEDULE_UID } from '../store/models';
import { createRepeating, type Clock } from '../strapi/clock.service';
import { joinTransaction, rowsOf, type InTransaction, type Rows } from '../strapi/database.service';
import {
  documentsOf,
  type DocumentCall,
  type DocumentMiddleware,
} from '../strapi/documents.service';
import { errors, Momentary, refused } from '../strapi/errors';
import type { Schemas } from '../strapi/model/schema.service';
import { createTitles, type Reading } from '../strapi/permissions/reading.service';
import { cancelWithDocument, createScheduleNotices, type ScheduleNotices } from './notices.service';
import { ended, retryAfter, settled, stepOf, type ScheduleRow } from './plan';

const EVERY_MS = 1_000;
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

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  reading: Reading;
  recorder: Recorder;
  live: Live;
  clock: Clock;
  audit: Audit;
  actor(): Actor;
};

export function createSchedule(options: Options) {
  const { strapi, clock, actor } = options;
  const notices = createScheduleNotices(options);
  const rows = rowsOf<ScheduleRow>(strapi, SCHEDULE_UID);
  const transaction: InTransaction = (work) => joinTransaction(strapi, work);
  const { runDue, settleSchedule } = createSteps({ strapi, clock, rows, notices, transaction });
  const onError = ({ stack }: Error) =>
    strapi.log.error(`workflow-webhooks: schedules are looked at again after an error: ${stack}`);
  return {
    ...{ notices, transaction, settleSchedule },
    scheduleRunner: createRepeating(runDue, { everyMs: EVERY_MS, clock, onError }),
    cancelSchedules: cancelWithDocument({ rows, notices, transaction, actor }),
    titles: createTitles(options),
  };
}

/** The lease expired and another instance took it, or an editor cancelled: the transaction is rolled back. */
class LostClaim extends Error {}

type StepOptions = {
  strapi: Core.Strapi;
  clock: Clock;
  rows: Rows<ScheduleRow>;
  notices: ScheduleNotices;
  transaction: InTransaction;
};

function createSteps({ strapi, clock, rows, notices, transaction }: StepOptions) {
  const underWay = createContext<ScheduleRow>();

  /**
   * Runs everything that is due, the longest waiting first, several steps at once. Steps of one document run one after
   * the other, because its locales share fields. When `isWanted` turns false, no further step starts.
   */
  async function runDue(isWanted: () => boolean): Promise<void> {
    const running = new Map<string, Promise<void>>();
    const tried = new Set<string>();
    const failures: unknown[] = [];
    function begin(row: ScheduleRow): void {
      const document = `${row.uid} ${row.documentId}`;
      const attempt = `${row.id} ${row.dueAt}`;
      if (running.size >= AT_ONCE || running.has(document) || tried.has(attempt)) return;
      tried.add(attempt);
      const step = runStep(row)
        .catch((error) => void failures.push(error))
        .finally(() => running.delete(document));
      running.set(document, step);
    }
    while (failures.length === 0 && isWanted()) {
      (await due()).forEach(begin);
      if (running.size === 0) break;
      await Promise.race([...running.values(), sleep(LOOK_AGAIN_MS, undefined, { ref: false })]);
    }
    await Promise.all(running.values());
    if (failures.length > 0) throw failures[0];
  }

  function due(): Promise<ScheduleRow[]> {
    return rows.findMany({
      where: { state: 'scheduled', dueAt: { $lte: clock.now() } },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
      limit: PAGE,
    });
  }

  async function runStep(candidate: ScheduleRow): Promise<void> {
    const row = await claimed(candidate);
    if (!row) return;
    try {
      await act(row);
    } catch (error) {
      if (!(error instanceof LostClaim)) await failOrRetry(row, error);
    }
  }

  /** Null if another instance was faster. */
  async function claimed(row: ScheduleRow): Promise<ScheduleRow | null> {
    const data = { claimId: randomUUID(), dueAt: clock.now() + LEASE_MS };
    const where = { id: row.id, state: 'scheduled', dueAt: row.dueAt };
    const { count } = await rows.updateMany({ where, data });
    return count === 1 ? { ...row, ...data } : null;
  }

  async function act(row: ScheduleRow): Promise<void> {
    const { uid, documentId, locale } = row;
    if (!(await notices.entryOf(row))) throw refused('document-gone');
    const params = { documentId, ...(locale === null ? {} : { locale }) };
    await underWay.run(row, async () => {
      await documentsOf(strapi, uid)[ACTIONS[stepOf(row)]](params);
    });
  }

  /** A document middleware: around the scheduled publication only, and inside the gate. */
  const settleSchedule: DocumentMiddleware = async (call, next) => {
    const row = underWay.get();
    if (!row || !isStepOf(row, call)) return next();
    return transaction(async () => {
      const result = await underWay.exit(next);
      const name = stepOf(row) === 'publish' ? 'schedule.publish' : 'schedule.archive';
      await notices.record(name, await settle(row, settled(row)));
      return result;
    });
  };

  async function settle(row: ScheduleRow, data: Partial<ScheduleRow>): Promise<ScheduleRow> {
    const where = { id: row.id, claimId: row.claimId, state: 'scheduled' };
    const { count } = await rows.updateMany({ where, data });
    if (count === 0) throw new LostClaim();
    return { ...row, ...data };
  }

  /**
   * An error that is no refusal may be over in a moment, as when the database is away: it is retried a few times. Its
   * message may reveal the database, so it goes only to the log.
   */
  async function failOrRetry(row: ScheduleRow, error: unknown): Promise<void> {
    const isRefusal = error instanceof errors.ApplicationError;
    const message = isRefusal ? error.message : BROKEN;
    if (isRefusal && !(error instanceof Momentary)) return fail(row, message);
    const tries = Number(row.tries ?? 0);
    const wait = retryAfter(tries);
    strapi.log.error(
      `workflow-webhooks: the ${stepOf(row)} of a schedule failed${wait === null ? '' : ` and is tried again in ${wait / 1000} s`}: ${error instanceof Error ? error.stack : error}`,
    );
    if (wait === null) return fail(row, message);
    const dueAt = clock.now() + wait;
    await settle(row, { claimId: null, dueAt, tries: tries + 1, error: AGAIN });
  }

  function fail(row: ScheduleRow, error: string): Promise<void> {
    return transaction(async () => {
      const failed = await settle(row, { ...ended(row), state: 'failed', error });
      await notices.record('schedule.fail', failed);
    });
  }

  return { runDue, settleSchedule };
}

/** Other calls of the gate and of validation endpoints on the way are no step. */
function isStepOf(row: ScheduleRow, { uid, action, params }: DocumentCall): boolean {
  return (
    action === ACTIONS[stepOf(row)] && uid === row.uid && params?.documentId === row.documentId
  );
}
