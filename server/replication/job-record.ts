/** A replication job as it is stored and answered. Pure. */
import { MASK } from '../contract/names';
import type { Replication, ReplicationSettings, TransferGroup } from '../contract/replication';
import { answerOf as runAnswerOf, type RunRow } from './run';

/** As Strapi's database layer gives it. */
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
export const settingsOf = (row: JobRow): ReplicationSettings => ({
  name: row.name,
  destination: row.destination,
  token: MASK,
  only: groupsOf(row.only),
  exclude: groupsOf(row.exclude),
  cron: row.cron,
});

export const answerOf = (row: JobRow, lastRun: RunRow | undefined): Replication => ({
  id: row.jobId,
  ...settingsOf(row),
  lastRun: lastRun ? runAnswerOf(lastRun) : null,
  nextRunAt: row.nextDueAt === null ? null : iso(row.nextDueAt),
  createdAt: iso(row.createdAt),
  updatedAt: iso(row.updatedAt),
});

/** `token`: encrypted. */
export const columnsOf = (settings: ReplicationSettings, token: string) => ({
  name: settings.name,
  destination: settings.destination,
  token,
  only: JSON.stringify(settings.only),
  exclude: JSON.stringify(settings.exclude),
  cron: settings.cron,
});

const MOVED =
  'The destination has changed, and a stored token is sent nowhere else than where it was entered for. Enter a token of the new destination.';
const NOTHING_KEPT =
  'Nothing is stored here yet, so there is nothing to keep. Enter a transfer token of the destination.';

/** Why the mask cannot stand for what is stored; null if it can, or if a token was sent. */
export const keptTokenProblem = (
  { token, destination }: ReplicationSettings,
  stored: JobRow | null,
): string | null => {
  if (token !== MASK) return null;
  if (!stored) return NOTHING_KEPT;
  return new URL(stored.destination).origin === new URL(destination).origin ? null : MOVED;
};
