/** Which step comes next, what it leaves, and which times a schedule may have. */
import {
  changesOf,
  dueOf,
  retryAfter,
  settled,
  stepOf,
  timeProblems,
  type ScheduleRow,
} from '../../../server/schedule/plan';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const row = (more: Partial<ScheduleRow>): ScheduleRow => ({
  id: 1,
  scheduleId: 's',
  uid: 'api::page.page',
  documentId: 'd',
  locale: null,
  publishAt: 1,
  archiveAt: 2,
  timezone: 'UTC',
  state: 'scheduled',
  error: null,
  isPublished: false,
  dueAt: 1,
  claimId: 'c',
  openKey: 'k',
  actor: null,
  createdAt: 0,
  updatedAt: null,
  tries: 0,
  ...more,
});
const times = (publishAt: string | null, archiveAt: string | null) => ({
  publishAt,
  archiveAt,
  timezone: 'UTC',
});
const pathsOf = (...given: Parameters<typeof timeProblems>) =>
  timeProblems(...given).map(({ path }) => path.join('.'));

test('It publishes first and archives then, and is done after the last step', () => {
  expect(stepOf(row({}))).toBe('publish');
  expect(settled(row({ error: 'Again.', tries: 3 }))).toEqual({
    isPublished: true,
    dueAt: 2,
    claimId: null,
    tries: 0,
    error: null,
  });
  expect(stepOf(row({ isPublished: true }))).toBe('archive');
  expect(settled(row({ isPublished: true })).state).toBe('done');
  expect(stepOf(row({ publishAt: null }))).toBe('archive');
  expect(settled(row({ archiveAt: null })).state).toBe('done');
});

test('Times are in the future, one at least, and archiving comes after publishing', () => {
  const now = { now: NOW };
  const at = (hour: number) => `2026-11-26T${hour}:00:00Z`;
  const [past, soon, later] = [at(10), at(13), at(14)] as const;
  expect(pathsOf(times(soon, later), now)).toEqual([]);
  expect(pathsOf(times(null, null), now)).toEqual(['publishAt']);
  expect(pathsOf(times(past, null), now)).toEqual(['publishAt']);
  expect(pathsOf(times(later, soon), now)).toEqual(['archiveAt']);
  expect(pathsOf(times(soon, soon), now)).toEqual(['archiveAt']);
  // Published already, or tried again in a moment: what stands may stand.
  const stored = { publishAt: String(Date.parse(past)), archiveAt: null };
  expect(pathsOf(times(past, soon), { ...now, stored })).toEqual([]);
  expect(pathsOf(times(at(11), soon), { ...now, stored })).toEqual(['publishAt']);
});

test('Lists show a step at its own time, not at the end of a lease, and what is done at its last one', () => {
  const at = (moment: number) => new Date(moment).toISOString();
  expect(dueOf(row({ dueAt: 60_000 }))).toEqual({
    createdAt: at(0),
    dueAt: at(1),
    step: 'publish',
  });
  expect(dueOf(row({ isPublished: true, dueAt: 60_000 }))).toMatchObject({
    dueAt: at(2),
    step: 'archive',
  });
  const over = { ...row({ archiveAt: null, dueAt: 60_000 }) };
  expect(dueOf({ ...over, ...settled(over) })).toMatchObject({ dueAt: at(1), step: 'publish' });
  expect(settled(row({ isPublished: true, dueAt: 60_000 })).dueAt).toBe(2);
});

test('A step that fails without a refusal is retried with growing pauses, and given up in the end', () => {
  const waits = [0, 1, 2, 3].map(retryAfter);
  expect(waits).toEqual([...waits].sort((one, other) => Number(one) - Number(other)));
  expect(waits).not.toContain(null);
  expect(retryAfter(4)).toBeNull();
});

test('A change contains the new times and zone, and nothing that stayed the same', () => {
  const after = row({ archiveAt: null, timezone: 'Europe/Berlin', dueAt: 5 });
  expect(changesOf(row({}), after)).toEqual([
    { field: 'archiveAt', from: new Date(2).toISOString(), to: null },
    { field: 'timezone', from: 'UTC', to: 'Europe/Berlin' },
  ]);
});
