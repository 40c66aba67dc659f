/**
 * Reads a text in every way in which it may have been written: JSON and JavaScript, XML and HTML, URL and form, UTF-8
 * that was read as Latin-1, and each of them within another. Every character knows its place in the original. Pure.
 */
import { byteOf } from './http/answer';

export type View = {
  readonly text: string;
  /** Where the character begins in the original, and where it ends; null: at its own place. */
  readonly starts: Uint32Array | null;
  readonly ends: Uint32Array | null;
};

export const startOf = ({ starts }: View, at: number): number => (starts ? starts[at]! : at);
export const endOf = ({ ends }: View, at: number): number => (ends ? ends[at]! : at + 1);

/** Facts about the secrets that decide which decoders can find one. */
export type Holding = { hasSpace: boolean; isAscii: boolean };

const ENCODED = /\\|&[#a-z]|%[0-9a-fu]|\P{ASCII}/iu;

/** Whether a text may hold escapes. Most texts hold none, and need no decoder. */
export const mayBeEncoded = (text: string, { hasSpace }: Holding): boolean =>
  ENCODED.test(text) || (hasSpace && text.includes('+'));

const DEEPEST = 4;
/** The limit on the characters of all views together, against texts that are made to be slow. */
const MOST_CHARACTERS = 1_000_000;
const MOST_VIEWS = 40;

const plainView = (text: string): View => ({ text, starts: null, ends: null });

/** The text itself, then every decoder, and every decoder after another, up to four. */
export function viewsOf(text: string, holding: Holding): View[] {
  const views = [plainView(text)];
  if (!mayBeEncoded(text, holding)) return views;
  const decoders = decodersFor(holding);
  const most = Math.min(MOST_VIEWS, Math.ceil(MOST_CHARACTERS / text.length));
  const known = new Set([text]);
  const add = (view: View, decoder: Decoder): View[] => {
    const found = known.size < most ? decodedView(view, decoder) : null;
    if (found === null || known.has(found.text)) return [];
    known.add(found.text);
    return [found];
  };
  let latest: View[] = views;
  for (let depth = 0; depth < DEEPEST && latest.length > 0; depth += 1) {
    latest = latest.flatMap((view) => decoders.flatMap((decoder) => add(view, decoder)));
    views.push(...latest);
  }
  return views;
}

const MOST_ROUNDS = 6;

/**
 * The text with every decoder applied until nothing is left to decode. In this form a secret is found also where an
 * encoder was sloppy, or where each part was written in another way.
 */
export function barest(text: string, holding: Holding): View {
  const decoders = decodersFor(holding);
  let view = plainView(text);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = view;
    for (const decoder of decoders) view = decodedView(view, decoder) ?? view;
    if (view === before) break;
  }
  return view;
}

const LOST: Decoder = {
  pattern: /(?:\P{ASCII}|\?)+/gu,
  decode: () => '\uFFFD',
};

/** With one mark in place of characters beyond ASCII, which some programs write as "?". */
export const withoutForeign = (view: View): View => decodedView(view, LOST) ?? view;

const decodersFor = ({ hasSpace, isAscii }: Holding): Decoder[] => [
  BACKSLASH,
  REFERENCE,
  PERCENT,
  ...(hasSpace ? [FORM] : []),
  ...(isAscii ? [] : [MISREAD, APART]),
];

/** Decoding never makes a text longer. Null if there was nothing to decode. */
function decodedView(view: View, { pattern, decode }: Decoder): View | null {
  const { text } = view;
  const parts: string[] = [];
  let places: { starts: Uint32Array; ends: Uint32Array } | null = null;
  let length = 0;
  let from = 0;
  /** Copies the text between two escapes. */
  const keep = (to: number) => {
    places ??= { starts: new Uint32Array(text.length), ends: new Uint32Array(text.length) };
    parts.push(text.slice(from, to));
    for (; from < to; from += 1, length += 1) {
      places.starts[length] = startOf(view, from);
      places.ends[length] = endOf(view, from);
    }
    return places;
  };
  for (const { 0: escape, index } of text.matchAll(pattern)) {
    const meant = decode(escape);
    if (meant === null || meant === escape) continue;
    const { starts, ends } = keep(index);
    const last = index + escape.length - 1;
    for (let unit = 0; unit < meant.length; unit += 1, length += 1) {
      starts[length] = startOf(view, index);
      ends[length] = endOf(view, last);
    }
    parts.push(meant);
    from = last + 1;
  }
  if (places === null) return null;
  const { starts, ends } = keep(text.length);
  return { text: parts.join(''), starts, ends };
}

