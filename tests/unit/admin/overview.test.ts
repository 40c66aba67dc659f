/** The data of the overview's charts. */
import { lengthOf, rangeIn, rangeOfLength } from '../../../admin/pages/dashboard/ranges';
import { countsOf, shownSeries, totalOf } from '../../../admin/pages/dashboard/series';

const states = {
  pending: 1,
  sending: 2,
  delivered: 3,
  retrying: 4,
  dead: 5,
  cancelled: 0,
};

describe('The overview', () => {
  test('takes the time from its address, and a day from one that names none', () => {
    expect(['hour', 'week', 'fortnight', null].map(rangeIn)).toEqual([
      'hour',
      'week',
      'day',
      'day',
    ]);
    expect(lengthOf('week')).toBe(7 * 24 * 3_600_000);
    expect(rangeOfLength(lengthOf('month'))).toBe('month');
  });

  test('stacks every delivery once', () => {
    expect(totalOf(countsOf(states))).toBe(15);
    expect(countsOf(states)).toMatchObject({ waiting: 3, dead: 5 });
  });

  test('shows cancelled ones only where there are any', () => {
    expect(shownSeries(states)).not.toContain('cancelled');
    expect(shownSeries({ ...states, cancelled: 1 })).toContain('cancelled');
  });
});
