/**
 * The book of runs: each is begun, kept alive and ended in the database, with its events, so that every instance sees it
 * and a run whose process died is found by another.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Recorder } from '../capture/recorder.service';
import type { Clock } from '../delivery/clock.service';
import { createOwnTables } from '../storage/own-tables.service';
import { isProcessAlive } from './process.service';
import { finishedOf, runRow, startedOf, type Beginning, type Ending, type RunRow } from './run';

export const BEAT_MS = 2_000;
export const LEASE_MS = 30_000;
/** So long, a process that is there but cannot reach the database is waited for: SQLite is locked while an import runs. */
const PATIENCE_MS = 60 * 60_000;
/** So long runs that are over are kept. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

const GONE = 'The process that ran it ended before it was done.';

type Options = { strapi: Core.Strapi; clock: Clock; recorder: Recorder };

export type BeginOptions = {
  /** False where the tables are about to be replaced: it is told then, with its end, to the webhooks of afterwards. */
  tellsNow: boolean;
};

export const createRuns = ({ strapi, clock, recorder }: Options) => {
  const tables = createOwnTables(strapi);
  const runs = tables.on<RunRow>('replication-run');
  const own = { host: hostname(), pid: process.pid };

  /** The id of the new run. */
  const begin = (beginning: Beginning, { tellsNow }: BeginOptions): Promise<string> =>
    tables.transaction(async (trx) => {
      const runId = randomUUID();
      const now = clock.now();
      const moments = { started_at: now, lease_until: now + LEASE_MS };
      const row = runRow(beginning, { run_id: runId, ...own, ...moments, is_told: tellsNow });
      await runs(trx).insert(row as never);
      if (tellsNow) await recorder.record([startedOf(row)]);
      return runId;
    });

  const running = (runId: string, trx: Knex.Transaction) =>
    runs(trx).where({ run_id: runId, state: 'running' } as never);

  /** That it is still being worked at. Answers whether it goes on. */
  const beat = (runId: string): Promise<boolean> =>
    tables.transaction(async (trx) => {
      const lease = { lease_until: clock.now() + LEASE_MS };
      return Number(await running(runId, trx).update(lease as never)) > 0;
    });

  const tell = async (row: RunRow, ending: Ending) => {
    const told = finishedOf(row, ending, clock.now());
    await recorder.record(row.is_told ? [told] : [startedOf(row), told]);
  };

  /** Once only: false where it was ended before. */
  const end = (runId: string, ending: Ending): Promise<boolean> =>
    tables.transaction(async (trx) => {
      const columns = {
        state: ending.state,
        finished_at: clock.now(),
        counts: JSON.stringify(ending.tallied?.counts ?? {}),
        error: ending.state === 'completed' ? null : ending.error,
        is_told: true,
      };
      const row = (await running(runId, trx).first()) as RunRow | undefined;
      if (!row || Number(await running(runId, trx).update(columns as never)) === 0) return false;
      await tell(row, ending);
      return true;
    });

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

  /** Forgets what has long been over. */
  const prune = (): Promise<unknown> =>
    tables.transaction(async (trx) =>
      runs(trx)
        .whereNot({ state: 'running' } as never)
        .where('finished_at', '<', clock.now() - KEPT_MS)
        .delete(),
    );

  return { begin, beat, end, bury, prune };
};

export type Runs = ReturnType<typeof createRuns>;
