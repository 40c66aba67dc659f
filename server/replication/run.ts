/** A run of a replication as it is stored, told of, and answered. Pure. */
import { sentence } from '../contract/sentences';
import type { Happening } from '../capture/events';
import type { Actor, ReplicationFacts } from '../contract/event';
import type { ReplicationRun, RunStage, RunState } from '../contract/replication';
import { NOTHING, type Tallied } from './tally';

/** Columns as they are named in the database. */
export type RunRow = {
  run_id: string;
  job_id: string | null;
  name: string;
  kind: ReplicationFacts['kind'];
  trigger: ReplicationFacts['trigger'];
  source: string;
  destination: string;
  actor: string;
  state: RunState;
  started_at: number | string;
  finished_at: number | string | null;
  lease_until: number | string;
  host: string;
  pid: number;
  stage: RunStage | null;
  count: number;
  counts: string | null;
  error: string | null;
  is_ending: boolean | number;
  is_told: boolean | number;
};

/** What is known of a run when it begins. */
export type Beginning = Pick<
  ReplicationFacts,
  'name' | 'kind' | 'trigger' | 'source' | 'destination'
> & {
  /** Of one of the plugin's own jobs. */
  jobId?: string;
  actor: Actor;
};

/** Of a transfer that did not complete the destination keeps nothing. What a project copies by itself may stay. */
export type Ending =
  | { state: 'completed'; tallied: Tallied }
  | { state: 'failed' | 'cancelled'; error: string; tallied?: Tallied };

const CANCELLED = sentence('replication-cancelled');

/**
 * How a run ended that somebody may have cancelled. What was copied completely is completed, because the destination
 * keeps it. Everything else is cancelled: the process may fail, or end, before it learns of the cancellation.
 */
export const endingOf = (came: Ending, { isCancelled }: { isCancelled: boolean }): Ending =>
  came.state === 'completed' || !isCancelled
    ? came
    : { ...came, state: 'cancelled', error: CANCELLED };

const iso = (at: number | string) => new Date(Number(at)).toISOString();

export const runRow = (
  { actor, jobId, name, kind, trigger, source, destination }: Beginning,
  own: Pick<RunRow, 'run_id' | 'started_at' | 'lease_until' | 'host' | 'pid' | 'is_told'>,
): RunRow => ({
  ...own,
  job_id: jobId ?? null,
  name,
  kind,
  trigger,
  source,
  destination,
  actor: JSON.stringify(actor),
  state: 'running',
  finished_at: null,
  stage: null,
  count: 0,
  counts: null,
  error: null,
  is_ending: false,
});

const factsOf = (row: RunRow): ReplicationFacts => ({
  id: row.run_id,
  name: row.name,
  trigger: row.trigger,
  kind: row.kind,
  source: row.source,
  destination: row.destination,
  status: 'In Progress',
  startedAt: iso(row.started_at),
  completedAt: null,
  ...NOTHING,
  error: null,
});

type Told = Happening & { time?: string };

const happening = (name: string, row: RunRow, replication: ReplicationFacts): Told => ({
  name,
  uid: null,
  model: null,
  documentId: null,
  locale: null,
  status: null,
  entry: null,
  previous: null,
  changes: [],
  actor: JSON.parse(row.actor) as Actor,
  replication,
});

/** With the time at which it began, whenever it comes to be stored. */
export const startedOf = (row: RunRow): Told => ({
  ...happening('replication.started', row, factsOf(row)),
  time: iso(row.started_at),
});

const STATUS = { completed: 'Successful', failed: 'Failed', cancelled: 'Cancelled' } as const;

export const finishedOf = (row: RunRow, ending: Ending, now: number): Told => {
  const replication: ReplicationFacts = {
    ...factsOf(row),
    status: STATUS[ending.state],
    completedAt: iso(now),
    ...(ending.tallied ?? NOTHING),
    error: ending.state === 'completed' ? null : ending.error,
  };
  const name = ending.state === 'completed' ? 'replication.completed' : 'replication.failed';
  return happening(name, row, replication);
};

export const answerOf = (row: RunRow): ReplicationRun => ({
  id: row.run_id,
  trigger: row.trigger === 'scheduled' ? 'scheduled' : 'manual',
  state: row.state,
  startedAt: iso(row.started_at),
  finishedAt: row.finished_at === null ? null : iso(row.finished_at),
  progress: { stage: row.stage ?? 'start', count: row.count },
  counts: row.counts === null ? {} : (JSON.parse(row.counts) as Record<string, number>),
  error: row.error,
  // Some databases keep a flag as a number.
  isEnding: row.state === 'running' && Boolean(row.is_ending),
});
