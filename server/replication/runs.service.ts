/**
 * The stored runs. Each run is begun, kept alive and ended in the database, together with its events: every instance sees
 * it, and another instance ends a run whose process died.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Recorder } from '../capture/recorder.service';
import type { RunProgress } from '../contract/replication';
import { sentence } from '../contract/sentences';
import { createTables } from '../store/tables.service';
import type { Clock } from '../strapi/clock.service';
import {
  endingOf,
  finishedOf,
  runRow,
  startedOf,
  type Beginning,
  type Ending,
  type RunRow,
} from './run';

const BEAT_MS = 1_000;
export const LEASE_MS = 30_000;
/** A live process may be unable to reach the database for this long: an import locks SQLite while it runs. */
const PATIENCE_MS = 60 * 60_000;
/** How long ended runs are kept. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

const GONE = sentence('replication-process-gone');

type Options = { strapi: Core.Strapi; clock: Clock; recorder: Recorder };
type JobColumns = { active_run: string | null; last_run: string | null };
type Table = (trx: Knex.Transaction) => Knex.QueryBuilder;

type BeginOptions = {
  /** False if the tables are about to be replaced: both events are then stored at the end. */
  notifiesNow: boolean;
};

/** Runs in the transaction of the beginning. Answers whether the run may begin. */
export type RunClaim = (runId: string, trx: Knex.Transaction) => Promise<boolean>;

