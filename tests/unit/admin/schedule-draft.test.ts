/** The form of a schedule: what it asks the server for, and what it says before. */
import { draftOf, isPublishedBy, newDraft, timesOf } from '../../../admin/domain/schedule/draft';
import { byDay } from '../../../admin/pages/schedule/by-day';
import { askedFor, viewOf } from '../../../admin/pages/schedule/views';
import { contentPath } from '../../../admin/paths';
import type { ListedSchedule } from '../../../server/contract/schedule';

const BERLIN = newDraft('Europe/Berlin');

test('What is chosen is read from the clocks of the zone, and shown by them again', () => {
  const draft = { ...BERLIN, publish: { day: '2026-12-24', time: '18:00' } };
  const { times } = timesOf(draft);
  expect(times).toEqual({
    publishAt: '2026-12-24T17:00:00.000Z',
    archiveAt: null,
    timezone: 'Europe/Berlin',
  });
  expect(draftOf(times as NonNullable<typeof times>)).toEqual(draft);
});

test('Half a time is no time, nor is one that clocks skip; each is told where it stands', () => {
  const problemsOf = (publish: object, archive: object) =>
    timesOf({
      ...BERLIN,
      publish: { ...BERLIN.publish, ...publish },
      archive: { ...BERLIN.archive, ...archive },
    }).problems;
  expect(problemsOf({ day: '2026-12-24' }, { time: '18:00' })).toEqual({
    publishAt: 'schedule.noTime',
    archiveAt: 'schedule.noDay',
  });
  expect(problemsOf({ day: '2027-03-28', time: '02:30' }, {})).toEqual({
    publishAt: 'schedule.skipped',
  });
  expect(problemsOf({}, {})).toBeNull();
});

test('A time that nobody touched stays to the second, also where clocks show it twice', () => {
  // 02:30 for the second time, when the clocks have gone back.
  const stored = {
    publishAt: '2026-10-25T01:30:20.000Z',
    archiveAt: '2026-10-26T10:00:00.000Z',
    timezone: 'Europe/Berlin',
  };
  const draft = { ...draftOf(stored), archive: { day: '2026-10-27', time: '11:00' } };
  expect(timesOf(draft, stored).times).toEqual({
    ...stored,
    archiveAt: '2026-10-27T10:00:00.000Z',
  });
  const touched = { ...draft, publish: { day: '2026-10-25', time: '02:31' } };
  expect(timesOf(touched, stored).times?.publishAt).toBe('2026-10-25T00:31:00.000Z');
  const moved = { ...draft, timezone: 'UTC' };
  expect(timesOf(moved, stored).times?.publishAt).toBe('2026-10-25T02:30:00.000Z');
});

test('The time of what is published already stands', () => {
  const open = { state: 'scheduled', publishAt: '2026-12-24T17:00:00.000Z' } as const;
  expect(isPublishedBy({ ...open, step: 'archive' })).toBe(true);
  expect(isPublishedBy({ ...open, step: 'publish' })).toBe(false);
  expect(isPublishedBy({ ...open, publishAt: null, step: 'archive' })).toBe(false);
});

test('The list is by the days of whoever looks at it, in its own order', () => {
  const list = ['2026-12-24T23:30:00.000Z', '2026-12-25T10:00:00.000Z'].map(
    (dueAt) => ({ dueAt }) as ListedSchedule,
  );
  const countsIn = (zone: string) =>
    byDay(list, zone).map(({ key, schedules }) => [key, schedules.length]);
  expect(countsIn('Europe/Berlin')).toEqual([['2026-12-25', 2]]);
  expect(countsIn('UTC')).toEqual([
    ['2026-12-24', 1],
    ['2026-12-25', 1],
  ]);
});

test('The page shows what is to come, next first, unless it is asked for what is over', () => {
  expect(askedFor({})).toEqual({ sort: 'dueAt:asc', state: 'scheduled' });
  expect(askedFor({ state: 'failed' })).toEqual({ sort: 'dueAt:desc', state: 'failed' });
  expect(askedFor({ state: 'all', uid: 'a' })).toEqual({ sort: 'dueAt:desc', uid: 'a' });
  expect(viewOf('nonsense')).toBe('scheduled');
});

test('A document is where the Content Manager shows it', () => {
  const place = { uid: 'api::page.page', documentId: 'd', locale: null };
  expect(contentPath({ ...place, kind: 'collectionType', locale: 'en' })).toBe(
    '/content-manager/collection-types/api::page.page/d?plugins[i18n][locale]=en',
  );
  expect(contentPath({ ...place, kind: 'singleType' })).toBe(
    '/content-manager/single-types/api::page.page',
  );
});
