/** Evaluates a webhook's filter over an event. Total: a condition on a missing field is false, nothing throws. */
import type { WebhookEvent } from '../contract/event';
import { isAnd, isNot, isOr, type Condition, type Filter } from '../contract/filter';

/** The Strapi types of a field; empty if they are not known (inside JSON, or for an event without a content type). */
export type TypesAt = (uid: string | null, path: readonly string[]) => readonly string[];
export const UNTYPED: TypesAt = () => [];

/** The parts of an event that conditions read. */
export type Filterable = Pick<WebhookEvent, 'entry' | 'previous' | 'changes' | 'actor'> & {
  uid?: WebhookEvent['uid'];
};

/** @param typesAt the Strapi types of a field: they decide how its values compare. */
export function passes(filter: Filter, event: Filterable, typesAt: TypesAt = UNTYPED): boolean {
  if (isAnd(filter)) return filter.and.every((part) => passes(part, event, typesAt));
  if (isOr(filter)) return filter.or.some((part) => passes(part, event, typesAt));
  if (isNot(filter)) return !passes(filter.not, event, typesAt);
  return holds(filter, event, typesAt);
}

function holds(condition: Condition, event: Filterable, typesAt: TypesAt): boolean {
  const { field, op, value } = condition;
  const values = fieldValues(field, event);
  const wanted = value ?? null;
  const types = typesOf(field, event, typesAt);
  const some = (test: (one: unknown) => boolean) => values.some(test);
  const isOrdered = (accepts: (order: number) => boolean) =>
    some((one) => {
      const order = compared(one, wanted, types);
      return order !== null && accepts(order);
    });
  const alsoHolds = (other: Partial<Condition>) =>
    holds({ ...condition, ...other }, event, typesAt);
  switch (op) {
    case 'eq':
      return values.length === 0
        ? wanted === null
        : some((one) => (one ?? null) === wanted || compared(one, wanted, types) === 0);
    case 'ne':
      return !alsoHolds({ op: 'eq' });
    case 'gt':
      return isOrdered((order) => order > 0);
    case 'gte':
      return isOrdered((order) => order >= 0);
    case 'lt':
      return isOrdered((order) => order < 0);
    case 'lte':
      return isOrdered((order) => order <= 0);
    case 'in':
      return [value ?? null].flat().some((item) => alsoHolds({ op: 'eq', value: item }));
    case 'notIn':
      return !alsoHolds({ op: 'in' });
    case 'exists':
      return some(isPresent) === (value !== false);
    case 'contains':
      return field === 'changes'
        ? values.includes(wanted)
        : some((one) => textOf(one).includes(textOf(wanted)));
    case 'startsWith':
      return some((one) => textOf(one).startsWith(textOf(wanted)));
    case 'endsWith':
      return some((one) => textOf(one).endsWith(textOf(wanted)));
    case 'changed':
      return isChanged(field, event) === (value !== false);
  }
}

function isChanged(field: string, event: Filterable): boolean {
  const [root, name] = field.split('.');
  return root === 'changes' && name === undefined
    ? event.changes.length > 0
    : event.changes.some((change) => change.field === name);
}

function fieldValues(field: string, event: Filterable): unknown[] {
  const [root = '', ...path] = field.split('.');
  if (root !== 'changes') return valuesAt(event[root as 'entry' | 'previous' | 'actor'], path);
  const [name] = path;
  if (name === undefined) return event.changes.map((change) => change.field);
  return event.changes.filter((change) => change.field === name).map(({ to }) => to);
}

const own = (value: object, key: string): unknown =>
  Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;

/** Every value at a path; a list on the way (a repeatable component, a relation) stands for each of its items. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  let values = flat([value]);
  for (const key of path) {
    const holders = values.filter((one) => typeof one === 'object' && one !== null);
    values = flat(holders.map((holder) => own(holder as object, key)));
  }
  return values;
}

/** The items of lists within lists, in their order. `flat(Infinity)` calls itself, and JSON may be nested too deep. */
function flat(list: unknown[]): unknown[] {
  const items: unknown[] = [];
  const waiting = [...list].reverse();
  while (waiting.length > 0) {
    const item = waiting.pop();
    if (Array.isArray(item)) for (const inner of item.toReversed()) waiting.push(inner);
    else items.push(item);
  }
  return items;
}