export const createRuns = ({ strapi, clock, recorder }: Options) => {
  const tables = createTables(strapi);
  const runs: Table = tables.on<RunRow>('replication-run');
  const jobs: Table = tables.on<JobColumns>('replication');
  const own = { host: hostname(), pid: process.pid };

  const runningRun = (runId: string, trx: Knex.Transaction) =>
    runs(trx).where({ run_id: runId, state: 'running' });

  const insert = async (
    beginning: Beginning,
    notifiesNow: boolean,
    { runId, trx }: { runId: string; trx: Knex.Transaction },
  ) => {
    const now = clock.now();
    const moments = { started_at: now, lease_until: now + LEASE_MS };
    const row = runRow(beginning, { run_id: runId, ...own, ...moments, is_told: notifiesNow });
    await runs(trx).insert(row);
    if (notifiesNow) await recorder.record([startedOf(row)]);
  };

  /** Answers the id of the new run. */
  const begin = (beginning: Beginning, { notifiesNow }: BeginOptions): Promise<string> =>
    tables.transaction(async (trx) => {
      const runId = randomUUID();
      await insert(beginning, notifiesNow, { runId, trx });
      return runId;
    });

  /** Null if the claim is refused. */
  const beginClaimed = (beginning: Beginning, claim: RunClaim): Promise<string | null> =>
    tables.transaction(async (trx) => {
      const runId = randomUUID();
      if (!(await claim(runId, trx))) return null;
      await insert(beginning, true, { runId, trx });
      return runId;
    });

  const findAll = async (runIds: string[]): Promise<Map<string, RunRow>> => {
    if (runIds.length === 0) return new Map();
    const rows: RunRow[] = await tables.transaction(async (trx) =>
      runs(trx).whereIn('run_id', runIds),
    );
    return new Map(rows.map((row) => [row.run_id, row]));
  };

  /** The runs of a job, newest first, and how many there are. */
  const ofJob = (jobId: string, { offset, limit }: { offset: number; limit: number }) =>
    tables.transaction(async (trx) => {
      const all = () => runs(trx).where({ job_id: jobId });
      const newest = ['started_at', 'id'].map((column) => ({ column, order: 'desc' }));
      const rows: RunRow[] = await all().orderBy(newest).offset(offset).limit(limit);
      const [counted] = await all().count({ total: '*' });
      return { rows, total: Number(counted?.total ?? 0) };
    });

  /** Extends the lease and stores the progress. Answers whether the run goes on, and whether it was cancelled. */
  const beat = (runId: string, progress: RunProgress | null) =>
    tables.transaction(async (trx) => {
      const lease = { lease_until: clock.now() + LEASE_MS, ...progress };
      const touched = Number(await runningRun(runId, trx).update(lease));
      if (touched === 0) return { goesOn: false, isEnding: false };
      const row: RunRow | undefined = await runs(trx).where({ run_id: runId }).first();
      return { goesOn: true, isEnding: Boolean(row?.is_ending) };
    });

  /** False if the run had ended before. The locked row decides whether a cancellation came in time. */
  const end = (runId: string, came: Ending, progress?: RunProgress): Promise<boolean> =>
    tables.transaction(async (trx) => {
      const row: RunRow | undefined = await runningRun(runId, trx).forUpdate().first();
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
      if (Number(await runningRun(runId, trx).update(columns)) === 0) return false;
      await jobs(trx).where({ active_run: runId }).update({ active_run: null });
      const finished = finishedOf(row, ending, clock.now());
      await recorder.record(row.is_told ? [finished] : [startedOf(row), finished]);
      return true;
    });

  /** Marks the run as cancelled; its process ends it. False if it is not running. */
  const cancel = (runId: string): Promise<boolean> =>
    tables.transaction(
      async (trx) => Number(await runningRun(runId, trx).update({ is_ending: true })) > 0,
    );

  /** A process on this machine can be looked up. For another machine only the lease counts. */
  const isGone = ({ host, pid, lease_until }: RunRow): boolean =>
    host !== own.host ||
    !isProcessAlive(pid) ||
    pid === process.pid ||
    Number(lease_until) + PATIENCE_MS < clock.now();

  /** Ends runs whose process died. `mine` are the runs of this process. */
  const endAbandoned = async (mine: ReadonlySet<string>): Promise<void> => {
    const found: RunRow[] = await tables.transaction(async (trx) =>
      runs(trx).where({ state: 'running' }).where('lease_until', '<', clock.now()),
    );
    for (const row of found.filter((one) => !mine.has(one.run_id) && isGone(one)))
      await end(row.run_id, { state: 'failed', error: GONE });
  };

  /** Deletes old runs, except the last one of each job. */
  const prune = (): Promise<unknown> =>
    tables.transaction(async (trx) => {
      const kept: JobColumns[] = await jobs(trx).whereNotNull('last_run').select('last_run');
      await runs(trx)
        .whereNot({ state: 'running' })
        .where('finished_at', '<', clock.now() - KEPT_MS)
        .whereNotIn(
          'run_id',
          kept.flatMap(({ last_run }) => last_run ?? []),
        )
        .delete();
    });

  return { begin, beginClaimed, findAll, ofJob, beat, end, cancel, endAbandoned, prune };
};

export type Runs = ReturnType<typeof createRuns>;

function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // The process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

type Keeping = {
  runs: Runs;
  runId: string;
  mine: Set<string>;
  /** Left out if the progress is unknown. */
  progress?(): RunProgress;
  /** Called once, when a user has cancelled the run. */
  onCancel?(): void;
  /** Called once, when the database says that the run has ended. */
  onLost?(): void;
};

/** Extends the lease of a run until the answered function is called. A failed beat is retried: the lease outlives several. */
export function keepAlive({ runs, runId, mine, progress, onCancel, onLost }: Keeping): () => void {
  let isCancelled = false;
  let isBeating = false;
  mine.add(runId);
  const beat = async () => {
    const { goesOn, isEnding } = await runs.beat(runId, progress?.() ?? null);
    if (!goesOn) {
      stop();
      onLost?.();
    } else if (isEnding && !isCancelled) {
      isCancelled = true;
      onCancel?.();
    }
  };
  const timer = setInterval(() => {
    if (isBeating) return;
    isBeating = true;
    beat()
      .catch(() => undefined)
      .finally(() => (isBeating = false));
  }, BEAT_MS);
  timer.unref();
  const stop = () => {
    clearInterval(timer);
    mine.delete(runId);
  };
  return stop;
}
