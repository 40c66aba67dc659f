/** Who saved a row last, and the version that a save gets. */
import type { Actor } from '../../../server/contract/event';
import { lastChangeOf, millis, nextVersion, whoSaved } from '../../../server/store/settings';

const AT = Date.parse('2026-11-21T18:12:03.341Z');
const ADA: Actor = { type: 'admin', id: 1, name: 'Ada' };

test.each([
  ['2026-11-21T18:12:03.341Z', AT],
  [new Date(AT), AT],
  [AT, AT],
  [String(AT), AT],
  [null, 0],
])('%p is read as the same moment on each database', (moment, expected) => {
  expect(millis(moment)).toBe(expected);
});

test('a version is newer than the one before, also where the clock of this instance is behind', () => {
  expect(nextVersion({ updatedAt: AT }, AT + 5)).toBe(AT + 5);
  expect(nextVersion({ updatedAt: AT }, AT)).toBe(AT + 1);
  expect(nextVersion({ updatedAt: AT }, AT - 60_000)).toBe(AT + 1);
});

test('the name of who saved is given as long as nothing else has changed the row', () => {
  const lastChange = lastChangeOf({ at: AT, actor: ADA });
  expect(whoSaved({ updatedAt: String(AT), lastChange })).toEqual(ADA);
  expect(whoSaved({ updatedAt: AT + 1, lastChange })).toBeNull();
  expect(whoSaved({ updatedAt: AT, lastChange: null })).toBeNull();
});
