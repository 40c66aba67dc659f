/** Masks secrets in texts that are stored and shown, in whatever way a receiver wrote them. Pure. */
import { MASK } from '../contract/names';
import {
  barest,
  endOf,
  mayBeEncoded,
  startOf,
  viewsOf,
  withoutForeign,
  type Holding,
  type View,
} from './decoded-views';

/**
 * A copy of plain objects, lists and texts with every occurrence of a secret masked; keys are kept.
 * An occurrence is masked however short the secret is: an unreadable log is better than a leak.
 */
export function masked<T>(value: T, secrets: readonly string[]): T {
  const forms = formsFor(secrets);
  const copy = (part: unknown): unknown => {
    if (typeof part === 'string') return maskedText(part, forms);
    if (Array.isArray(part)) return part.map(copy);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, copy(inner)]));
  };
  return copy(value) as T;
}

/**
 * For a text that was cut off, and is masked already: its end may hold the beginning of a secret, which is no whole
 * occurrence and therefore is not masked yet. A harmless end that looks like a beginning is masked too.
 */
export function maskedEnd(text: string, secrets: readonly string[]): string {
  const forms = formsFor(secrets);
  const before = Math.max(0, text.length - longestEnd(forms));
  const end = text.slice(before);
  const starts = endsOf(end).flatMap((at) => beginningOf(end.slice(0, at), forms) ?? []);
  return starts.length === 0 ? text : text.slice(0, before + Math.min(...starts)) + MASK;
}

/** The texts that a search for secrets looks for. */
type Forms = {
  holding: Holding;
  /** The secrets, and the letters and digits that they become in Base64 and hexadecimal. */
  exact: readonly { text: string; isBase64: boolean }[];
  /** The secrets with everything decoded. */
  bare: readonly string[];
  /** The secrets with one mark in place of characters beyond ASCII. */
  ascii: readonly string[];
};

const knownForms = new WeakMap<readonly string[], Forms>();

/** Made once for a list: that of a webhook is the same for all its deliveries. */
function formsFor(secrets: readonly string[]): Forms {
  const forms = knownForms.get(secrets) ?? formsOf(secrets);
  knownForms.set(secrets, forms);
  return forms;
}

function formsOf(secrets: readonly string[]): Forms {
  const known = [...new Set(secrets.filter((secret) => secret !== ''))];
  const holding = {
    hasSpace: known.some((secret) => secret.includes(' ')),
    isAscii: known.every((secret) => /^\p{ASCII}*$/u.test(secret)),
  };
  const exact = known.flatMap((secret) => [...literalForms(secret), ...encodedForms(secret)]);
  return {
    holding,
    exact: [...new Map(exact.map((form) => [form.text, form])).values()],
    bare: known.map((secret) => barest(secret, holding).text).filter((bare) => bare !== ''),
    ascii: known
      .filter(isKnownByAscii)
      .map((secret) => withoutForeign({ text: secret, starts: null, ends: null }).text),
  };
}

/** Node names headers in lower case, and a secret may stand in a name. */
const literalForms = (secret: string): Forms['exact'] => asForms([secret, secret.toLowerCase()]);

/** In fewer bytes than these, Base64 of other texts would be the same by chance. */
const LEAST_BYTES = 4;

