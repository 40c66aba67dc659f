/** The times that the overview may be of, and how their moments are written. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const RANGES = ['hour', 'day', 'week', 'month'] as const;
export type RangeName = (typeof RANGES)[number];

const LENGTHS: Record<RangeName, number> = {
  hour: HOUR,
  day: DAY,
  week: 7 * DAY,
  month: 30 * DAY,
};

/** What an address names; a day, where it names nothing that there is. */
export const rangeIn = (text: string | null): RangeName =>
  RANGES.find((name) => name === text) ?? 'day';

/** Milliseconds. */
export const lengthOf = (range: RangeName): number => LENGTHS[range];

export const rangeOfLength = (ms: number | undefined): RangeName =>
  RANGES.find((name) => LENGTHS[name] === ms) ?? 'day';

const TIME = { hour: '2-digit', minute: '2-digit' } as const;

/** No more than tells two marks of an axis apart. */
export const AXIS_FORMATS: Record<RangeName, Intl.DateTimeFormatOptions> = {
  hour: TIME,
  day: TIME,
  week: { weekday: 'short', day: 'numeric' },
  month: { day: 'numeric', month: 'short' },
};

export const MOMENT_FORMAT: Intl.DateTimeFormatOptions = {
  dateStyle: 'medium',
  timeStyle: 'short',
};
