/** A document that is published, archived or both at a set time. */
import { z } from 'zod';
import type { ScheduleFacts } from './event';

const isZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const ZONE = 'Expected a time zone by its IANA name, such as "Europe/Berlin" or "UTC".';
const MOMENT = 'Expected a time in ISO 8601 with its offset, such as "2026-12-24T18:00:00+01:00".';

const moment = z.iso.datetime({ offset: true, error: MOMENT }).nullable().default(null);

const timesShape = {
  publishAt: moment,
  archiveAt: moment,
  timezone: z.string(ZONE).max(64, ZONE).refine(isZone, ZONE).default('UTC'),
};

/** The body of PUT /schedules/:id. */
export const scheduleTimesSchema = z.strictObject(timesShape);
export type ScheduleTimes = z.infer<typeof scheduleTimesSchema>;

/** The body of POST /schedules. */
export const scheduleInputSchema = z.strictObject({
  uid: z.string('Expected a content type, such as "api::article.article".').max(255),
  documentId: z
    .string('Expected the id of a document.')
    .regex(/^[\w-]{1,64}$/, 'Expected the id of a document.'),
  locale: z.string().max(35).nullish(),
  ...timesShape,
});
export type ScheduleInput = z.infer<typeof scheduleInputSchema>;

export const SCHEDULE_STATES = ['scheduled', 'done', 'failed', 'cancelled'] as const;

const day = z.iso.datetime({ offset: true, error: MOMENT }).optional();

/** The query of GET /schedules; `from` and `to` are of when the next step is, or the last one was, due. */
export const scheduleQuerySchema = z.object({
  uid: z.string().max(255).optional(),
  documentId: z.string().max(64).optional(),
  locale: z.string().max(35).optional(),
  state: z.enum(SCHEDULE_STATES, `Expected one of ${SCHEDULE_STATES.join(', ')}.`).optional(),
  from: day,
  to: day,
});
export type ScheduleQuery = z.infer<typeof scheduleQuerySchema>;

/** As the API answers it. Events carry the facts alone. */
export type Schedule = ScheduleFacts & {
  /** ISO 8601: when an editor chose the times; null for one of an older version of the plugin. */
  updatedAt: string | null;
};

export const SCHEDULE_STEPS = ['publish', 'archive'] as const;
export type ScheduleStep = (typeof SCHEDULE_STEPS)[number];

/** `step` comes next, and is due at `dueAt`; of an ended schedule it is the last one. */
export type ScheduleDue = { createdAt: string | null; dueAt: string; step: ScheduleStep };

/** GET /schedules: each with its document as people know it. */
export type ListedSchedule = Schedule &
  ScheduleDue & {
    /** Null where the content type is gone. */
    contentType: { displayName: string; kind: 'collectionType' | 'singleType' } | null;
    /** Null where the document is gone, has no title, or whoever asks may not read it. */
    title: string | null;
    /** True where `error` is left out, because the reader may not read the whole document. */
    isErrorHidden: boolean;
  };
