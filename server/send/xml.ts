/** A tree as XML 1.0 that any parser accepts, whatever the content holds. */
import { createHash } from 'node:crypto';
import { XMLBuilder } from 'fast-xml-parser';
import { strictJson } from '../store/json';

/**
 * The tree under the root `event`, with a declaration of UTF-8. Null, an empty object and an empty text are an empty
 * element; an empty list and what JSON leaves out have no element.
 */
export const xmlOf = (tree: object): string =>
  DECLARATION + builder.build({ event: nodeOf(tree, 1) });

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';
/** No legal element name holds these, so no key of content is ever taken for one of them. */
const ATTRIBUTE = '@';
const TEXT = '#';
/** libxml2 refuses documents deeper than 256. What lies deeper than this is written as JSON text. */
const MAX_DEPTH = 200;

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

/** Without a prototype, so that a key such as `__proto__` is a key like any other. */
function nodeOf(object: object, depth: number): Node {
  const node: Node = Object.create(null);
  for (const [key, value] of Object.entries(object)) {
    if (isNothing(value)) continue;
    const name = xmlNameOf(key);
    const contents = repeatedOf(value, depth + 1);
    if (contents.length === 0) continue;
    node[name] = name === key ? contents : contents.map((content) => withName(content, key));
  }
  return node;
}

/** A list repeats its element. An empty list has none: a receiver would read one as a row without values. */
function repeatedOf(raw: unknown, depth: number): Content[] {
  const value = jsonValueOf(raw);
  if (!Array.isArray(value)) return [contentOf(value, depth)];
  return value.map((element) => contentOf(element, depth));
}

function contentOf(raw: unknown, depth: number): Content {
  const value = jsonValueOf(raw);
  if (value === null || isNothing(value)) return '';
  if (typeof value !== 'object') return escaped(value);
  if (depth >= MAX_DEPTH) return escaped(strictJson(value));
  // A list within a list has no name to repeat: its elements are called `item`.
  return nodeOf(Array.isArray(value) ? { item: value } : value, depth);
}

/** The original name stands beside a name that had to be changed. */
const withName = (content: Content, key: string): Node =>
  Object.assign(Object.create(null), typeof content === 'string' ? { [TEXT]: content } : content, {
    [`${ATTRIBUTE}name`]: attributeOf(key),
  });

const isNothing = (value: unknown) =>
  value === undefined || typeof value === 'function' || typeof value === 'symbol';

/** As JSON sees a value: a Date is its ISO text, a number that is none is null. */
function jsonValueOf(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (typeof value !== 'object' || value === null) return value;
  return 'toJSON' in value && typeof value.toJSON === 'function' ? value.toJSON() : value;
}

/** A bare tab or line feed in an attribute is read as a space (XML 1.0, 3.3.3). */
const attributeOf = (value: string): string =>
  escaped(value).replaceAll('\t', '&#9;').replaceAll('\n', '&#10;');

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
const escaped = (value: unknown): string =>
  String(value).replace(SPECIAL, (character) => ESCAPES[character] ?? '\uFFFD');

/**
 * A legal name as it is; in any other each character that may not stand is written `_xHHHH_`, its
 * code point in hexadecimal (eight digits beyond U+FFFF), and an underscore that would read as such
 * an escape is escaped itself. It is the convention of .NET's XmlConvert.EncodeLocalName, so no two
 * keys meet, and .NET decodes it. The empty key is `_x_`.
 */
export function xmlNameOf(key: string): string {
  if (key === '') return '_x_';
  const isLegal = LEGAL_NAME.test(key) && !LOOKS_ESCAPED.test(key);
  const name = isLegal ? key : key.replace(ESCAPED_IN_NAME, escapeOf);
  return name.length > MAX_NAME_LENGTH ? shortened(name) : name;
}

/**
 * The characters of a name: XML 1.0 names (fifth edition, 2.3) without the colon, which namespaces took, and
 * without characters beyond U+FFFF, which parsers of the fourth edition refuse, and without U+1680
 * and U+FEFF, which are white space to JavaScript and so to parsers written in it.
 */
const NAME_START = [
  'A-Za-z_\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u167F\\u1681-\\u1FFF\\u200C\\u200D',
  '\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFEFE\\uFF00-\\uFFFD',
].join('');
const NAME_REST = [NAME_START, '0-9.\\u00B7\\u0300-\\u036F\\u203F\\u2040-'].join('');

// The ranges hold combining characters on purpose; the rule guards against emoji written in a class.
/* eslint-disable no-misleading-character-class */
const LEGAL_NAME = new RegExp(`^[${NAME_START}][${NAME_REST}]*$`);
/** A character that may not stand where it stands, or an underscore that would read as our escape. */
const ESCAPED_IN_NAME = new RegExp(
  `^[^${NAME_START}]|[^${NAME_REST}]|_(?=x(?:[0-9A-Fa-f]{4}|[0-9A-Fa-f]{8})?_)`,
  'gu',
);
/* eslint-enable no-misleading-character-class */
const LOOKS_ESCAPED = /_x(?:[0-9A-Fa-f]{4}|[0-9A-Fa-f]{8})?_/;

/** libxml2 refuses names beyond 50,000 characters; nobody reads one beyond this. */
const MAX_NAME_LENGTH = 1000;

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16).toUpperCase();
  return `_x${digits.padStart(code > 0xffff ? 8 : 4, '0')}_`;
}

const shortened = (name: string) =>
  `${name.slice(0, MAX_NAME_LENGTH)}_${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