type Decoder = {
  pattern: RegExp;
  /** Null if the text is none of this decoder's escapes. */
  decode(escape: string): string | null;
};

const fromPoint = (point: number): string | null =>
  point <= 0x10ffff ? String.fromCodePoint(point) : null;

const CONTROLS: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v' };

/** JSON, JavaScript, Python, C, shells: a backslash before any other character means that character. */
const BACKSLASH: Decoder = {
  pattern: /\\(?:u\{[0-9a-f]{1,6}\}|u[0-9a-f]{4}|x[0-9a-f]{2}|[0-7]{1,3}|[^])/gi,
  decode(escape) {
    const [, kind = '', ...rest] = escape;
    const digits = rest.join('').replace(/[{}]/g, '');
    if (/[0-7]/.test(kind)) return fromPoint(parseInt(kind + digits, 8));
    return digits === '' ? (CONTROLS[kind] ?? kind) : fromPoint(parseInt(digits, 16));
  },
};

const REFERENCE: Decoder = {
  pattern: /&(?:#x[0-9a-f]{1,8};?|#[0-9]{1,10};?|[a-z][a-z0-9]{1,9};)/gi,
  decode(escape) {
    const name = escape.slice(1).replace(';', '');
    if (!name.startsWith('#')) return HTML_NAMES.get(name) ?? null;
    return fromPoint(Number(name.replace(/^#x/i, '0x').replace('#', '')));
  },
};

/** A character of UTF-8, or a byte that is none; and what JavaScript's `escape` writes. */
const PERCENT: Decoder = {
  pattern:
    /%(?:u[0-9a-f]{4}|[cd][0-9a-f]%[89ab][0-9a-f]|e[0-9a-f](?:%[89ab][0-9a-f]){2}|f[0-7](?:%[89ab][0-9a-f]){3}|[0-9a-f]{2})/gi,
  decode(escape) {
    if (/^%u/i.test(escape)) return fromPoint(parseInt(escape.slice(2), 16));
    const bytes = Buffer.from(escape.replaceAll('%', ''), 'hex');
    return bytes.toString(bytes.length === 1 ? 'latin1' : 'utf8');
  },
};

/** As a form writes it, with "+" for a space. */
const FORM: Decoder = {
  pattern: new RegExp(`\\+|${PERCENT.pattern.source}`, 'gi'),
  decode: (escape) => (escape === '+' ? ' ' : PERCENT.decode(escape)),
};

/** A byte 0x80 to 0xbf, as ISO-8859-1 or windows-1252 reads it. */
const LATER = '[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]';
const MISREAD: Decoder = {
  pattern: new RegExp(`[\xc2-\xdf]${LATER}|[\xe0-\xef]${LATER}{2}|[\xf0-\xf4]${LATER}{3}`, 'g'),
  decode(characters) {
    const text = Buffer.from([...characters].map((one) => byteOf(one) ?? 0)).toString('utf8');
    return text.includes('\uFFFD') ? null : text;
  },
};

const APART: Decoder = {
  pattern: /[^\u0300-\u036f][\u0300-\u036f]+/g,
  decode: (characters) => characters.normalize('NFC'),
};

const ASCII_NAMES =
  'amp& lt< gt> quot" apos\' excl! num# dollar$ percnt% lpar( rpar) ast* midast* plus+ comma, period. sol/ colon: semi; equals= quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] Hat^ lowbar_ UnderBar_ grave` lcub{ lbrace{ verbar| vert| rcub} rbrace}';

const LATIN1_NAMES =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

/** The names that HTML has for characters that a secret may hold: those of ASCII, and those of Latin-1 in their order. */
const HTML_NAMES: ReadonlyMap<string, string> = new Map([
  ...ASCII_NAMES.split(' ').map((pair): [string, string] => [pair.slice(0, -1), pair.slice(-1)]),
  ...LATIN1_NAMES.split(' ').map((name, index): [string, string] => [
    name,
    String.fromCharCode(0xa0 + index),
  ]),
  ['Tab', '\t'],
  ['NewLine', '\n'],
  ['euro', '€'],
]);
