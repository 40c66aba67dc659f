/**
 * A document's values in the types that the examples have under their names, and the examples' values where it has none: a
 * receiver written for them reads each key without checking that it is there. A value that cannot be written in that
 * type counts as none. Pure.
 */
import type { WebhookEvent } from '../../../contract/event';
import type { FormatInput } from '../formats';

type Row = Record<string, unknown>;

/** Undefined for a value that is no text, number or boolean, and for the empty text. */
export function textIn(value: unknown): string | undefined {
  if (typeof value === 'object' || isNone(value)) return undefined;
  return String(value) || undefined;
}

export function listOf(value: unknown): unknown[] {
  if (isNone(value)) return [];
  return Array.isArray(value) ? value : [value];
}

/** A list of names is written as `{ web: true }`. */
export function flagsOf(value: unknown): Row {
  if (isRow(value)) return value;
  const names = listOf(value).map(textIn);
  return Object.fromEntries(names.flatMap((name) => (name === undefined ? [] : [[name, true]])));
}

/** A whole number. */
export function countOf(value: unknown, fallback: number): number {
  const text = textIn(value);
  return text !== undefined && Number.isInteger(Number(text)) ? Number(text) : fallback;
}

/** What a screen shows, by component. */
export function componentsOf(value: unknown): Row {
  return { components: {}, ...(isRow(value) ? value : {}) };
}

/** The keys of the example first, then the fields of the document that the example does not name. */
export function withOthers(named: Row, entry: Row | null): Row {
  const others = Object.entries(entry ?? {}).filter(([field]) => !(field in named));
  return { ...named, ...Object.fromEntries(others) };
}

/** Milliseconds since 1970. */
export const momentOf = (time: string): number => Date.parse(time);

/**
 * A text without spaces. An administrator is their id alone; a prefix tells apart an API token or an end user with the
 * same id.
 */
export function userOf({ actor: { type, id } }: WebhookEvent): string {
  if (id === null) return type;
  return type === 'admin' ? String(id) : `${type}-${id}`;
}

/** A document's `name`, else its main field, else its id. */
export function nameOf({ event, model }: FormatInput): string {
  const { entry, documentId } = event;
  const main = model?.mainField ? entry?.[model.mainField] : undefined;
  return textIn(entry?.name) ?? textIn(main) ?? documentId ?? '';
}

function isNone(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
