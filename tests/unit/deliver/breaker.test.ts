/** An endpoint that keeps failing is spared for a while, then asked once. */
import { breakerState, FAILURES_TO_OPEN, HEALTHY } from '../../../server/store/health';

const state = (consecutiveFailures: number, parkedUntil: number) =>
  breakerState({ health: { ...HEALTHY, consecutiveFailures }, parkedUntil }, 1000);

test('a few failures are nobody’s business', () => {
  expect(state(FAILURES_TO_OPEN - 1, 5000)).toBe('closed');
});
test('after more of them in a row nobody asks until the pause is over', () => {
  expect(state(FAILURES_TO_OPEN, 1001)).toBe('open');
});
test('then one may see whether it is back', () => {
  expect(state(FAILURES_TO_OPEN, 1000)).toBe('probe');
});
