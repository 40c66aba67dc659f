/**
 * Reads a text in every way in which it may have been written: JSON and JavaScript, XML and HTML, URL and form, UTF-8
 * that was read as Latin-1, and each of them within another. Every character knows its place in the original. Pure.
 */
import { byteOf } from './http/answer';
import { HTML_NAMES } from './html-names';

export type View = {
  readonly text: string;
  /** Where in the original the character begins, and where it ends; null: where it stands itself. */
  readonly starts: Uint32Array | null;
  readonly ends: Uint32Array | null;
};

export const startOf = ({ starts }: View, at: number): number => (starts ? starts[at]! : at);
export const endOf = ({ ends }: View, at: number): number => (ends ? ends[at]! : at + 1);

type Decoder = {
  pattern: RegExp;
  /** Null where it is none of this decoder's escapes after all. */
  decode(escape: string): string | null;
};

const fromPoint = (point: number): string | null =>
  point <= 0x10ffff ? String.fromCodePoint(point) : null;

const CONTROLS: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v' };

/** JSON, JavaScript, Python, C, shells: what is no escape of theirs is the character itself. */
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

/** Decoding never makes a text longer. Null where nothing was to be decoded. */
function decodedView(view: View, { pattern, decode }: Decoder): View | null {
  const { text } = view;
  const parts: string[] = [];
  let places: { starts: Uint32Array; ends: Uint32Array } | null = null;
  let length = 0;
  let from = 0;
  /** Takes over what stands between two escapes. */
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

/** What the secrets hold, on which it depends which decoders can find one. */
export type Holding = { hasSpace: boolean; isAscii: boolean };

const decodersFor = ({ hasSpace, isAscii }: Holding): Decoder[] => [
  BACKSLASH,
  REFERENCE,
  PERCENT,
  ...(hasSpace ? [FORM] : []),
  ...(isAscii ? [] : [MISREAD, APART]),
];

const ENCODED = /\\|&[#a-z]|%[0-9a-fu]|\P{ASCII}/iu;

/** Whether a text may say something else than what it is: of most texts it need not be asked further. */
export const mayBeEncoded = (text: string, { hasSpace }: Holding): boolean =>
  ENCODED.test(text) || (hasSpace && text.includes('+'));

const DEEPEST = 4;
/** A text that is made to be slow is not decoded in more ways than these together have characters. */
const MOST_CHARACTERS = 1_000_000;
const MOST_VIEWS = 40;

const plain = (text: string): View => ({ text, starts: null, ends: null });

/** Every decoder, and every decoder after another, up to four. The first one is the text itself. */
export function viewsOf(text: string, holding: Holding): View[] {
  const views = [plain(text)];
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
 * Decoded by everything until nothing is left to decode. A secret and a text are alike in it also where an encoder was
 * sloppy, or where each part was written in another way.
 */
export function barest(text: string, holding: Holding): View {
  const decoders = decodersFor(holding);
  let view = plain(text);
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

/** With one mark in place of all that ASCII has no room for, which some write as "?". */
export const withoutForeign = (view: View): View => decodedView(view, LOST) ?? view;
