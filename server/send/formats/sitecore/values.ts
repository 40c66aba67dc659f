/** A field's value as Sitecore stores it: always text, dates without separators, a ticked box as "1". */
import { strictJson } from '../../../store/json';
import type { FormatInput } from '../format-input';

/** The attributes that Strapi adds to every type; a model does not list them. */
const SYSTEM_DATES = ['createdAt', 'updatedAt', 'publishedAt', 'firstPublishedAt'];

export type TypeOf = (attribute: string) => string | undefined;

export function typesOf(model: FormatInput['model']): TypeOf {
  const types = new Map((model?.attributes ?? []).map(({ name, type }) => [name, type]));
  return (name) => types.get(name) ?? (SYSTEM_DATES.includes(name) ? 'datetime' : undefined);
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

/** `type` is the attribute's; undefined where the content type is no longer known. */
export function storedText(value: unknown, type: string | undefined): string {
  const text = fieldText(value);
  if (type === 'date' || type === 'datetime') return storedDate(text);
  // An empty field is an unticked box: Sitecore has no other "false".
  return typeof value === 'boolean' && type !== 'json' ? (value ? '1' : '') : text;
}
