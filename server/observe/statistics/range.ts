/** The time that statistics are of, cut into buckets of a round length. Pure. */
import type { StatisticsQuery } from '../../contract/delivery';
import { invalid } from '../../strapi/errors';

export type Range = {
  /** Milliseconds since 1970; the start of the first bucket. */
  from: number;
  to: number;
  width: number;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WIDTHS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7].map((days) => days * DAY),
];
const MOST_BUCKETS = 60;
const LONGEST = 400 * DAY;

/** The shortest that cuts a time into no more buckets than a chart can show. "The last hour" was asked a moment ago. */
export const widthOf = (length: number): number =>
  WIDTHS.find((width) => Math.floor(length / width) <= MOST_BUCKETS) ?? 7 * DAY;

const checked = ({ from, to }: { from: number; to: number }) => {
  if (from >= to) {
    throw invalid([{ path: ['from'], message: 'Expected "from" to be before "to".' }]);
  }
  if (to - from > LONGEST) {
    throw invalid([
      { path: ['from'], message: 'Expected at most 400 days between "from" and "to".' },
    ]);
  }
  return { from, to };
};

/** Without `from`, a day; without `to`, until now. */
export const rangeOf = (query: Pick<StatisticsQuery, 'from' | 'to'>, now: number): Range => {
  const to = query.to === undefined ? now : Date.parse(query.to);
  const from = query.from === undefined ? to - DAY : Date.parse(query.from);
  checked({ from, to });
  const width = widthOf(to - from);
  return { from: from - (from % width), to, width };
};

/** Where each bucket starts, empty ones too. */
export const startsOf = ({ from, to, width }: Range): number[] =>
  Array.from({ length: Math.ceil((to - from) / width) }, (_, index) => from + index * width);
