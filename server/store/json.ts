/**
 * JSON values however deep they are nested: their text as JSON.stringify writes it, and whether two are the same.
 * JSON.stringify calls itself for each level and throws a RangeError at a few thousand levels, and `isDeepStrictEqual`
 * ends at 2,000; a JSON field of a document can hold more.
 */
import { isDeepStrictEqual } from 'node:util';

type KeysOf = (value: object) => string[];

type Frame = {
  value: Record<string, unknown>;
  /** Null for a list. */
  keys: string[] | null;
  length: number;
  next: number;
  isEmpty: boolean;
};

/** Keys in the order of their text. Integer keys still come first, because every JavaScript object has them first. */
function sortedKeys(value: object): string[] {
  return Object.keys(
    Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [key, null]),
    ),
  );
}

function hasToJson(value: unknown): value is { toJSON(key: string): unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'toJSON' in value &&
    typeof value.toJSON === 'function'
  );
}

function plainAt({ value, keys, next }: Frame): { key: string; plain: unknown } {
  const key = keys === null ? String(next) : (keys[next] as string);
  const raw = value[key];
  return { key, plain: hasToJson(raw) ? raw.toJSON(key) : raw };
}

function frameOf(value: object, keysOf: KeysOf): Frame {
  const keys = Array.isArray(value) ? null : keysOf(value);
  return {
    value: value as Record<string, unknown>,
    keys,
    length: keys === null ? (value as unknown[]).length : keys.length,
    next: 0,
    isEmpty: true,
  };
}

/** The text before a value: a comma after another value, and the key in an object. */
function leadOf({ isEmpty, keys }: Frame, key: string): string {
  return (isEmpty ? '' : ',') + (keys === null ? '' : `${JSON.stringify(key)}:`);
}

/** Has a stack of its own in place of the program's. */
function textOfDeep(root: object, keysOf: KeysOf): string {
  const parts: string[] = [];
  const open: Frame[] = [];
  const enter = (value: object) => {
    parts.push(Array.isArray(value) ? '[' : '{');
    open.push(frameOf(value, keysOf));
  };
  enter(root);
  for (let frame = open.at(-1); frame; frame = open.at(-1)) {
    if (frame.next === frame.length) {
      parts.push(frame.keys === null ? ']' : '}');
      open.pop();
      continue;
    }
    const { key, plain } = plainAt(frame);
    frame.next += 1;
    const isHolder = typeof plain === 'object' && plain !== null;
    // JSON leaves a value without a text, such as a function, out of an object, and writes null for it in a list.
    const text = isHolder ? '' : ((JSON.stringify(plain) as string | undefined) ?? null);
    if (text === null && frame.keys !== null) continue;
    parts.push(leadOf(frame, key), text ?? 'null');
    frame.isEmpty = false;
    if (isHolder) enter(plain);
  }
  return parts.join('');
}

/** `value` is an object or a list. */
export function jsonText(value: object): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return textOfDeep(value, Object.keys);
  }
}

/** The same text for the same value: databases that keep JSON as JSON change the order of its keys. */
export function sortedJson(value: object): string {
  return textOfDeep(value, sortedKeys);
}

/** An escape sequence. The pair of backslashes is one too, and so what follows it is none. */
const ESCAPE = /\\(?:ud[89a-f][0-9a-f]{2}|[^])/g;
const LONE_SURROGATE = /^\\ud[89a-f]/;
const MAY_HOLD_SURROGATE = /\\ud[89a-f]/;

/**
 * The text of JSON.stringify, which escapes lone surrogates and leaves pairs as they are, with U+FFFD in place of each
 * lone one. A lone surrogate is no character (RFC 8259, 8.2), and strict parsers refuse the whole text.
 */
export function wellFormedJson(text: string): string {
  if (!MAY_HOLD_SURROGATE.test(text)) return text;
  return text.replace(ESCAPE, (escape) => (LONE_SURROGATE.test(escape) ? '\uFFFD' : escape));
}

/** JSON text that leaves the server: any parser can read it. */
export function strictJson(value: object): string {
  return wellFormedJson(jsonText(value));
}

type Row = Record<string, unknown>;

function isHolder(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** Null if the two have different keys. */
function pairsOf(one: object, other: object): [unknown, unknown][] | null {
  if (Array.isArray(one) !== Array.isArray(other)) return null;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return null;
  if (!keys.every((key) => Object.hasOwn(other, key))) return null;
  return keys.map((key) => [(one as Row)[key], (other as Row)[key]]);
}

/** The order of an object's keys does not count. A Date is compared by its time. */
export function isSameJson(one: unknown, other: unknown): boolean {
  const waiting: [unknown, unknown][] = [[one, other]];
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const [left, right] = pair;
    if (Object.is(left, right)) continue;
    if (!isHolder(left) || !isHolder(right)) {
      // Dates and their like. A plain value is never the same as an object or a list.
      if (!isDeepStrictEqual(left, right)) return false;
      continue;
    }
    const inner = pairsOf(left, right);
    if (inner === null) return false;
    for (const one of inner) waiting.push(one);
  }
  return true;
}
