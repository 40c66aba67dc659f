/** A replication job as it is stored and answered, and the time of its next run. Pure. */
import { Cron } from 'croner';
import { MASK } from '../contract/names';
import {
  CRON_EXPECTED,
  type Replication,
  type ReplicationSettings,
  type TransferGroup,
} from '../contract/replication';
import { runAnswerOf, type RunRow } from './run';

/** As Strapi's database layer answers it. */
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

const iso = (moment: number | string) => new Date(Number(moment)).toISOString();
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
