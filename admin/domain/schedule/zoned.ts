/** Dates and times as clocks on the wall of a time zone show them, and the moments that they are. Pure. */

/** `2026-12-24` and `18:00`; empty where nothing was chosen. */
export type Wall = { day: string; time: string };

export const NO_WALL: Wall = { day: '', time: '' };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
  formats.set(zone, format);
  return format;
};

export const wallOf = (at: number, zone: string): Wall => {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return {
    day: `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}`,
  };
};

const asUtc = ({ day, time }: Wall) => Date.parse(`${day}T${time}:00Z`);
const offsetAt = (at: number, zone: string) =>
  asUtc(wallOf(at, zone)) - Math.floor(at / MINUTE_MS) * MINUTE_MS;

/** Null where clocks never show it, because they go forward past it; the first of two where they go back. */
export const momentOf = (wall: Wall, zone: string): number | null => {
  const wanted = asUtc(wall);
  const before = wanted - offsetAt(wanted - DAY_MS, zone);
  const after = wanted - offsetAt(wanted + DAY_MS, zone);
  return [before, after].find((at) => asUtc(wallOf(at, zone)) === wanted) ?? null;
};

/** Whether clocks in both zones show the same at that moment. */
export const isSameWall = (at: number, zones: readonly [string, string]): boolean =>
  asUtc(wallOf(at, zones[0])) === asUtc(wallOf(at, zones[1]));

/** As people read it. */
export const zoneName = (zone: string): string => zone.replaceAll('_', ' ');

export const ownZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** By name, with those that must not be missing; browsers leave UTC out. */
export const zonesWith = (...needed: string[]): string[] =>
  [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', ...needed])].sort();
