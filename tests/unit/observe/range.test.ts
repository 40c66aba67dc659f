/** How a time is cut into buckets. */
import { rangeOf, startsOf, widthOf } from '../../../server/observe/figures';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-21T18:12:03.341Z');

describe('The range of statistics', () => {
  test.each([
    [HOUR, 60_000],
    [HOUR + 3000, 60_000],
    [DAY, HOUR / 2],
    [7 * DAY, 3 * HOUR],
    [30 * DAY, 12 * HOUR],
    [400 * DAY, 7 * DAY],
  ])('of %d ms has buckets of %d ms', (length, width) => {
    expect(widthOf(length)).toBe(width);
  });

  test('is the last day by default, and begins with a whole bucket', () => {
    expect(rangeOf({}, NOW)).toEqual({
      from: Date.parse('2026-11-20T18:00:00.000Z'),
      to: NOW,
      width: HOUR / 2,
    });
  });

  test('is covered by its buckets, the last of which may have only begun', () => {
    const range = rangeOf({}, NOW);
    const starts = startsOf(range);
    expect(starts[0]).toBe(range.from);
    expect(starts.at(-1)).toBeLessThan(NOW);
    expect((starts.at(-1) ?? 0) + range.width).toBeGreaterThanOrEqual(NOW);
  });
});
