import fc from 'fast-check';
import { DEFAULT_SCHEDULE } from '../../../server/config/index';
import { retryAfterOf, waitBefore } from '../../../server/deliver/settle';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-21T18:12:03.341Z');

const wait = (attemptsMade: number, random: number, schedule: readonly number[] = [0, 5000]) =>
  waitBefore({ schedule, attemptsMade, random });

describe('the wait before the next attempt', () => {
  it('is anything up to the step below a minute', () => {
    expect(wait(1, 0)).toBe(0);
    expect(wait(1, 0.5)).toBe(2500);
    expect(wait(1, 0.999999)).toBe(5000);
  });

  it('is a fifth more or less than the step from a minute on', () => {
    const schedule = [0, 10 * MINUTE];
    expect(wait(1, 0, schedule)).toBe(8 * MINUTE);
    expect(wait(1, 0.5, schedule)).toBe(10 * MINUTE);
    expect(wait(1, 0.999999, schedule)).toBe(12 * MINUTE);
    expect(wait(1, 0, [0, MINUTE])).toBe(0.8 * MINUTE);
  });

  it('repeats the last step for all further attempts', () => {
    expect(wait(2, 0.5)).toBe(2500);
    expect(wait(19, 0.5)).toBe(2500);
    expect(wait(1, 0.5, [4000])).toBe(2000);
  });

  it('never exceeds the step by more than a fifth, whatever the dice say', () => {
    const steps = DEFAULT_SCHEDULE.slice(1);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attemptsMade, random) => {
          const step = steps[attemptsMade - 1]!;
          const waited = wait(attemptsMade, random, DEFAULT_SCHEDULE);
          return waited <= step * 1.2 && waited >= (step < MINUTE ? 0 : step * 0.8);
        },
      ),
    );
  });
});

describe('Retry-After', () => {
  it('is read as whole seconds', () => {
    expect(retryAfterOf('120', NOW)).toBe(120_000);
    expect(retryAfterOf(' 0 ', NOW)).toBe(0);
  });

  it('is read as a date of HTTP, of the old forms too', () => {
    expect(retryAfterOf('Sat, 21 Nov 2026 18:13:03 GMT', NOW)).toBe(59_659);
    expect(retryAfterOf('Saturday, 21-Nov-26 18:13:03 GMT', NOW)).toBe(59_659);
    expect(retryAfterOf('Sat Nov 21 18:13:03 2026', NOW)).toBe(59_659);
  });

  it('is a date of Greenwich where it names no zone, whatever the zone of this server', () => {
    expect(retryAfterOf('Sat, 21 Nov 2026 18:13:03', NOW)).toBe(59_659);
  });

  it('is no wait where the date is past', () => {
    expect(retryAfterOf('Sat, 21 Nov 2026 18:00:00 GMT', NOW)).toBe(0);
  });

  it.each([
    undefined,
    '',
    'soon',
    '-5',
    '1.5',
    '1e3',
    '99999999999',
    'Sat, 99 Nov 2026',
    '2026-11-21T19:00:00Z',
  ])('says nothing as %j', (header) => expect(retryAfterOf(header, NOW)).toBeNull());
});
