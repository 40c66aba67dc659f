/** GUIDs for receivers that type their ids so: UUIDv5, the same for the same thing for ever. */
import { v5 } from 'uuid';

/** Ours alone. Changing it, or the names below, changes every id that receivers have stored. */
const NAMESPACE = 'b7e0a1f4-6c2d-5d3b-9a58-3f1c7e92d406';
export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';

export type GuidSubject =
  | 'document'
  | 'field'
  | 'template'
  | 'collection'
  | 'webhook'
  | 'event'
  | 'target'
  | 'state'
  | 'schedule';

/** A body has a GUID per field, and a content type's fields hardly change, so the latest are kept. */
const CACHE_SIZE = 5000;
const cache = new Map<string, string>();

/** `guidOf('document', uid, documentId)`. The parts are joined as JSON, so no two lists of parts meet. */
export const guidOf = (subject: GuidSubject, ...parts: string[]): string => {
  const name = JSON.stringify([subject, ...parts]);
  const known = cache.get(name);
  if (known) return known;
  const guid = v5(name, NAMESPACE);
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(name, guid);
  return guid;
};

/** The other way in which Sitecore writes a GUID: upper case, in braces. */
export const braced = (guid: string) => `{${guid.toUpperCase()}}`;
