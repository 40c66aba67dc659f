/** Which values a condition may compare with a field of a Strapi type, and what to say of one that does not fit. */
import { isDay, isInstant, isTime, isWhole } from './compare';

type Comparable = { fits(value: unknown): boolean; expected: string };

const NUMBER: Comparable = {
  fits: (value) => typeof value === 'number',
  expected: 'holds numbers. Enter a number.',
};
/** JSON numbers lose digits beyond 2^53, so a larger one must come as text. */
const WHOLE: Comparable = {
  fits: (value) =>
    typeof value === 'number'
      ? Math.abs(value) <= Number.MAX_SAFE_INTEGER
      : typeof value === 'string' && isWhole(value),
  expected: 'holds whole numbers. Enter one; in the API, one beyond 9007199254740991 as text.',
};
const TEXT: Comparable = {
  fits: (value) => typeof value === 'string',
  expected: 'holds text. Enter text; in the API, a text in quotation marks.',
};
const BOOLEAN: Comparable = {
  fits: (value) => typeof value === 'boolean',
  expected: 'is true or false. Choose one of the two.',
};
const INSTANT: Comparable = {
  fits: (value) => typeof value === 'string' && (isInstant(value) || isDay(value)),
  expected:
    'holds a date and time. Enter it with its offset from UTC, such as 2026-06-01T12:00:00Z or 2026-06-01T14:00:00+02:00. A day alone is its midnight UTC.',
};
const DAY: Comparable = {
  fits: (value) => typeof value === 'string' && isDay(value),
  expected: 'holds a date. Enter a day that exists, such as 2026-06-01.',
};
const TIME: Comparable = {
  fits: (value) => typeof value === 'string' && isTime(value),
  expected: 'holds a time of day. Enter it as hours and minutes, such as 09:30 or 09:30:15.',
};

const BY_TYPE = new Map<string, Comparable>([
  ['integer', NUMBER],
  ['float', NUMBER],
  ['decimal', NUMBER],
  ['biginteger', WHOLE],
  ['boolean', BOOLEAN],
  ['datetime', INSTANT],
  ['timestamp', INSTANT],
  ['date', DAY],
  ['time', TIME],
  ...['string', 'text', 'richtext', 'email', 'uid', 'enumeration'].map(
    (type): [string, Comparable] => [type, TEXT],
  ),
]);

/** Whether values of this type are compared as a whole; a relation, a component or JSON is not. */
export const isComparable = (type: string) => BY_TYPE.has(type);
export const fitsType = (type: string, value: unknown) => BY_TYPE.get(type)?.fits(value) === true;
/** The second half of a sentence that begins with the field's name. */
export const expectedOf = (type: string) => BY_TYPE.get(type)?.expected ?? '';
