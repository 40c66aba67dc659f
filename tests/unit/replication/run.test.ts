/** How a run ends that somebody cancelled: always in the same way, whoever is faster. */
import { endingOf, type Ending } from '../../../server/replication/job';
import { NOTHING } from '../../../server/replication/tally';

const completed: Ending = { state: 'completed', tallied: NOTHING };
const failed: Ending = { state: 'failed', error: 'The destination broke off.' };

test('a cancelled run that fails before it learns of the cancellation is cancelled', () => {
  expect(endingOf(failed, { isCancelled: true })).toEqual({
    state: 'cancelled',
    error: 'It was cancelled.',
  });
});

test('a cancelled run that was already copied completely is completed: the destination keeps it', () => {
  expect(endingOf(completed, { isCancelled: true })).toBe(completed);
});

test.each([completed, failed])('a run that nobody cancelled ends as it came: %j', (ending) => {
  expect(endingOf(ending, { isCancelled: false })).toBe(ending);
});
