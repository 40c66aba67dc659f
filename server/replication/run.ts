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

export function runRow(
  { actor, jobId, ...facts }: Beginning,
  own: Pick<RunRow, 'run_id' | 'started_at' | 'lease_until' | 'host' | 'pid' | 'is_told'>,
): RunRow {
  return {
    ...own,
    ...facts,
    job_id: jobId ?? null,
    actor: JSON.stringify(actor),
    state: 'running',
    finished_at: null,
    stage: null,
    count: 0,
    counts: null,
    error: null,
    is_ending: false,
  };
}

/** The event may be stored later, so it carries the time of the beginning. */
export function startedOf(row: RunRow): Happening & { time: string } {
  const time = iso(row.started_at);
  return { ...happeningOf('replication.started', row, factsOf(row)), time };
}

export function finishedOf(row: RunRow, ending: Ending, now: number): Happening {
  const name = ending.state === 'completed' ? 'replication.completed' : 'replication.failed';
  return happeningOf(name, row, {
    ...factsOf(row),
    status: STATUS[ending.state],
    completedAt: iso(now),
    ...ending.tallied,
    error: ending.state === 'completed' ? null : ending.error,
  });
}

const STATUS = { completed: 'Successful', failed: 'Failed', cancelled: 'Cancelled' } as const;

function factsOf({ name, trigger, kind, source, destination, ...row }: RunRow): ReplicationFacts {
  return {
    ...{ name, trigger, kind, source, destination },
    id: row.run_id,
    status: 'In Progress',
    startedAt: iso(row.started_at),
    completedAt: null,
    ...NOTHING,
    error: null,
  };
}

function happeningOf(name: string, { actor }: RunRow, replication: ReplicationFacts): Happening {
  return {
    name,
    ...{ uid: null, model: null, documentId: null, locale: null, status: null },
    ...{ entry: null, previous: null, changes: [] },
    actor: JSON.parse(actor) as Actor,
    replication,
  };
}

export function runAnswerOf(row: RunRow): ReplicationRun {
  return {
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
  };
}

function iso(at: number | string): string {
  return new Date(Number(at)).toISOString();
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