const isPresent = (value: unknown) => value !== null && value !== undefined && value !== '';

/** An object has no text: `String` would throw for `{ "toString": 1 }` in a JSON field. */
const textOf = (value: unknown) =>
  isPresent(value) && typeof value !== 'object' ? String(value) : '';

function typesOf(field: string, event: Filterable, typesAt: TypesAt): readonly string[] {
  const [root, ...path] = field.split('.');
  return root === 'actor' || path.length === 0 ? [] : typesAt(event.uid ?? null, path);
}

/** Negative, zero or positive, as for `Array.sort`; null if the two cannot be compared. */
type Order = -1 | 0 | 1 | null;

/**
 * How a stored value compares with the value of a condition. A date is compared as the moment that it names, a big integer
 * digit by digit: "12:00Z" and "14:00+02:00" are one moment, and text order would tell them apart.
 */
function compared(value: unknown, wanted: unknown, types: readonly string[]): Order {
  if (types.length === 0 && isInstant(value) && isInstant(wanted))
    return difference(instantOf(value), instantOf(wanted));
  for (const type of types) {
    const order = orderOfType(type, value, wanted);
    if (order !== null) return order;
  }
  // A date is never compared letter by letter.
  const areMoments = types.length > 0 && types.every((type) => type in READERS);
  return areMoments ? null : plainOrder(value, wanted);
}

/** By the meaning of the type; null if the two have none. */
function orderOfType(type: string, value: unknown, wanted: unknown): Order {
  if (type === 'biginteger') return difference(wholeOf(value), wholeOf(wanted));
  const read = READERS[type];
  if (!read || typeof value !== 'string' || typeof wanted !== 'string') return null;
  return difference(read(value), read(wanted));
}

/** Numbers by value, all text by its characters. */
function plainOrder(value: unknown, wanted: unknown): Order {
  if (typeof wanted === 'number') {
    const number = numberOf(value);
    return Number.isNaN(number) ? null : difference(number, wanted);
  }
  if (typeof value !== 'string' || typeof wanted !== 'string') return null;
  return difference(value, wanted);
}

function difference<T extends number | bigint | string>(one: T | null, other: T | null): Order {
  if (one === null || other === null) return null;
  return one < other ? -1 : one > other ? 1 : 0;
}

/** A number in a text attribute is no number: decimals that a database gives as text are. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

function wholeOf(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null;
  return typeof value === 'string' && WHOLE.test(value) ? BigInt(value) : null;
}

/** How a text of a type is read. */
const READERS: Record<string, (text: string) => number | null> = {
  datetime: instantOf,
  /** Strapi gives milliseconds as text. */
  timestamp: (text) => (WHOLE.test(text) ? Number(text) : instantOf(text)),
  date: dayOf,
  time: timeOf,
};

export const WHOLE = /^-?\d+$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?$/i;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?$/;

/** Whether a text names one moment, in every place the same. */
export function isInstant(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  return instantOf(value) !== null && INSTANT.exec(value)?.[3] !== undefined;
}

/** Milliseconds since 1970. A day alone is its midnight UTC, and a moment without an offset is UTC. */
function instantOf(text: string): number | null {
  const [, day = '', time = '', zone = 'Z'] = INSTANT.exec(text) ?? [];
  if (day === '') return dayOf(text);
  if (dayOf(day) === null || timeOf(time) === null) return null;
  const ms = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(ms) ? null : ms;
}

/** Milliseconds since 1970 of midnight UTC; null for a day that no calendar has, such as 30 February. */
export function dayOf(text: string): number | null {
  const ms = DAY.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? ms : null;
}

/** Milliseconds since midnight. */
export function timeOf(text: string): number | null {
  const [, hour, minute, second = '0', fraction = '0'] = TIME.exec(text) ?? [];
  if (hour === undefined) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  return (
    ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 +
    Number(fraction.padEnd(3, '0'))
  );
}
