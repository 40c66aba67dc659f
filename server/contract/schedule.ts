/** Schedules: a document is published, archived or both at a set time. */
import { z } from 'zod';
import type { ScheduleFacts } from './event';

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

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

/** The query of GET /schedules. `from` and `to` narrow the time of the next step, or of the last one. */
export const scheduleQuerySchema = z.object({
  uid: z.string().max(255).optional(),
  documentId: z.string().max(64).optional(),
  locale: z.string().max(35).optional(),
  state: z.enum(SCHEDULE_STATES, `Expected one of ${SCHEDULE_STATES.join(', ')}.`).optional(),
  from: day,
  to: day,
});
export type ScheduleQuery = z.infer<typeof scheduleQuerySchema>;

/** As the API answers it. Events carry only the facts. */
export type Schedule = ScheduleFacts & {
  /** ISO 8601: when an editor chose the times; null if an older version of the plugin stored the schedule. */
  updatedAt: string | null;
};

export type ScheduleStep = 'publish' | 'archive';

/** The next step, and when it is due; for an ended schedule, the last step. */
export type ScheduleDue = { createdAt: string | null; dueAt: string; step: ScheduleStep };

/** GET /schedules: with the document's title. */
export type ListedSchedule = Schedule &
  ScheduleDue & {
    /** Null if the content type is gone. */
    contentType: { displayName: string; kind: 'collectionType' | 'singleType' } | null;
    /** Null if the document is gone, has no title, or the reader may not read it. */
    title: string | null;
    /** True if `error` is left out, because the reader may not read the whole document. */
    isErrorHidden: boolean;
  };