function encodedForms(secret: string): Forms['exact'] {
  const bytes = Buffer.from(secret);
  if (bytes.length < LEAST_BYTES) return [];
  const base64 = inBase64(bytes).flatMap((text) => [
    text,
    text.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
  const hex = bytes.toString('hex');
  return [
    ...base64.map((text) => ({ text, isBase64: true })),
    ...asForms([hex, hex.toUpperCase()]),
  ];
}

/** The part that is common to every text in Base64 that holds these bytes, at each of the three places in a group. */
const inBase64 = (bytes: Buffer): string[] =>
  [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    return encoded.slice(Math.ceil((shift * 8) / 6), end);
  });

const asForms = (texts: readonly string[]) => texts.map((text) => ({ text, isBase64: false }));

/** With fewer characters of ASCII, a secret cannot be recognized by them. */
const LEAST_ASCII = 4;
const isKnownByAscii = (secret: string) =>
  /\P{ASCII}/u.test(secret) && secret.replace(/\P{ASCII}/gu, '').length >= LEAST_ASCII;

type Span = { start: number; end: number };

/** Where two secrets overlap, one mask covers both: masking one after the other would leave a tail. */
function maskedText(text: string, forms: Forms): string {
  if (isHarmless(text, forms)) return text;
  let answer = '';
  let end = 0;
  for (const span of spansOf(text, forms)) {
    if (span.start >= end) answer += text.slice(end, span.start) + MASK;
    end = Math.max(end, span.end);
  }
  return end === 0 ? text : answer + text.slice(end);
}

/** Quick, because it runs for every text of a request, and most of them are short and plain. */
function isHarmless(text: string, { exact, ascii, holding }: Forms): boolean {
  for (const { text: form } of exact)
    if (form.length <= text.length && text.includes(form)) return false;
  return !mayBeEncoded(text, holding) && (ascii.length === 0 || !text.includes('?'));
}

function spansOf(text: string, forms: Forms): Span[] {
  const views = viewsOf(text, forms.holding);
  const spans = views.flatMap((view) => spansIn(view, forms.exact));
  if (views.length > 1 && forms.bare.length > 0)
    spans.push(...spansIn(barest(text, forms.holding), asForms(forms.bare)));
  if (forms.ascii.length > 0)
    spans.push(...views.flatMap((view) => spansIn(withoutForeign(view), asForms(forms.ascii))));
  return spans.sort((one, other) => one.start - other.start);
}

/** Every place of the sought texts in a view, as a place in the original text. */
function spansIn(view: View, sought: Forms['exact']): Span[] {
  const { text } = view;
  return sought.flatMap(({ text: form, isBase64 }) => {
    if (form.length > text.length) return [];
    const places = placesOf(text, form);
    return (isBase64 ? places.map((place) => widened(text, place)) : places).map(
      ({ start, end }) => ({ start: startOf(view, start), end: endOf(view, end - 1) }),
    );
  });
}

/** Every place of a text, overlapping ones too. */
function placesOf(text: string, sought: string): Span[] {
  const places: Span[] = [];
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + 1))
    places.push({ start: at, end: at + sought.length });
  return places;
}

const BASE64 = /[A-Za-z0-9+/_-]/;

/** The characters beside a place in Base64 hold bits of the secret too. */
function widened(text: string, { start, end }: Span): Span {
  let last = end;
  if (BASE64.test(text[last] ?? '')) last += 1;
  while (text[last] === '=') last += 1;
  return { start: BASE64.test(text[start - 1] ?? '') ? start - 1 : start, end: last };
}

const LONGEST_ESCAPE = 12;

/** The longest end of a text that can be the beginning of a secret, however its characters are written. */
const longestEnd = ({ exact }: Forms) =>
  LONGEST_ESCAPE * (1 + Math.max(0, ...exact.map(({ text }) => text.length)));

/** Where the text ends: as it is, and before an escape that was cut. */
function endsOf(text: string): number[] {
  const ends = [text.length];
  for (let at = Math.max(0, text.length - LONGEST_ESCAPE); at < text.length; at += 1)
    if (/[\\%&]/.test(text[at] as string)) ends.push(at);
  return ends;
}

/** Where the beginning of a secret starts that reaches to the end of this text; null if there is none. */
function beginningOf(text: string, forms: Forms): number | null {
  const starts = viewsOf(text, forms.holding).flatMap((view) =>
    forms.exact.flatMap(({ text: form }) => {
      const length = beginningAtEnd(view.text, form);
      return length === 0 ? [] : [startOf(view, view.text.length - length)];
    }),
  );
  return starts.length === 0 ? null : Math.min(...starts);
}

/** The length of a secret's beginning with which a text ends. */
function beginningAtEnd(text: string, secret: string): number {
  let length = Math.min(secret.length - 1, text.length);
  while (length > 0 && !text.endsWith(secret.slice(0, length))) length -= 1;
  return length;
}
