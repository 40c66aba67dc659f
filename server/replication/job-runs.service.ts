/** Starts the runs of jobs, by hand and when they are due, and works at each in a worker process until its end is stored. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { SYSTEM_ACTOR, type Actor } from '../contract/event';
import type { TransferGroup } from '../contract/replication';
import { sentence } from '../contract/sentences';
import type { PeerGuard } from '../send/http/connections.service';
import { isLiteral } from '../send/http/address';
import { createTables } from '../store/tables.service';
import { JOB_UID } from '../store/models';
import type { Secrets } from '../store/secrets/secrets.service';

import type { Clock } from '../strapi/clock.service';
import { rowsOf } from '../strapi/database.service';
import { nextRun, type JobRow } from './job';
import { BEGINNING, type Ending } from './run';
import { keepAlive, LEASE_MS, type RunClaim, type Runs } from './runs.service';
import type { TransferOrder } from './transfer';
import type { StartWorker, WorkerProcess } from './worker-process.service';

type Options = {
  strapi: Core.Strapi;
  clock: Clock;
  runs: Runs;
  /** The runs of this process. */
  mine: Set<string>;
  secrets: Secrets;
  guard: PeerGuard;
  startWorker: StartWorker;
  here: string;
  actor(): Actor;
};

const STOPPED = sentence('replication-stopped');
const LOST = sentence('replication-over');
const BROKEN = sentence('replication-not-started');
const RETRY_MS = 1_000;

export const createJobRuns = (options: Options) => {
  const { strapi, clock, runs, mine, startWorker, here, actor } = options;
  const jobs: (trx: Knex.Transaction) => Knex.QueryBuilder = createTables(strapi).on('replication');
  const rows = rowsOf<JobRow>(strapi, JOB_UID);
  const underWay = new Map<Hand, Promise<void>>();

  const start = async (
    row: JobRow,
    how: { trigger: 'manual' | 'scheduled'; actor: Actor },
    claim: RunClaim,
  ): Promise<boolean> => {
    const { jobId, name, destination } = row;
    const beginning = { jobId, name, destination, source: here, kind: 'transfer' as const, ...how };
    const runId = await runs.beginClaimed(beginning, claim);
    if (runId === null) return false;
    const hand = createHand();
    underWay.set(
      hand,
      work(runId, row, hand).finally(() => underWay.delete(hand)),
    );
    return true;
  };

  /** A job has one run at a time. */
  const claim =
    ({ jobId }: JobRow): RunClaim =>
    async (runId, trx) => {
      const free = jobs(trx).where({ job_id: jobId, active_run: null });
      return Number(await free.update({ active_run: runId, last_run: runId })) > 0;
    };

  /** Moves the due time, so that no other instance starts the run. A turn is skipped while the job still runs. */
  const claimTurn =
    (row: JobRow): RunClaim =>
    async (runId, trx) => {
      const next = row.cron === null ? null : nextRun(row.cron, clock.now());
      const due = jobs(trx).where({ job_id: row.jobId, next_due_at: Number(row.nextDueAt) });
      return Number(await due.update({ next_due_at: next })) > 0 && claim(row)(runId, trx);
    };

  const work = async (runId: string, row: JobRow, hand: Hand): Promise<void> => {
    const stop = keepAlive({
      ...{ runs, runId, mine },
      progress: hand.progress,
      onCancel: () => hand.cancel(),
      onLost: () => hand.cancel(LOST),
    });
    await storeEnd(runId, await perform(row, hand), hand);
    stop();
  };

  const perform = async (row: JobRow, hand: Hand): Promise<Ending> => {
    try {
      const order = await orderOf(row, options);
      if (typeof order === 'string') return { state: 'failed', error: order };
      return await hand.take(await startWorker(order)).ending;
    } catch (error) {
      strapi.log.error(`workflow-webhooks: a replication did not start: ${(error as Error).stack}`);
      return { state: 'failed', error: BROKEN };
    }
  };

  /** If the database is away for a moment, a completed run must not become a failed one. */
  const storeEnd = async (runId: string, ending: Ending, hand: Hand): Promise<void> => {
    const deadline = performance.now() + LEASE_MS;
    for (;;) {
      try {
        await runs.end(runId, ending, hand.progress());
        return;
      } catch (error) {
        strapi.log.warn(
          `workflow-webhooks: the end of a replication could not be stored: ${(error as Error).message}`,
        );
        if (performance.now() > deadline) return;
        await sleep(RETRY_MS);
      }
    }
  };

  return {
    /** Does not wait for the run. False if the job is running already. */
    startByHand: (row: JobRow): Promise<boolean> =>
      start(row, { trigger: 'manual', actor: actor() }, claim(row)),
    /** A turn that passed while no instance was up is taken once. */
    startDue: async (): Promise<void> => {
      const due = await rows.findMany({
        where: { nextDueAt: { $lte: clock.now() } },
        orderBy: { nextDueAt: 'asc' },
      });
      for (const row of due)
        await start(row, { trigger: 'scheduled', actor: SYSTEM_ACTOR }, claimTurn(row));
    },
    /** Cancels the runs of this process, and waits until their ends are stored. */
    stop: async (): Promise<void> => {
      for (const hand of underWay.keys()) hand.cancel(STOPPED);
      await Promise.all(underWay.values());
    },
  };
};

export type JobRuns = ReturnType<typeof createJobRuns>;

/** A string says why there is no order. */
async function orderOf(
  row: JobRow,
  { secrets, guard }: Pick<Options, 'secrets' | 'guard'>,
): Promise<TransferOrder | string> {
  const { destination } = row;
  const token = secrets.decrypt(row.token);
  if (token === null) return sentence('replication-token-unreadable');
  const peer = await guard(destination);
  if (peer.kind === 'refused') return peer.message;
  const { addresses } = peer;
  if (addresses.length === 0 && !isLiteral(new URL(destination).hostname))
    return sentence('replication-host-unknown');
  const groups = (json: string) => JSON.parse(json) as TransferGroup[];
  return { destination, token, addresses, only: groups(row.only), exclude: groups(row.exclude) };
}

/** A run under way. It may be cancelled before it has a process. */
function createHand() {
  let worker: WorkerProcess | null = null;
  let cancelled: { reason?: string } | null = null;
  return {
    take: (started: WorkerProcess): WorkerProcess => {
      worker = started;
      if (cancelled) worker.cancel(cancelled.reason);
      return worker;
    },
    progress: () => worker?.progress() ?? BEGINNING,
    cancel: (reason?: string) => {
      cancelled = reason === undefined ? {} : { reason };
      worker?.cancel(reason);
    },
  };
}
type Hand = ReturnType<typeof createHand>;
