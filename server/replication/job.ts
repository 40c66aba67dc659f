/** Jobs of replications and their runs: rows, answers, events, and the time of the next run. Pure. */
import { Cron } from 'croner';
import type { Happening } from '../capture/events';
import type { Actor, ReplicationFacts } from '../contract/event';
import { MASK } from '../contract/names';
import {
  CRON_EXPECTED,
  type Replication,
  type ReplicationRun,
  type ReplicationSettings,
  type RunProgress,
  type RunStage,
  type RunState,
  type TransferGroup,
} from '../contract/replication';
import { sentence } from '../contract/sentences';
import { NOTHING, type Tallied } from './tally';

/** A run, with the names of the columns. */
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

/** A job, as Strapi's database layer returns it. */
export type JobRow = {
  id: number;
  jobId: string;
  name: string;
  destination: string;
  /** Encrypted. */
  token: string;
  only: string;
  exclude: string;
  cron: string | null;
  nextDueAt: number | string | null;
  activeRun: string | null;
  lastRun: string | null;
  createdAt: number | string;
  updatedAt: number | string;
};

const groupsOf = (json: string) => JSON.parse(json) as TransferGroup[];

/** With the mask in place of the token. */
export function jobSettingsOf(row: JobRow): ReplicationSettings {
  return {
    name: row.name,
    destination: row.destination,
    token: MASK,
    only: groupsOf(row.only),
    exclude: groupsOf(row.exclude),
    cron: row.cron,
  };
}

export function jobAnswerOf(row: JobRow, lastRun: RunRow | undefined): Replication {
  return {
    id: row.jobId,
    ...jobSettingsOf(row),
    lastRun: lastRun ? runAnswerOf(lastRun) : null,
    nextRunAt: row.nextDueAt === null ? null : iso(row.nextDueAt),
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
  };
}

/** `token`: encrypted. */
export function jobColumnsOf(settings: ReplicationSettings, token: string) {
  const { name, destination, only, exclude, cron } = settings;
  return {
    ...{ name, destination, token, cron },
    only: JSON.stringify(only),
    exclude: JSON.stringify(exclude),
  };
}

const MOVED =
  'The destination has changed, and a stored token is sent nowhere else than where it was entered for. Enter a token of the new destination.';
const NOTHING_KEPT =
  'Nothing is stored here yet, so there is nothing to keep. Enter a transfer token of the destination.';

/** Why the mask cannot stand for the stored token; null if it can, or if a token was sent. */
export function keptTokenProblem(
  { token, destination }: ReplicationSettings,
  stored: JobRow | null,
): string | null {
  if (token !== MASK) return null;
  if (!stored) return NOTHING_KEPT;
  return new URL(stored.destination).origin === new URL(destination).origin ? null : MOVED;
}

/** The next time (ms, UTC) of a cron expression; null if there is none. */
export function nextRun(expression: string, after: number): number | null {
  return cronOf(expression)?.nextRun(new Date(after))?.getTime() ?? null;
}

/** The problem with a cron expression; null if there is none. */
export function cronProblem(expression: string, now: number): string | null {
  if (!cronOf(expression)) return CRON_EXPECTED;
  return nextRun(expression, now) === null
    ? 'This date never comes. Choose days that the month has.'
    : null;
}

/** Only five fields: Croner also accepts seconds, years and dates. */
function cronOf(expression: string): Cron | null {
  if (expression.trim().split(/\s+/).length !== 5) return null;
  try {
    return new Cron(expression, { timezone: 'UTC', paused: true });
  } catch {
    return null;
  }
}

function iso(at: number | string): string {
  return new Date(Number(at)).toISOString();
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
