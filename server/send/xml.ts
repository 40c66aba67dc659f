/** A tree as XML 1.0 that any parser accepts, whatever the content holds. */
import { XMLBuilder } from 'fast-xml-parser';
import { strictJson } from '../store/json';
import { xmlNameOf } from './xml-name';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
/** No legal element name holds these, so no key of content is ever taken for one of them. */
const ATTRIBUTE = '@';
const TEXT = '#';
/** libxml2 refuses documents deeper than 256. What lies deeper than this is written as JSON text. */
const MAX_DEPTH = 200;

/**
 * Markup, and what XML 1.0 (2.2) has no place for: most control characters, lone surrogates, U+FFFE
 * and U+FFFF. A carriage return is escaped, since a bare one is read as a line feed (2.11).
 */
// eslint-disable-next-line no-control-regex
const SPECIAL = /[&<>"'\u0000-\u0008\u000B-\u001F\uD800-\uDFFF\uFFFE\uFFFF]/gu;
const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;',
};

/** An illegal character becomes the replacement character: the reader sees that something was there. */
const textOf = (value: unknown): string =>
  String(value).replace(SPECIAL, (character) => ESCAPES[character] ?? '\uFFFD');

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE,
  textNodeName: TEXT,
  suppressEmptyNode: true,
  // Otherwise an attribute of value "true" loses its value, which is HTML and no XML.
  suppressBooleanAttributes: false,
  // Its limit throws; the depth is bounded below instead.
  maxNestedTags: 0,
  // Every text is escaped before: the builder's own escapes leave carriage returns as they are.
  processEntities: false,
});

type Node = { [name: string]: string | Node | (string | Node)[] };
type Content = string | Node;

const isNothing = (value: unknown) =>
  value === undefined || typeof value === 'function' || typeof value === 'symbol';

/** As JSON sees a value: a Date is its ISO text, a number that is none is null. */
const plain = (value: unknown): unknown => {
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (typeof value !== 'object' || value === null) return value;
  return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
};

/** A bare tab or line feed in an attribute is read as a space (XML 1.0, 3.3.3). */
const attributeOf = (value: string): string =>
  textOf(value).replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');

/** The original name stands beside a name that had to be changed. */
const named = (content: Content, key: string): Node =>
  Object.assign(Object.create(null), typeof content === 'string' ? { [TEXT]: content } : content, {
    [`${ATTRIBUTE}name`]: attributeOf(key),
  });

const contentOf = (raw: unknown, depth: number): Content => {
  const value = plain(raw);
  if (value === null || isNothing(value)) return '';
  if (typeof value !== 'object') return textOf(value);
  if (depth >= MAX_DEPTH) return textOf(strictJson(value));
  // A list within a list has no name to repeat: its elements are called `item`.
  return nodeOf(Array.isArray(value) ? { item: value } : value, depth);
};

/** A list repeats its element. An empty list has none: a receiver would read one as a row without values. */
const repeatedOf = (raw: unknown, depth: number): Content[] => {
  const value = plain(raw);
  if (!Array.isArray(value)) return [contentOf(value, depth)];
  return value.map((element) => contentOf(element, depth));
};

/** Without a prototype, so that a key such as `__proto__` is a key like any other. */
function nodeOf(object: object, depth: number): Node {
  const node: Node = Object.create(null);
  for (const [key, value] of Object.entries(object)) {
    if (isNothing(value)) continue;
    const name = xmlNameOf(key);
    const contents = repeatedOf(value, depth + 1);
    if (contents.length === 0) continue;
    node[name] = name === key ? contents : contents.map((content) => named(content, key));
  }
  return node;
}

/**
 * The tree under the root `event`, with a declaration of UTF-8. Null, an empty object and an empty text are an empty
 * element; an empty list and what JSON leaves out have no element.
 */
export const xmlOf = (tree: object): string =>
  DECLARATION + builder.build({ event: nodeOf(tree, 1) });
