/** A run of a replication: its row, its events, its ending, and its answer in the API. Pure. */
import type { Happening } from '../capture/events';
import type { Actor, ReplicationFacts } from '../contract/event';
import type { ReplicationRun, RunProgress, RunStage, RunState } from '../contract/replication';
import { sentence } from '../contract/sentences';
import { NOTHING, type Tallied } from './tally';

/** With the names of the columns. */
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

/** The facts at the beginning of a run. */
export type Beginning = Pick<
  ReplicationFacts,
  'name' | 'kind' | 'trigger' | 'source' | 'destination'
> & {
  /** Only for a job of the plugin. */
  jobId?: string;
  actor: Actor;
};

/** After a failed transfer the destination keeps nothing; a project's own replication may keep a part. */
export type Ending =
  | { state: 'completed'; tallied: Tallied }
  | { state: 'failed' | 'cancelled'; error: string; tallied?: Tallied };

export const BEGINNING: RunProgress = { stage: 'start', count: 0 };

/**
 * A complete copy is completed even if the run was cancelled, because the destination keeps it. Any other cancelled run is
 * cancelled: its process may fail, or end, before it receives the cancellation.
 */
export function endingOf(came: Ending, { isCancelled }: { isCancelled: boolean }): Ending {
  return came.state === 'completed' || !isCancelled
    ? came
    : { ...came, state: 'cancelled', error: sentence('replication-cancelled') };
}

const iso = (at: number | string) => new Date(Number(at)).toISOString();

export const runRow = (
  { actor, jobId, name, kind, trigger, source, destination }: Beginning,
  own: Pick<RunRow, 'run_id' | 'started_at' | 'lease_until' | 'host' | 'pid' | 'is_told'>,
): RunRow => ({
  ...{ ...own, name, kind, trigger, source, destination },
  job_id: jobId ?? null,
  actor: JSON.stringify(actor),
  state: 'running',
  finished_at: null,
  stage: null,
  count: 0,
  counts: null,
  error: null,
  is_ending: false,
});

const factsOf = ({
  name,
  trigger,
  kind,
  source,
  destination,
  ...row
}: RunRow): ReplicationFacts => ({
  ...{ name, trigger, kind, source, destination },
  id: row.run_id,
  status: 'In Progress',
  startedAt: iso(row.started_at),
  completedAt: null,
  ...NOTHING,
  error: null,
});

type Dated = Happening & { time?: string };

const happening = (name: string, row: RunRow, replication: ReplicationFacts): Dated => ({
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

/** The event may be stored later, so it carries the time of the beginning. */
export const startedOf = (row: RunRow): Dated => ({
  ...happening('replication.started', row, factsOf(row)),
  time: iso(row.started_at),
});

const STATUS = { completed: 'Successful', failed: 'Failed', cancelled: 'Cancelled' } as const;

export const finishedOf = (row: RunRow, ending: Ending, now: number): Dated => {
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

export const runAnswerOf = (row: RunRow): ReplicationRun => ({
  id: row.run_id,
  trigger: row.trigger === 'scheduled' ? 'scheduled' : 'manual',
  state: row.state,
  startedAt: iso(row.started_at),
  finishedAt: row.finished_at === null ? null : iso(row.finished_at),
  progress: { stage: row.stage ?? 'start', count: row.count },
  counts: row.counts === null ? {} : (JSON.parse(row.counts) as Record<string, number>),
  error: row.error,
  // Some databases store a flag as a number.
  isEnding: row.state === 'running' && Boolean(row.is_ending),
});
