/**
 * How a stored value compares with the value of a condition. A date is compared as the moment that it names, a big
 * integer digit by digit: "12:00Z" and "14:00+02:00" are one moment, and text order would tell them apart.
 */

/** The Strapi types of a field; empty where they are not known (inside JSON, or for an event without a content type). */
export type TypesAt = (uid: string | null, path: readonly string[]) => readonly string[];
export const UNTYPED: TypesAt = () => [];

/** Negative, zero or positive, as for `Array.sort`; null if the two cannot be compared. */
type Order = -1 | 0 | 1 | null;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$/i;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?$/;
const WHOLE = /^-?\d+$/;

/** Milliseconds since 1970 of midnight UTC; null for a day that no calendar has, such as 30 February. */
function dayOf(text: string): number | null {
  const ms = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? ms : null;
}

/** Milliseconds since midnight. */
function timeOf(text: string): number | null {
  const [, hour, minute, second = '0', fraction = '0'] = TIME.exec(text) ?? [];
  if (hour === undefined) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return (
    ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 +
    Number(fraction.padEnd(3, '0'))
  );
}

/** Milliseconds since 1970. A day alone is its midnight UTC, and a moment without an offset is UTC. */
function instantOf(text: string): number | null {
  const [, day = '', time = '', zone = 'Z'] = INSTANT.exec(text) ?? [];
  if (day === '') return dayOf(text);
  if (dayOf(day) === null || timeOf(time) === null) return null;
  const ms = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(ms) ? null : ms;
}

/** `timestamp` attributes hold milliseconds as text. */
function timestampOf(text: string): number | null {
  return WHOLE.test(text) ? Number(text) : instantOf(text);
}

/** Whether a text names one moment, in every place the same. */
export function isInstant(text: string): boolean {
  return instantOf(text) !== null && INSTANT.exec(text)?.[3] !== undefined;
}

/** What a text of this type stands for. */
const READERS: Record<string, (text: string) => number | null> = {
  datetime: instantOf,
  timestamp: timestampOf,
  date: dayOf,
  time: timeOf,
};

function wholeOf(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  return typeof value === 'string' && WHOLE.test(value) ? BigInt(value) : null;
}

function difference<T extends number | bigint | string>(one: T | null, other: T | null): Order {
  if (one === null || other === null) return null;
  return one < other ? -1 : one > other ? 1 : 0;
}

/** By the meaning of the type; null where it gives the two none. */
function orderOfType(type: string, value: unknown, wanted: unknown): Order {
  if (type === 'biginteger') return difference(wholeOf(value), wholeOf(wanted));
  const read = READERS[type];
  if (!read || typeof value !== 'string' || typeof wanted !== 'string') return null;
  return difference(read(value), read(wanted));
}

/** A number in a text attribute is no number: decimals that a database gives as text are. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

/** Without a type: numbers by value, moments with an offset as moments, all other text by its characters. */
function plainOrder(value: unknown, wanted: unknown): Order {
  if (typeof wanted === 'number') {
    const number = numberOf(value);
    return Number.isNaN(number) ? null : difference(number, wanted);
  }
  if (typeof value !== 'string' || typeof wanted !== 'string') return null;
  return difference(value, wanted);
}

function untypedOrder(value: unknown, wanted: unknown): Order {
  const areInstants =
    typeof value === 'string' &&
    typeof wanted === 'string' &&
    isInstant(value) &&
    isInstant(wanted);
  return areInstants ? difference(instantOf(value), instantOf(wanted)) : plainOrder(value, wanted);
}

/** The order of the two; null if they cannot be compared. `types` as from `TypesAt`. */
export function compared(value: unknown, wanted: unknown, types: readonly string[]): Order {
  if (types.length === 0) return untypedOrder(value, wanted);
  for (const type of types) {
    const order = orderOfType(type, value, wanted);
    if (order !== null) return order;
  }
  // A date is never compared letter by letter.
  return types.every((type) => type in READERS) ? null : plainOrder(value, wanted);
}

/** Which values a condition may compare with a field of a type, and the message for one that does not fit. */
type Comparable = { fits(value: unknown): boolean; expected: string };

const NUMBERS: Comparable = {
  fits: (value) => typeof value === 'number',
  expected: 'holds numbers. Enter a number.',
};
/** JSON numbers lose digits beyond 2^53, so a larger one must come as text. */
const WHOLE_NUMBERS: Comparable = {
  fits: (value) =>
    typeof value === 'number'
      ? Math.abs(value) <= Number.MAX_SAFE_INTEGER
      : typeof value === 'string' && WHOLE.test(value),
  expected: 'holds whole numbers. Enter one; in the API, one beyond 9007199254740991 as text.',
};
const TEXTS: Comparable = {
  fits: (value) => typeof value === 'string',
  expected: 'holds text. Enter text; in the API, a text in quotation marks.',
};
const BOOLEANS: Comparable = {
  fits: (value) => typeof value === 'boolean',
  expected: 'is true or false. Choose one of the two.',
};
const INSTANTS: Comparable = {
  fits: (value) => typeof value === 'string' && (isInstant(value) || dayOf(value) !== null),
  expected:
    'holds a date and time. Enter it with its offset from UTC, such as 2026-06-01T12:00:00Z or 2026-06-01T14:00:00+02:00. A day alone is its midnight UTC.',
};
const DAYS: Comparable = {
  fits: (value) => typeof value === 'string' && dayOf(value) !== null,
  expected: 'holds a date. Enter a day that exists, such as 2026-06-01.',
};
const TIMES: Comparable = {
  fits: (value) => typeof value === 'string' && timeOf(value) !== null,
  expected: 'holds a time of day. Enter it as hours and minutes, such as 09:30 or 09:30:15.',
};

const BY_TYPE = new Map<string, Comparable>([
  ['integer', NUMBERS],
  ['float', NUMBERS],
  ['decimal', NUMBERS],
  ['biginteger', WHOLE_NUMBERS],
  ['boolean', BOOLEANS],
  ['datetime', INSTANTS],
  ['timestamp', INSTANTS],
  ['date', DAYS],
  ['time', TIMES],
  ...['string', 'text', 'richtext', 'email', 'uid', 'enumeration'].map(
    (type): [string, Comparable] => [type, TEXTS],
  ),
]);

/** Whether values of this type are compared as a whole; a relation, a component or JSON is not. */
export const isComparable = (type: string) => BY_TYPE.has(type);
export const fitsType = (type: string, value: unknown) => BY_TYPE.get(type)?.fits(value) === true;
/** The second half of a sentence that begins with the field's name. */
export const expectedOf = (type: string) => BY_TYPE.get(type)?.expected ?? '';
