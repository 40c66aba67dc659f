/**
 * A document's value in the type that the examples have under its name, and the examples' value where it has none: a
 * receiver written for them reads each key without asking whether it is there. A value that cannot be written in that
 * type counts as none.
 */
type Row = Record<string, unknown>;

function isNone(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined for what is no text, number or truth value, and for the empty text. */
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

/** The fields of a document that the example does not name. */
export function others(entry: Row | null, named: Row): Row {
  return Object.fromEntries(Object.entries(entry ?? {}).filter(([field]) => !(field in named)));
}
