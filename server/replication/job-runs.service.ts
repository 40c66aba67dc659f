/** Starts the runs of jobs, by hand and when they are due, and works at each in a worker process until its end is stored. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { SYSTEM_ACTOR, type Actor } from '../contract/event';
import type { RunProgress } from '../contract/replication';
import { sentence } from '../contract/sentences';
import type { PeerGuard } from '../send/http/connections.service';
import { isLiteral } from '../send/http/address';
import { createTables } from '../store/tables.service';
import { JOB_UID } from '../store/models';
import type { Secrets } from '../store/secrets/secrets.service';
import type { Clock } from '../strapi/clock.service';
import { rowsOf } from '../strapi/database.service';
import { BEGINNING, jobSettingsOf, nextRun, type Ending, type JobRow } from './job';
import { LEASE_MS, type LiveRun, type RunClaim, type Runs } from './runs.service';
import type { TransferOrder } from './transfer';
import type { RunWorker, WorkerWatch } from './worker-process.service';

type Options = {
  strapi: Core.Strapi;
  clock: Clock;
  runs: Runs;
  secrets: Secrets;
  guard: PeerGuard;
  runWorker: RunWorker;
  here: string;
  actor(): Actor;
};

const STOPPED = sentence('replication-stopped');
const LOST = sentence('replication-over');
const BROKEN = sentence('replication-not-started');
const RETRY_MS = 1_000;

export function createJobRuns(options: Options) {
  const { strapi, clock, runs, here, actor } = options;
  const jobs: (trx: Knex.Transaction) => Knex.QueryBuilder = createTables(strapi).on('replication');
  const rows = rowsOf<JobRow>(strapi, JOB_UID);
  /** The runs of this process, by what cancels them: with a reason if this process ends the run, otherwise with null. */
  const underWay = new Map<AbortController, Promise<void>>();

  async function start(
    row: JobRow,
    how: { trigger: 'manual' | 'scheduled'; actor: Actor },
    claim: RunClaim,
  ): Promise<boolean> {
    const { jobId, name, destination } = row;
    const beginning = { jobId, name, destination, source: here, kind: 'transfer' as const, ...how };
    const cancelling = new AbortController();
    let progress = BEGINNING;
    const run = await runs.beginIf(claim, beginning, {
      progress: () => progress,
      onCancel: () => cancelling.abort(null),
      onLost: () => cancelling.abort(LOST),
    });
    if (!run) return false;
    const onProgress: WorkerWatch['onProgress'] = (next) => (progress = next);
    const work = perform(row, { signal: cancelling.signal, onProgress })
      .then((ending) => storeEnd(run, ending, progress))
      .finally(() => underWay.delete(cancelling));
    underWay.set(cancelling, work);
    return true;
  }

  /** A job has one run at a time. */
  function claimOf({ jobId }: JobRow): RunClaim {
    return async (runId, trx) => {
      const free = jobs(trx).where({ job_id: jobId, active_run: null });
      return Number(await free.update({ active_run: runId, last_run: runId })) > 0;
    };
  }

  /** Moves the due time, so that no other instance starts the run. A turn is skipped while the job still runs. */
  function claimOfTurn(row: JobRow): RunClaim {
    return async (runId, trx) => {
      const next = row.cron === null ? null : nextRun(row.cron, clock.now());
      const due = jobs(trx).where({ job_id: row.jobId, next_due_at: Number(row.nextDueAt) });
      return Number(await due.update({ next_due_at: next })) > 0 && claimOf(row)(runId, trx);
    };
  }

  async function perform(row: JobRow, watch: WorkerWatch): Promise<Ending> {
    try {
      const order = await orderOf(row, options);
      if (typeof order === 'string') return { state: 'failed', error: order };
      return await options.runWorker(order, watch);
    } catch (error) {
      strapi.log.error(`workflow-webhooks: a replication did not start: ${(error as Error).stack}`);
      return { state: 'failed', error: BROKEN };
    }
  }

  /** If the database is away for a moment, a completed run must not become a failed one. */
  async function storeEnd(run: LiveRun, ending: Ending, progress: RunProgress): Promise<void> {
    const deadline = performance.now() + LEASE_MS;
    let isStored = false;
    while (!isStored && performance.now() <= deadline) {
      try {
        await run.end(ending, progress);
        isStored = true;
      } catch (error) {
        strapi.log.warn(
          `workflow-webhooks: the end of a replication could not be stored: ${(error as Error).message}`,
        );
        await sleep(RETRY_MS);
      }
    }
    run.stop();
  }

  /** Does not wait for the run. False if the job is running already. */
  function startByHand(row: JobRow): Promise<boolean> {
    return start(row, { trigger: 'manual', actor: actor() }, claimOf(row));
  }

  /** A turn that passed while no instance was up is taken once. */
  async function startDue(): Promise<void> {
    const due = await rows.findMany({
      where: { nextDueAt: { $lte: clock.now() } },
      orderBy: { nextDueAt: 'asc' },
    });
    for (const row of due)
      await start(row, { trigger: 'scheduled', actor: SYSTEM_ACTOR }, claimOfTurn(row));
  }

  /** Cancels the runs of this process, and waits until their ends are stored. */
  async function stop(): Promise<void> {
    for (const cancelling of underWay.keys()) cancelling.abort(STOPPED);
    await Promise.all(underWay.values());
  }

  return { startByHand, startDue, stop };
}

export type JobRuns = ReturnType<typeof createJobRuns>;

/** A string says why there is no order. */
async function orderOf(
  row: JobRow,
  { secrets, guard }: Pick<Options, 'secrets' | 'guard'>,
): Promise<TransferOrder | string> {
  const { destination, only, exclude } = jobSettingsOf(row);
  const token = secrets.decrypt(row.token);
  if (token === null) return sentence('replication-token-unreadable');
  const peer = await guard(destination);
  if (peer.kind === 'refused') return peer.message;
  const { addresses } = peer;
  if (addresses.length === 0 && !isLiteral(new URL(destination).hostname))
    return sentence('replication-host-unknown');
  return { destination, token, addresses, only, exclude };
}
