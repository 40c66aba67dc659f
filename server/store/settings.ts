/** Rows of settings: how lists of them are sorted, which version they are, who saved them, and what a save changed. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Page, Paging } from '../contract/api';
import type { Actor } from '../contract/event';
import type { HeaderValue, Headers } from '../contract/webhook';
import { invalid, problem } from '../strapi/errors';

/** The columns that each table of settings has; big integers arrive as text from PostgreSQL and MySQL. */
export type Saved = {
  id: number;
  updatedAt: string | number | null;
  /** JSON of an actor and the time; null if nobody has changed the row since it was made. */
  lastChange: string | null;
};

type LastChange = { at: number; actor: Actor };

/** ISO 8601 from a column of dates, milliseconds from one of numbers; 0 for null. */
export function millis(moment: string | number | Date | null): number {
  if (moment === null) return 0;
  return typeof moment === 'string' && !/^\d+$/.test(moment) ? Date.parse(moment) : Number(moment);
}

/** Later than the one before, whatever the clock of this instance shows: a save never looks older than what it replaces. */
export function nextVersion({ updatedAt }: Pick<Saved, 'updatedAt'>, now: number): number {
  return Math.max(now, millis(updatedAt) + 1);
}

export function lastChangeOf(change: LastChange): string {
  return JSON.stringify(change);
}

/** Null if something that leaves no name changed the row, such as the project's own code. */
export function whoSaved({ updatedAt, lastChange }: Omit<Saved, 'id'>): Actor | null {
  if (!lastChange) return null;
  const { at, actor } = JSON.parse(lastChange) as LastChange;
  return at === millis(updatedAt) ? actor : null;
}

export function pageOf<T>(
  data: T[],
  { paging: { page, pageSize }, total }: { paging: Paging; total: number },
): Page<T> {
  const pageCount = Math.ceil(total / pageSize);
  return { data, meta: { pagination: { page, pageSize, pageCount, total } } };
}

/** `name:asc` as the database wants it. */
export function orderOf(sort: string, fields: readonly string[]): Record<string, 'asc' | 'desc'>[] {
  const [field = '', direction = 'asc'] = sort.split(':');
  if (!fields.includes(field)) {
    throw invalid([problem(['sort'], 'sort-unknown', { fields: fields.join(', '), field })]);
  }
  // Equal values keep one order over all pages.
  return [{ [field]: direction.toLowerCase() === 'desc' ? 'desc' : 'asc' }, { id: 'asc' }];
}

type Fields = Record<string, unknown>;

/** Fields of a workflow that are lists of parts with keys. */
const KEYED = ['states', 'commands'];

/**
 * The names of the fields that a change was about, never a value.
 * @param before what was stored, as it is answered: with the mask in place of secrets
 * @param after what was sent. A secret counts as changed unless its mask came back.
 */
export function changedFields(before: Fields, after: Fields): string[] {
  return Object.keys(after).flatMap((field) => {
    const [old, now] = [before[field], after[field]];
    if (field === 'headers') return changedHeaders((old ?? {}) as Headers, now as Headers);
    if (isDeepStrictEqual(old, now)) return [];
    return KEYED.includes(field) ? changedParts(field, old, now) : [field];
  });
}

function changedHeaders(before: Headers, after: Headers): string[] {
  return changedKeys(headersByName(before), headersByName(after)).map((name) => `headers.${name}`);
}

/** Header names are compared without regard to case. */
function headersByName(headers: Headers): Map<string, HeaderValue> {
  return new Map(
    Object.entries(headers).map(([name, header]) => [
      name.toLowerCase(),
      typeof header === 'object' && !header.secret ? header.value : header,
    ]),
  );
}

/** Each state or command by its key; the list as a whole where only its order was changed. */
function changedParts(field: string, before: unknown, after: unknown): string[] {
  const partsByKey = (parts: unknown) =>
    new Map(((parts ?? []) as { key: string }[]).map((part) => [part.key, part]));
  const keys = changedKeys(partsByKey(before), partsByKey(after));
  return keys.length > 0 ? keys.map((key) => `${field}.${key}`) : [field];
}

function changedKeys(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys.filter((key) => !isDeepStrictEqual(before.get(key), after.get(key)));
}
