/** Which fields a change was about: their names, never a value. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { HeaderValue, Headers } from '../../contract/webhook';

type Fields = Record<string, unknown>;

const plain = (header: HeaderValue | undefined): HeaderValue | undefined =>
  typeof header === 'object' && !header.secret ? header.value : header;

/** Header names are compared without regard to case. */
const byName = (headers: Headers): ReadonlyMap<string, HeaderValue | undefined> =>
  new Map(Object.entries(headers).map(([name, header]) => [name.toLowerCase(), plain(header)]));

const changedHeaders = (before: Headers, after: Headers): string[] => {
  const [old, now] = [byName(before), byName(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((name) => !isDeepStrictEqual(old.get(name), now.get(name)))
    .map((name) => `headers.${name}`);
};

type Keyed = { key: string };

const byKey = (parts: unknown): ReadonlyMap<string, Keyed> =>
  new Map(((parts ?? []) as Keyed[]).map((part) => [part.key, part]));

/** Each state or command by its key; the list as a whole where only its order was changed. */
const changedParts = (field: string, before: unknown, after: unknown): string[] => {
  if (isDeepStrictEqual(before, after)) return [];
  const [old, now] = [byKey(before), byKey(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])]
    .filter((key) => !isDeepStrictEqual(old.get(key), now.get(key)))
    .map((key) => `${field}.${key}`);
  return names.length > 0 ? names : [field];
};

/** Of a workflow. */
const KEYED = ['states', 'commands'];

/**
 * @param before what was stored, as it is answered: with the mask in place of secrets
 * @param after what was sent. A secret counts as changed unless its mask came back.
 */
export const changedFields = (before: Fields, after: Fields): string[] =>
  Object.keys(after).flatMap((field) => {
    if (field === 'headers')
      return changedHeaders((before.headers ?? {}) as Headers, after.headers as Headers);
    if (KEYED.includes(field)) return changedParts(field, before[field], after[field]);
    return isDeepStrictEqual(before[field], after[field]) ? [] : [field];
  });
