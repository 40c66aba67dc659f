/**
 * Runs of replications: each is begun, kept alive and ended in the database, together with its events. Every instance
 * sees all runs, and ends those whose process died.
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
} from './job';

const BEAT_MS = 1_000;
export const LEASE_MS = 30_000;
/** A live process may be unable to reach the database for this long: an import locks SQLite while it runs. */
const PATIENCE_MS = 60 * 60_000;
/** How long ended runs are kept. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

const HOST = hostname();
const GONE = sentence('replication-process-gone');

type Options = { strapi: Core.Strapi; clock: Clock; recorder: Recorder };
type JobColumns = { active_run: string | null; last_run: string | null };
type Table = (trx: Knex.Transaction) => Knex.QueryBuilder;

/** Runs in the transaction of the beginning. Returns whether the run may begin. */
export type RunClaim = (runId: string, trx: Knex.Transaction) => Promise<boolean>;

type Watch = {
  /** Left out if the progress is unknown. */
  progress?(): RunProgress;
  /** Called at every beat after a user has cancelled the run. */
  onCancel?(): void;
  /** Called once, when the database says that the run has ended. */
  onLost?(): void;
};
type BeginOptions = Watch & {
  /** False if the tables are about to be replaced: both events are then stored at the end. */
  notifiesNow?: boolean;
};

/** A run of this process. Its lease is extended until `stop`. */
export type LiveRun = {
  id: string;
  /** Stores the end. False if the run had ended before. */
  end(ending: Ending, progress?: RunProgress): Promise<boolean>;
  stop(): void;
};

export function createRuns({ strapi, clock, recorder }: Options) {
  const tables = createTables(strapi);
  const runs: Table = tables.on<RunRow>('replication-run');
  const jobs: Table = tables.on<JobColumns>('replication');
  const own = { host: HOST, pid: process.pid };
  /** The runs of this process. */
  const mine = new Set<string>();

  function runningRun(runId: string, trx: Knex.Transaction) {
    return runs(trx).where({ run_id: runId, state: 'running' });
  }

  async function begin(beginning: Beginning, how: BeginOptions = {}): Promise<LiveRun> {
    return (await beginIf(async () => true, beginning, how)) as LiveRun;
  }

  /** Null if the claim is refused. */
  async function beginIf(
    claim: RunClaim,
    beginning: Beginning,
    { notifiesNow = true, ...watch }: BeginOptions,
  ): Promise<LiveRun | null> {
    const runId = randomUUID();
    const isBegun = await tables.transaction(async (trx) => {
      if (!(await claim(runId, trx))) return false;
      const now = clock.now();
      const moments = { started_at: now, lease_until: now + LEASE_MS };
      const row = runRow(beginning, { run_id: runId, ...own, ...moments, is_told: notifiesNow });
      await runs(trx).insert(row);
      if (notifiesNow) await recorder.record([startedOf(row)]);
      return true;
    });
    return isBegun ? keepAlive(runId, watch) : null;
  }

  /** A failed beat is retried at the next one: the lease outlives several. */
  function keepAlive(runId: string, { progress, onCancel, onLost }: Watch): LiveRun {
    let isBeating = false;
    mine.add(runId);
    async function watch(): Promise<void> {
      const { goesOn, isEnding } = await beat(runId, progress?.() ?? null);
      if (isEnding) onCancel?.();
      if (goesOn) return;
      stop();
      onLost?.();
    }
    const timer = setInterval(() => {
      if (isBeating) return;
      isBeating = true;
      watch()
        .catch(() => undefined)
        .finally(() => (isBeating = false));
    }, BEAT_MS);
    timer.unref();
    function stop(): void {
      clearInterval(timer);
      mine.delete(runId);
    }
    return { id: runId, end: (ending, last) => end(runId, ending, last), stop };
  }

  /** Extends the lease and stores the progress. Returns whether the run goes on, and whether it was cancelled. */
  function beat(runId: string, progress: RunProgress | null) {
    return tables.transaction(async (trx) => {
      const lease = { lease_until: clock.now() + LEASE_MS, ...progress };
      const touched = Number(await runningRun(runId, trx).update(lease));
      if (touched === 0) return { goesOn: false, isEnding: false };
      const row: RunRow | undefined = await runs(trx).where({ run_id: runId }).first();
      return { goesOn: true, isEnding: Boolean(row?.is_ending) };
    });
  }

  /** The locked row decides whether a cancellation came in time. */
  function end(runId: string, came: Ending, progress?: RunProgress): Promise<boolean> {
    return tables.transaction(async (trx) => {
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
  }

  /** Marks the run as cancelled; its process ends it. False if it is not running. */
  function cancel(runId: string): Promise<boolean> {
    return tables.transaction(
      async (trx) => Number(await runningRun(runId, trx).update({ is_ending: true })) > 0,
    );
  }

  /** Ends runs whose process died. */
  async function endAbandoned(): Promise<void> {
    const found: RunRow[] = await tables.transaction(async (trx) =>
      runs(trx).where({ state: 'running' }).where('lease_until', '<', clock.now()),
    );
    for (const row of found.filter((one) => !mine.has(one.run_id) && isGone(one, clock.now())))
      await end(row.run_id, { state: 'failed', error: GONE });
  }

  /** Deletes old runs, except the last one of each job. */
  function prune(): Promise<unknown> {
    return tables.transaction(async (trx) => {
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
  }

  async function findAll(runIds: string[]): Promise<Map<string, RunRow>> {
    if (runIds.length === 0) return new Map();
    const rows: RunRow[] = await tables.transaction(async (trx) =>
      runs(trx).whereIn('run_id', runIds),
    );
    return new Map(rows.map((row) => [row.run_id, row]));
  }

  /** The runs of a job, newest first, and how many there are. */
  function ofJob(jobId: string, { offset, limit }: { offset: number; limit: number }) {
    return tables.transaction(async (trx) => {
      const all = () => runs(trx).where({ job_id: jobId });
      const newest = ['started_at', 'id'].map((column) => ({ column, order: 'desc' }));
      const rows: RunRow[] = await all().orderBy(newest).offset(offset).limit(limit);
      const [counted] = await all().count({ total: '*' });
      return { rows, total: Number(counted?.total ?? 0) };
    });
  }

  return { begin, beginIf, cancel, endAbandoned, prune, findAll, ofJob };
}

export type Runs = ReturnType<typeof createRuns>;

/** A process on this machine can be looked up. For another machine only the lease counts. */
function isGone({ host, pid, lease_until }: RunRow, now: number): boolean {
  return (
    host !== HOST ||
    !isProcessAlive(pid) ||
    pid === process.pid ||
    Number(lease_until) + PATIENCE_MS < now
  );
}

function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // The process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
