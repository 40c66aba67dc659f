/** Reads the body of a validation's answer: JSON or XML by its text, whatever content type it was sent as. */
import { XMLParser } from 'fast-xml-parser';
import { jsonMembers, Members } from '../../send/http/answer';

/** `isText`: XML has no types, so the text "true" counts there as the value true does in JSON. */
export type AnswerBody = { members: Members; isText: boolean };

/** Null if the text is neither an object or list in JSON nor one element in XML. It has no white space around it. */
export function answerBodyOf(text: string): AnswerBody | null {
  return text.startsWith('<') ? xmlBodyOf(text) : jsonBodyOf(text);
}

/** A list is understood as JSON, but has no members. */
function jsonBodyOf(text: string): AnswerBody | null {
  const value = jsonMembers(text);
  if (Array.isArray(value)) return { members: new Members([]), isText: false };
  return value instanceof Members ? { members: value, isText: false } : null;
}

const TEXT = '#text';
const CDATA = '#cdata';

/** Keeps the order, and unlike the parser's objects shows what is CDATA and what is repeated. An object of one key. */
type XmlNode = { [name: string]: XmlNode[] | string };

const parser = new XMLParser({
  preserveOrder: true,
  removeNSPrefix: true,
  parseTagValue: false,
  // Entities are decoded below: the parser would expand those of a DOCTYPE without limit.
  processEntities: false,
  trimValues: false,
  cdataPropName: CDATA,
  textNodeName: TEXT,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: 100,
});

function xmlBodyOf(text: string): AnswerBody | null {
  if (hasDeclaration(text)) return null;
  try {
    const roots = (parser.parse(text, true) as XmlNode[]).filter(isElement);
    const [root] = roots;
    if (root === undefined || roots.length > 1) return null;
    const elements = childrenOf(root).filter(isElement);
    const members = new Members(elements.map((one) => [nodeEntry(one)[0], valueOf(one)]));
    return { members, isText: true };
  } catch {
    return null;
  }
}

/**
 * Whether there is any declaration: a DOCTYPE can define entities that grow without end.
 * Skips comments, CDATA and instructions, which may mention one.
 */
function hasDeclaration(xml: string): boolean {
  const opening = /<!--|<!\[CDATA\[|<\?|<!/g;
  const closings: Record<string, string> = { '<!--': '-->', '<![CDATA[': ']]>', '<?': '?>' };
  for (let found = opening.exec(xml); found; found = opening.exec(xml)) {
    const closing = closings[found[0]];
    if (closing === undefined) return true;
    const end = xml.indexOf(closing, opening.lastIndex);
    // Never closed: the parser reports it.
    if (end === -1) return false;
    opening.lastIndex = end + closing.length;
  }
  return false;
}

function nodeEntry(node: XmlNode): [string, XmlNode[] | string] {
  return Object.entries(node)[0] ?? ['', []];
}

function childrenOf(node: XmlNode): XmlNode[] {
  const [, content] = nodeEntry(node);
  return typeof content === 'string' ? [] : content;
}

function isElement(node: XmlNode): boolean {
  return !nodeEntry(node)[0].startsWith('#');
}

/** The text of an element, or its elements with their texts. Deeper elements do not count. */
function valueOf(node: XmlNode): unknown {
  const elements = childrenOf(node).filter(isElement);
  return elements.length === 0
    ? textOf(node)
    : new Members(elements.map((element) => [nodeEntry(element)[0], textOf(element)]));
}

function textOf(node: XmlNode): string {
  return childrenOf(node)
    .map((child) => {
      const [name, content] = nodeEntry(child);
      if (name === CDATA)
        return childrenOf(child)
          .map(({ [TEXT]: raw }) => raw)
          .join('');
      return typeof content === 'string' ? decoded(content) : '';
    })
    .join('');
}

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);
const REFERENCE = /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});/g;

/** In one pass, so that a reference that a decoded character completes is not decoded again. */
function decoded(text: string): string {
  return text.replace(REFERENCE, (reference) => {
    const name = reference.slice(1, -1);
    if (!name.startsWith('#')) return ENTITIES.get(name) ?? reference;
    // `#x41` as 0x41, and `#65` as 65.
    const code = Number(name.replace('#x', '0x').replace('#', ''));
    return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
  });
}
