/**
 * The book of runs: each is begun, kept alive and ended in the database, with its events, so that every instance sees it
 * and a run whose process died is found by another.
 */
import { sentence } from '../contract/sentences';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Recorder } from '../capture/recorder.service';
import type { RunProgress } from '../contract/replication';
import type { Clock } from '../strapi/clock.service';
import { createTables } from '../store/tables.service';
import { isProcessAlive } from './process.service';
import {
  endingOf,
  finishedOf,
  runRow,
  startedOf,
  type Beginning,
  type Ending,
  type RunRow,
} from './run';

export const BEAT_MS = 1_000;
export const LEASE_MS = 30_000;
/** So long, a process that is there but cannot reach the database is waited for: SQLite is locked while an import runs. */
const PATIENCE_MS = 60 * 60_000;
/** So long runs that are over are kept. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

const GONE = sentence('replication-process-gone');

type Options = { strapi: Core.Strapi; clock: Clock; recorder: Recorder };
type JobRow = { job_id: string; active_run: string | null; last_run: string | null };

export type BeginOptions = {
  /** False where the tables are about to be replaced: it is told then, with its end, to the webhooks of afterwards. */
  tellsNow: boolean;
};

/** In the transaction of the beginning: whether there is one. */
type Claim = (runId: string, trx: Knex.Transaction) => Promise<boolean>;

export const createRuns = ({ strapi, clock, recorder }: Options) => {
  const tables = createTables(strapi);
  const runs = tables.on<RunRow>('replication-run');
  const jobs = tables.on<JobRow>('replication');
  const own = { host: hostname(), pid: process.pid };

  const insert = async (
    beginning: Beginning,
    tellsNow: boolean,
    place: { runId: string; trx: Knex.Transaction },
  ) => {
    const now = clock.now();
    const moments = { started_at: now, lease_until: now + LEASE_MS };
    const row = runRow(beginning, { run_id: place.runId, ...own, ...moments, is_told: tellsNow });
    await runs(place.trx).insert(row as never);
    if (tellsNow) await recorder.record([startedOf(row)]);
  };

  /** The id of the new run. */
  const begin = (beginning: Beginning, { tellsNow }: BeginOptions): Promise<string> =>
    tables.transaction(async (trx) => {
      const runId = randomUUID();
      await insert(beginning, tellsNow, { runId, trx });
      return runId;
    });

  /** The same, where the claim is granted; null where it is not. */
  const beginClaimed = (beginning: Beginning, claim: Claim): Promise<string | null> =>
    tables.transaction(async (trx) => {
      const runId = randomUUID();
      if (!(await claim(runId, trx))) return null;
      await insert(beginning, true, { runId, trx });
      return runId;
    });

  const running = (runId: string, trx: Knex.Transaction) =>
    runs(trx).where({ run_id: runId, state: 'running' } as never);

  /** Of several, by id. */
  const findAll = async (runIds: string[]): Promise<Map<string, RunRow>> => {
    if (runIds.length === 0) return new Map();
    const rows = await tables.transaction(async (trx) => runs(trx).whereIn('run_id', runIds));
    return new Map((rows as RunRow[]).map((row) => [row.run_id, row]));
  };

  /** Those of a job, newest first, and how many there are. */
  const ofJob = (jobId: string, { offset, limit }: { offset: number; limit: number }) =>
    tables.transaction(async (trx) => {
      const all = () => runs(trx).where({ job_id: jobId } as never);
      const rows = (await all()
        .orderBy([
          { column: 'started_at', order: 'desc' },
          { column: 'id', order: 'desc' },
        ])
        .offset(offset)
        .limit(limit)) as RunRow[];
      const [counted] = (await all().count({ total: '*' })) as unknown as { total: number }[];
      return { rows, total: Number(counted?.total ?? 0) };
    });

  /** What it has come to. Answers whether it goes on, and whether somebody asked for its end. */
  const beat = (runId: string, progress: RunProgress | null) =>
    tables.transaction(async (trx) => {
      const lease = { lease_until: clock.now() + LEASE_MS, ...progress };
      const touched = Number(await running(runId, trx).update(lease as never));
      if (touched === 0) return { goesOn: false, isEnding: false };
      const row = (await runs(trx).where({ run_id: runId }).first()) as RunRow | undefined;
      return { goesOn: true, isEnding: Boolean(row?.is_ending) };
    });

  const settle = async (row: RunRow, ending: Ending, trx: Knex.Transaction) => {
    await jobs(trx)
      .where({ active_run: row.run_id })
      .update({ active_run: null } as never);
    const told = finishedOf(row, ending, clock.now());
    await recorder.record(row.is_told ? [told] : [startedOf(row), told]);
  };

  /** Once only: false where it was ended before. The row is locked, so that a cancellation comes before or too late. */
  const end = (runId: string, came: Ending, progress?: RunProgress): Promise<boolean> =>
    tables.transaction(async (trx) => {
      const row = (await running(runId, trx).forUpdate().first()) as RunRow | undefined;
      if (!row) return false;
      const ending = endingOf(came, { isCancelled: Boolean(row.is_ending) });
      const columns = {
        state: ending.state,
        finished_at: clock.now(),
        counts: JSON.stringify(ending.tallied?.counts ?? {}),
        error: ending.state === 'completed' ? null : ending.error,
        is_told: true,
        ...progress,
      };
      if (Number(await running(runId, trx).update(columns as never)) === 0) return false;
      await settle(row, ending, trx);
      return true;
    });

  /** Asks whoever runs it to end it. False where it does not run. */
  const cancel = (runId: string): Promise<boolean> =>
    tables.transaction(
      async (trx) => Number(await running(runId, trx).update({ is_ending: true } as never)) > 0,
    );

  /** On this machine one can look; of another, the lease is all that is known. */
  const isGone = ({ host, pid, lease_until }: RunRow): boolean =>
    host !== own.host ||
    !isProcessAlive(pid) ||
    pid === process.pid ||
    Number(lease_until) + PATIENCE_MS < clock.now();

  /** Ends what no process runs any more. `mine` are those that this one runs. */
  const bury = async (mine: ReadonlySet<string>): Promise<void> => {
    const found = (await tables.transaction(async (trx) =>
      runs(trx)
        .where({ state: 'running' } as never)
        .where('lease_until', '<', clock.now()),
    )) as RunRow[];
    for (const row of found.filter((one) => !mine.has(one.run_id) && isGone(one)))
      await end(row.run_id, { state: 'failed', error: GONE });
  };

  /** Forgets what has long been over, but the last of each job. */
  const prune = (): Promise<unknown> =>
    tables.transaction(async (trx) => {
      const kept = (await jobs(trx).whereNotNull('last_run').select('last_run')) as JobRow[];
      const old = runs(trx)
        .whereNot({ state: 'running' } as never)
        .where('finished_at', '<', clock.now() - KEPT_MS);
      const last = kept.flatMap(({ last_run }) => last_run ?? []);
      await old.whereNotIn('run_id', last).delete();
    });

  return { begin, beginClaimed, findAll, ofJob, beat, end, cancel, bury, prune };
};

export type Runs = ReturnType<typeof createRuns>;
