import { cronProblem, nextRun } from '../../../server/replication/job';

const NOW = Date.parse('2026-11-26T07:00:00Z');
const at = (expression: string) => {
  const next = nextRun(expression, NOW);
  return next === null ? null : new Date(next).toISOString();
};

test('a turn comes next in UTC, and after the moment that is asked from', () => {
  expect(at('0 3 * * *')).toBe('2026-11-27T03:00:00.000Z');
  expect(at('0 7 * * *')).toBe('2026-11-27T07:00:00.000Z');
  expect(at('*/15 * * * MON-FRI')).toBe('2026-11-26T07:15:00.000Z');
});

test.each(['', 'daily', '0 3 * *', '0 0 3 * * *', '61 * * * *', '@daily', '2026-11-26T08:00:00'])(
  'no cron expression: "%s"',
  (expression) => {
    expect(cronProblem(expression, NOW)).toMatch(/^Expected a cron expression/);
  },
);

test('a date that never comes is refused', () => {
  expect(cronProblem('0 0 30 2 *', NOW)).toBe(
    'This date never comes. Choose days that the month has.',
  );
});
