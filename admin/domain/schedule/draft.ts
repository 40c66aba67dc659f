/** A schedule as its form holds it, and as the server takes it. Pure. */
import type { Schedule, ScheduleStep, ScheduleTimes } from '../../../server/contract/schedule';
import type { TextKey } from '../../translations/use-text';
import { momentOf, NO_WALL, wallOf, type Wall } from './zoned';

export type ScheduleDraft = Record<ScheduleStep, Wall> & { timezone: string };

/** What is wrong before anybody is asked, by the names of the server's fields. */
export type DraftProblems = Partial<Record<'publishAt' | 'archiveAt', TextKey>>;

const FIELD = { publish: 'publishAt', archive: 'archiveAt' } as const;

export const newDraft = (timezone: string): ScheduleDraft => ({
  publish: NO_WALL,
  archive: NO_WALL,
  timezone,
});

const wallIn = (at: string | null, zone: string): Wall =>
  at === null ? NO_WALL : wallOf(Date.parse(at), zone);

export const draftOf = ({ publishAt, archiveAt, timezone }: ScheduleTimes): ScheduleDraft => ({
  publish: wallIn(publishAt, timezone),
  archive: wallIn(archiveAt, timezone),
  timezone,
});

/** Null where nothing is chosen; a key where what is chosen is no moment. */
const read = (wall: Wall, zone: string): { at: string | null } | { problem: TextKey } => {
  if (wall.day === '' && wall.time === '') return { at: null };
  if (wall.day === '') return { problem: 'schedule.noDay' };
  if (wall.time === '') return { problem: 'schedule.noTime' };
  const at = momentOf(wall, zone);
  return at === null ? { problem: 'schedule.skipped' } : { at: new Date(at).toISOString() };
};

/** What clocks show leaves out seconds, and which of two it is in the night they go back: an untouched time stays. */
const kept = (draft: ScheduleDraft, step: ScheduleStep, stored: ScheduleTimes | null) => {
  const at = stored?.timezone === draft.timezone ? stored[FIELD[step]] : null;
  const { day, time } = wallIn(at, draft.timezone);
  return at !== null && draft[step].day === day && draft[step].time === time ? at : null;
};

/** `stored`: the one that is changed. */
export const timesOf = (
  draft: ScheduleDraft,
  stored: ScheduleTimes | null = null,
): { times: ScheduleTimes; problems: null } | { times: null; problems: DraftProblems } => {
  const problems: DraftProblems = {};
  const times: ScheduleTimes = { publishAt: null, archiveAt: null, timezone: draft.timezone };
  for (const step of ['publish', 'archive'] as const) {
    const at = kept(draft, step, stored);
    const answer = at === null ? read(draft[step], draft.timezone) : { at };
    if ('problem' in answer) problems[FIELD[step]] = answer.problem;
    else times[FIELD[step]] = answer.at;
  }
  const isRight = Object.keys(problems).length === 0;
  return isRight ? { times, problems: null } : { times: null, problems };
};

/** The document is published already, so that time stands. */
export const isPublishedBy = ({
  state,
  step,
  publishAt,
}: Pick<Schedule, 'state' | 'publishAt'> & { step: ScheduleStep }): boolean =>
  state === 'scheduled' && step === 'archive' && publishAt !== null;
