/** Sitecore's types of values: GUIDs, fields that are always text, accounts, languages and versions. Pure. */
import { v5 } from 'uuid';
import type { Actor } from '../../../contract/event';
import { strictJson } from '../../../store/json';
import type { FormatInput } from '../formats';

/** Ours alone. Changing it, or the subjects below, changes every id that receivers have stored. */
const NAMESPACE = 'b7e0a1f4-6c2d-5d3b-9a58-3f1c7e92d406';
export const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';

type GuidSubject =
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

/**
 * `guidOf('document', uid, documentId)`: a UUIDv5, the same for the same thing for ever. The parts are joined as JSON, so
 * that different lists of parts have different ids.
 */
export function guidOf(subject: GuidSubject, ...parts: string[]): string {
  const name = JSON.stringify([subject, ...parts]);
  const known = cache.get(name);
  if (known) return known;
  const guid = v5(name, NAMESPACE);
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(name, guid);
  return guid;
}

/** The other way in which Sitecore writes a GUID: upper case, in braces. */
export const braced = (guid: string) => `{${guid.toUpperCase()}}`;

/** Strapi's attributes change in place and have no numbered versions. */
export const VERSION = 1;

/** Strapi's own default, until a project chooses another. */
const FIRST_LOCALE = 'en';

/** A content type without locales is in the project's default one: receivers do not know an empty language. */
export function languageOf({ event, defaultLocale }: FormatInput): string {
  return event.locale ?? defaultLocale ?? FIRST_LOCALE;
}

export function userName({ event, account }: FormatInput): string {
  return account ?? accountName(event.actor);
}

/**
 * The actor as Sitecore's `domain\account`, by a name that no other account has; two people may share a display name such
 * as "Ada L". `known` is the account's own name if it could be read: an administrator's e-mail address, which is unique
 * without a domain, or an end user's name.
 */
export function accountName({ type, id, name }: Actor, known?: string): string {
  switch (type) {
    case 'admin':
      return known ?? `admin\\${id}`;
    case 'user':
      return id === null ? 'public\\anonymous' : `user\\${known ?? id}`;
    case 'api-token':
      // The names of API tokens are unique in Strapi.
      return `api-token\\${name ?? id}`;
    case 'system':
      return 'system\\strapi';
  }
}

/** The attributes that Strapi adds to every type; a model does not list them. */
const SYSTEM_DATES = ['createdAt', 'updatedAt', 'publishedAt', 'firstPublishedAt'];

/** The type of an attribute by its name; undefined where the content type is no longer known. */
export function typesOf(model: FormatInput['model']): (attribute: string) => string | undefined {
  const types = new Map((model?.attributes ?? []).map(({ name, type }) => [name, type]));
  return (name) => types.get(name) ?? (SYSTEM_DATES.includes(name) ? 'datetime' : undefined);
}

/** A field's value as Sitecore stores it: always text, dates without separators, a ticked box as "1". */
export function storedText(value: unknown, type: string | undefined): string {
  const text = fieldText(value);
  if (type === 'date' || type === 'datetime') return storedDate(text);
  // An empty field is an unticked box: Sitecore has no other "false".
  return typeof value === 'boolean' && type !== 'json' ? (value ? '1' : '') : text;
}

/** ISO 8601 as `20150602T111625Z`. Text that is no date stays as it is. */
export function storedDate(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  return at
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(/[-:]/g, '');
}

/** JSON where the attribute is not scalar, empty for null. */
export function fieldText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  return typeof value === 'object' ? strictJson(value) : String(value);
}
