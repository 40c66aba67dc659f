/** Which fields a change was about: their names, never a value. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { HeaderValue, Headers } from '../contract/webhook';

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

/**
 * @param before what was stored, as it is answered: with the mask in place of secrets
 * @param after what was sent. A secret counts as changed unless its mask came back.
 */
export const changedFields = (before: Fields, after: Fields): string[] =>
  Object.keys(after).flatMap((field) => {
    if (field === 'headers')
      return changedHeaders((before.headers ?? {}) as Headers, after.headers as Headers);
    return isDeepStrictEqual(before[field], after[field]) ? [] : [field];
  });
