/** Decides what a schedule does next, and which times it may have. Pure. */
import { sentence } from '../contract/sentences';
import type { FieldChange, ScheduleFacts } from '../contract/event';
import type { Schedule, ScheduleDue, ScheduleStep, ScheduleTimes } from '../contract/schedule';
import type { Problem } from '../strapi/errors';
import type { Place } from '../strapi/model/content-model';

/** As the database gives it: big numbers are text in some. */
type Moment = string | number;
export type ScheduleRow = Place & {
  id: number;
  scheduleId: string;
  publishAt: Moment | null;
  archiveAt: Moment | null;
  timezone: string;
  state: Schedule['state'];
  error: string | null;
  isPublished: boolean | number | null;
  dueAt: Moment;
  claimId: string | null;
  openKey: string | null;
  actor: string | null;
  createdAt: Moment | null;
  updatedAt: Moment | null;
  /** How often the next step has failed without being refused. */
  tries: Moment | null;
};

export const GONE = sentence('document-gone');

/** The waits before a step that failed without being refused is tried again. */
const RETRIES_MS = [5_000, 30_000, 120_000, 300_000];

/** Null if the step was tried often enough. */
export function retryAfter(tries: number): number | null {
  return RETRIES_MS[tries] ?? null;
}

export function stepOf({ publishAt, isPublished }: ScheduleRow): ScheduleStep {
  return publishAt !== null && !isPublished ? 'publish' : 'archive';
}

/** When the step is due that comes next, or came last: `dueAt` may be the end of a lease. */
function timeOf(row: ScheduleRow): Moment {
  return (stepOf(row) === 'publish' ? row.publishAt : row.archiveAt) ?? row.dueAt;
}

/** An ended schedule is due no more: lists show it at the time of its last step. */
export function ended(row: ScheduleRow) {
  return { dueAt: timeOf(row), claimId: null, openKey: null };
}

/** The columns that a finished step changes. */
export function settled(row: ScheduleRow): Partial<ScheduleRow> {
  return stepOf(row) === 'publish' && row.archiveAt !== null
    ? { isPublished: true, dueAt: row.archiveAt, claimId: null, tries: 0, error: null }
    : { ...ended(row), isPublished: row.publishAt !== null, state: 'done', error: null };
}

export function timesOf({ publishAt, archiveAt, timezone }: ScheduleTimes) {
  return { publishAt: millis(publishAt), archiveAt: millis(archiveAt), timezone };
}

function millis(moment: string | null): number | null {
  return moment === null ? null : Date.parse(moment);
}

/** `stored`: the schedule that is changed. */
export function timeProblems(
  times: ScheduleTimes,
  { now, stored }: { now: number; stored?: Pick<ScheduleRow, 'publishAt' | 'archiveAt'> },
): Problem[] {
  const { publishAt, archiveAt } = timesOf(times);
  if (publishAt === null && archiveAt === null)
    return [{ path: ['publishAt'], message: 'Expected a time to publish, to archive, or both.' }];
  // A stored time may be past: its step was taken, or failed just now and waits to be tried again.
  const isPast = (at: number | null, known: Moment | null | undefined) =>
    at !== null && at <= now && (known == null || Number(known) !== at);
  const problems: Problem[] = [];
  for (const [field, at] of Object.entries({ publishAt, archiveAt }))
    if (isPast(at, stored?.[field as 'publishAt' | 'archiveAt']))
      problems.push({ path: [field], message: 'Expected a time in the future.' });
  if (publishAt !== null && archiveAt !== null && archiveAt <= publishAt)
    problems.push({
      path: ['archiveAt'],
      message: 'Expected a time to archive that is after the time to publish.',
    });
  return problems;
}

export function factsOf(row: ScheduleRow): ScheduleFacts {
  const { scheduleId: id, uid, documentId, locale, timezone, state, error } = row;
  const times = { publishAt: iso(row.publishAt), archiveAt: iso(row.archiveAt) };
  return { id, uid, documentId, locale, ...times, timezone, state, error };
}

export function answerOf(row: ScheduleRow): Schedule {
  return { ...factsOf(row), updatedAt: iso(row.updatedAt ?? row.createdAt) };
}

/** The further fields of lists. */
export function dueOf(row: ScheduleRow): ScheduleDue {
  return {
    createdAt: iso(row.createdAt),
    dueAt: new Date(Number(timeOf(row))).toISOString(),
    // In a schedule that is done, `isPublished` means that the document was published, which may not be the last step.
    step: row.state === 'done' && row.archiveAt === null ? 'publish' : stepOf(row),
  };
}

function iso(moment: Moment | null): string | null {
  return moment === null ? null : new Date(Number(moment)).toISOString();
}

const CHANGING = ['publishAt', 'archiveAt', 'timezone'] as const;

/** The changes of an editor, for their event. */
export function changesOf(before: ScheduleRow, after: ScheduleRow): FieldChange[] {
  const [from, to] = [factsOf(before), factsOf(after)];
  return CHANGING.filter((field) => from[field] !== to[field]).map((field) => ({
    field,
    from: from[field],
    to: to[field],
  }));
}
