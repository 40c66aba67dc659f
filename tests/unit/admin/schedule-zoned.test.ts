/** Times as clocks of a zone show them, and the moments that they are, where clocks are put forward and back too. */
import { isSameWall, momentOf, wallOf, zonesWith } from '../../../admin/domain/schedule/zoned';

const iso = (day: string, time: string, zone: string) => {
  const at = momentOf({ day, time }, zone);
  return at === null ? null : new Date(at).toISOString();
};

test.each([
  ['2026-12-24T18:00', 'Europe/Berlin', '2026-12-24T17:00:00.000Z'],
  ['2026-07-01T18:00', 'Europe/Berlin', '2026-07-01T16:00:00.000Z'],
  ['2026-12-24T00:00', 'America/New_York', '2026-12-24T05:00:00.000Z'],
  ['2026-12-24T00:15', 'Asia/Kathmandu', '2026-12-23T18:30:00.000Z'],
  ['2026-12-31T23:59', 'Pacific/Kiritimati', '2026-12-31T09:59:00.000Z'],
  ['2026-06-15T12:00', 'UTC', '2026-06-15T12:00:00.000Z'],
])('%s in %s is %s, and back', (wall, zone, moment) => {
  const [day = '', time = ''] = wall.split('T');
  expect(iso(day, time, zone)).toBe(moment);
  expect(wallOf(Date.parse(moment), zone)).toEqual({ day, time });
});

test('A time that clocks skip is no moment', () => {
  expect(iso('2027-03-28', '02:30', 'Europe/Berlin')).toBeNull();
  expect(iso('2027-03-28', '03:00', 'Europe/Berlin')).toBe('2027-03-28T01:00:00.000Z');
  expect(iso('2027-03-28', '01:59', 'Europe/Berlin')).toBe('2027-03-28T00:59:00.000Z');
});

test('Of a time that clocks show twice, the first is taken', () => {
  expect(iso('2026-10-25', '02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  expect(iso('2026-11-01', '01:30', 'America/New_York')).toBe('2026-11-01T05:30:00.000Z');
});

test('Two zones show the same, or not, at a moment', () => {
  const winter = Date.parse('2026-12-24T12:00:00Z');
  expect(isSameWall(winter, ['Europe/London', 'UTC'])).toBe(true);
  expect(isSameWall(Date.parse('2026-07-01T12:00:00Z'), ['Europe/London', 'UTC'])).toBe(false);
});

test('Zones to choose from hold UTC and those that are needed, each once', () => {
  const zones = zonesWith('Europe/Berlin', 'Etc/GMT+3');
  expect(zones).toEqual(expect.arrayContaining(['UTC', 'Europe/Berlin', 'Etc/GMT+3']));
  expect(new Set(zones).size).toBe(zones.length);
});
