/** When a cron expression comes round next, in UTC. Pure. */
import { Cron } from 'croner';
import { CRON_EXPECTED } from '../contract/replication';

const FIELDS = 5;

/** Croner also knows seconds, years and dates: five fields are what everybody means by cron. */
const scheduleOf = (expression: string): Cron | null => {
  if (expression.trim().split(/\s+/).length !== FIELDS) return null;
  try {
    return new Cron(expression, { timezone: 'UTC', paused: true });
  } catch {
    return null;
  }
};

/** Milliseconds; null where it never comes round. */
export const nextRun = (expression: string, after: number): number | null =>
  scheduleOf(expression)?.nextRun(new Date(after))?.getTime() ?? null;

/** What is wrong with it; null if nothing is. */
export const cronProblem = (expression: string, now: number): string | null => {
  if (!scheduleOf(expression)) return CRON_EXPECTED;
  return nextRun(expression, now) === null
    ? 'This date never comes. Choose days that the month has.'
    : null;
};
