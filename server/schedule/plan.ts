/** What a schedule does next, and which times it may have. Pure. */
import { sentence } from '../contract/sentences';
import type { FieldChange, ScheduleFacts } from '../contract/event';
import type { Schedule, ScheduleDue, ScheduleStep, ScheduleTimes } from '../contract/schedule';
import type { Problem } from '../strapi/errors';

/** As the database gives it: big numbers are text in some. */
export type ScheduleRow = {
  id: number;
  scheduleId: string;
  uid: string;
  documentId: string;
  locale: string | null;
  publishAt: string | number | null;
  archiveAt: string | number | null;
  timezone: string;
  state: Schedule['state'];
  error: string | null;
  isPublished: boolean | number | null;
  dueAt: string | number;
  claimId: string | null;
  openKey: string | null;
  actor: string | null;
  createdAt: string | number | null;
  updatedAt: string | number | null;
  /** How often the next step has failed without being refused. */
  tries: string | number | null;
};

export const GONE = sentence('document-gone');

/** The waits before what failed without being refused is tried again. */
const RETRIES_MS = [5_000, 30_000, 120_000, 300_000];

/** Null where it was tried often enough. */
export const retryAfter = (tries: number): number | null => RETRIES_MS[tries] ?? null;

export const triesOf = ({ tries }: Pick<ScheduleRow, 'tries'>): number => Number(tries ?? 0);

export const stepOf = ({ publishAt, isPublished }: ScheduleRow): ScheduleStep =>
  publishAt !== null && !isPublished ? 'publish' : 'archive';

/** When the step is due that comes next, or came last: `dueAt` may be the end of a lease. */
export const timeOf = (row: ScheduleRow): string | number =>
  (stepOf(row) === 'publish' ? row.publishAt : row.archiveAt) ?? row.dueAt;

/** An ended one is due no more: it stands in lists at the time of its last step. */
export const ended = (row: ScheduleRow) => ({
  dueAt: timeOf(row),
  claimId: null,
  openKey: null,
});

/** What a step that was taken makes of the schedule. */
export const settled = (row: ScheduleRow): Partial<ScheduleRow> =>
  stepOf(row) === 'publish' && row.archiveAt !== null
    ? { isPublished: true, dueAt: row.archiveAt, claimId: null, tries: 0, error: null }
    : { ...ended(row), isPublished: row.publishAt !== null, state: 'done', error: null };

export const openKeyOf = (place: { uid: string; documentId: string; locale: string | null }) =>
  `${place.uid} ${place.documentId} ${place.locale ?? ''}`;

const millis = (moment: string | null) => (moment === null ? null : Date.parse(moment));

export const timesOf = ({ publishAt, archiveAt, timezone }: ScheduleTimes) => {
  const [publish, archive] = [millis(publishAt), millis(archiveAt)];
  return { publishAt: publish, archiveAt: archive, timezone };
};

type Step = 'publishAt' | 'archiveAt';
const PAST = 'Expected a time in the future.';

/** A time of the `stored` schedule may be past: its step was taken, or failed just now and waits to be tried again. */
const isStored = (at: number, stored: string | number | null | undefined) =>
  stored != null && Number(stored) === at;

/** `stored`: the one that is changed. */
export const timeProblems = (
  times: ScheduleTimes,
  { now, stored }: { now: number; stored?: Pick<ScheduleRow, 'publishAt' | 'archiveAt'> },
): Problem[] => {
  const { publishAt, archiveAt } = timesOf(times);
  if (publishAt === null && archiveAt === null)
    return [{ path: ['publishAt'], message: 'Expected a time to publish, to archive, or both.' }];
  const problems: Problem[] = [];
  for (const [field, at] of Object.entries({ publishAt, archiveAt }) as [Step, number | null][])
    if (at !== null && at <= now && !isStored(at, stored?.[field]))
      problems.push({ path: [field], message: PAST });
  if (publishAt !== null && archiveAt !== null && archiveAt <= publishAt)
    problems.push({
      path: ['archiveAt'],
      message: 'Expected a time to archive that is after the time to publish.',
    });
  return problems;
};

const iso = (moment: string | number | null) =>
  moment === null ? null : new Date(Number(moment)).toISOString();

export const factsOf = (row: ScheduleRow): ScheduleFacts => ({
  id: row.scheduleId,
  uid: row.uid,
  documentId: row.documentId,
  locale: row.locale,
  publishAt: iso(row.publishAt),
  archiveAt: iso(row.archiveAt),
  timezone: row.timezone,
  state: row.state,
  error: row.error,
});

export const answerOf = (row: ScheduleRow): Schedule => ({
  ...factsOf(row),
  updatedAt: iso(row.updatedAt ?? row.createdAt),
});

/** What lists say besides. */
export const dueOf = (row: ScheduleRow): ScheduleDue => ({
  createdAt: iso(row.createdAt),
  dueAt: new Date(Number(timeOf(row))).toISOString(),
  // Of one that is done, `isPublished` tells that the publishing is over, whether or not it was the last step.
  step: row.state === 'done' && row.archiveAt === null ? 'publish' : stepOf(row),
});

const CHANGING = ['publishAt', 'archiveAt', 'timezone'] as const;

/** What an editor has changed of it, as its event tells. */
export const changesOf = (before: ScheduleRow, after: ScheduleRow): FieldChange[] => {
  const [from, to] = [factsOf(before), factsOf(after)];
  return CHANGING.filter((field) => from[field] !== to[field]).map((field) => ({
    field,
    from: from[field],
    to: to[field],
  }));
};
