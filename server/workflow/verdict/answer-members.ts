/** Reads the body of a validation's answer: JSON or XML by what it is, whatever it was sent as. */
import { XMLParser } from 'fast-xml-parser';
import { jsonMembers, Members } from '../../send/http/answer';

/** `isText`: XML has no types, so "true" is as good there as true is in JSON. */
export type Said = { members: Members; isText: boolean };

/** A list is understood as JSON, but says nothing. */
function jsonOf(text: string): Said | null {
  const value = jsonMembers(text);
  if (Array.isArray(value)) return { members: new Members([]), isText: false };
  return value instanceof Members ? { members: value, isText: false } : null;
}

const TEXT = '#text';
const CDATA = '#cdata';

/** In its order, and unlike the parser's objects it tells what is CDATA and repeats what is there twice. */
type Node = { [name: string]: Node[] | string };

const parser = new XMLParser({
  preserveOrder: true,
  removeNSPrefix: true,
  parseTagValue: false,
  // Entities are decoded below: the parser would have those of a DOCTYPE grow as it says.
  processEntities: false,
  trimValues: false,
  cdataPropName: CDATA,
  textNodeName: TEXT,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: 100,
});

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const REFERENCE = /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});/g;

const characterOf = (reference: string): string => {
  const name = reference.slice(1, -1);
  if (!name.startsWith('#')) return ENTITIES.get(name) ?? reference;
  // `#x41` as 0x41, and `#65` as 65.
  const code = Number(name.replace('#x', '0x').replace('#', ''));
  return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
};

/** In one pass, so that what a decoded character completes is never decoded again. */
const decoded = (text: string): string => text.replace(REFERENCE, characterOf);

/** A node of the parser is an object of one key. */
const entryOf = (node: Node) => Object.entries(node)[0] ?? ['', []];
const childrenOf = (node: Node): Node[] => {
  const [, content] = entryOf(node);
  return typeof content === 'string' ? [] : content;
};
const isElement = (node: Node) => !entryOf(node)[0].startsWith('#');

const rawOf = (cdata: Node): string =>
  childrenOf(cdata)
    .map(({ [TEXT]: raw }) => raw)
    .join('');

const textOf = (node: Node): string =>
  childrenOf(node)
    .map((child) => {
      const [name, content] = entryOf(child);
      if (name === CDATA) return rawOf(child);
      return typeof content === 'string' ? decoded(content) : '';
    })
    .join('');

/** A text, or of an element with elements in it those and their texts. Deeper there is nothing that counts. */
const valueOf = (node: Node): unknown => {
  const elements = childrenOf(node).filter(isElement);
  return elements.length === 0
    ? textOf(node)
    : new Members(elements.map((element) => [entryOf(element)[0], textOf(element)]));
};

/**
 * Whether there is any declaration: a DOCTYPE, where entities could be made that grow without end.
 * Walks over comments, CDATA and instructions, which may speak of one.
 */
const isDeclaring = (xml: string): boolean => {
  const opening = /<!--|<!\[CDATA\[|<\?|<!/g;
  const closings: Record<string, string> = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>' };
  for (let found = opening.exec(xml); found; found = opening.exec(xml)) {
    const closing = closings[found[0]];
    if (closing === undefined) return true;
    const end = xml.indexOf(closing, opening.lastIndex);
    // Never closed: the parser says so.
    if (end === -1) return false;
    opening.lastIndex = end + closing.length;
  }
  return false;
};

const xmlOf = (text: string): Said | null => {
  if (isDeclaring(text)) return null;
  try {
    const roots = (parser.parse(text, true) as Node[]).filter(isElement);
    const [root] = roots;
    if (root === undefined || roots.length > 1) return null;
    const elements = childrenOf(root).filter(isElement);
    const members = new Members(elements.map((one) => [entryOf(one)[0], valueOf(one)]));
    return { members, isText: true };
  } catch {
    return null;
  }
};

/** Null if it is neither an object or list in JSON nor one element in XML. `text` has no white space around it. */
export const saidIn = (text: string): Said | null =>
  text.startsWith('<') ? xmlOf(text) : jsonOf(text);
