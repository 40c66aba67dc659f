/** Starts runs of jobs: by hand, and by the clock; of all instances exactly one starts what is due. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { actorOf } from '../strapi/actor.service';
import type { Actor } from '../contract/event';
import type { Clock } from '../strapi/clock.service';
import { createTables } from '../store/tables.service';
import { nextRun } from './cron';
import type { JobRow } from './job-record';
import { JOB_UID } from '../store/models';
import type { Runs } from './runs.service';
import type { Work } from './working.service';

type Options = {
  strapi: Core.Strapi;
  clock: Clock;
  runs: Runs;
  work: Work;
  here: string;
  actor(): Actor;
};
type How = { trigger: 'manual' | 'scheduled'; actor: Actor };
type Claim = (runId: string, trx: Knex.Transaction) => Promise<boolean>;

export const createStarting = ({ strapi, clock, runs, work, here, actor }: Options) => {
  const jobs = createTables(strapi).on('replication');

  const start = async (row: JobRow, how: How, claim: Claim): Promise<boolean> => {
    const { jobId, name, destination } = row;
    const beginning = { jobId, name, destination, source: here, kind: 'transfer' as const, ...how };
    const runId = await runs.beginClaimed(beginning, claim);
    if (runId === null) return false;
    work.begin(runId, row);
    return true;
  };

  const changed = async (
    where: object,
    data: object,
    place: { row: JobRow; trx: Knex.Transaction },
  ): Promise<boolean> => {
    const one = jobs(place.trx).where({ job_id: place.row.jobId, ...where } as never);
    return Number(await one.update(data as never)) > 0;
  };

  /** One run of a job at a time. */
  const claim =
    (row: JobRow): Claim =>
    (runId, trx) =>
      changed({ active_run: null }, { active_run: runId, last_run: runId }, { row, trx });

  /** Takes its turn, so that nobody else does; a turn at which it still runs is passed over. */
  const claimTurn =
    (row: JobRow): Claim =>
    async (runId, trx) => {
      const next = row.cron === null ? null : nextRun(row.cron, clock.now());
      const turn = { next_due_at: Number(row.nextDueAt) };
      const isOurs = await changed(turn, { next_due_at: next }, { row, trx });
      return isOurs && claim(row)(runId, trx);
    };

  const scheduled: How = { trigger: 'scheduled', actor: actorOf(undefined) };

  /** Of jobs whose turn has come. A turn that passed while no instance was up is taken once. */
  const due = async (): Promise<void> => {
    const rows = (await strapi.db.query(JOB_UID as never).findMany({
      where: { nextDueAt: { $lte: clock.now() } },
      orderBy: { nextDueAt: 'asc' },
    })) as JobRow[];
    for (const row of rows) await start(row, scheduled, claimTurn(row));
  };

  /** False where it runs already. */
  const byHand = (row: JobRow): Promise<boolean> =>
    start(row, { trigger: 'manual', actor: actor() }, claim(row));

  return { byHand, due };
};

export type Starting = ReturnType<typeof createStarting>;
