/** Masks secrets in what is stored and shown, in whatever way a receiver wrote them. */
import { MASK } from '../contract/names';
import {
  barest,
  endOf,
  mayBeEncoded,
  startOf,
  viewsOf,
  withoutForeign,
  type View,
} from './decoded-views';
import { formsFor, type Forms } from './secret-forms';

type Span = { start: number; end: number };

const BASE64 = /[A-Za-z0-9+/_-]/;

/** The characters beside it hold bits of the secret too. */
function widened(text: string, { start, end }: Span): Span {
  let last = end;
  if (BASE64.test(text[last] ?? '')) last += 1;
  while (text[last] === '=') last += 1;
  return { start: BASE64.test(text[start - 1] ?? '') ? start - 1 : start, end: last };
}

/** Every place of a text, overlapping ones too. */
function placesOf(text: string, sought: string): Span[] {
  const places: Span[] = [];
  for (let at = text.indexOf(sought); at !== -1; at = text.indexOf(sought, at + 1))
    places.push({ start: at, end: at + sought.length });
  return places;
}

const inOriginal = (view: View, { start, end }: Span): Span => ({
  start: startOf(view, start),
  end: endOf(view, end - 1),
});

function spansIn(view: View, sought: Forms['exact']): Span[] {
  const { text } = view;
  return sought.flatMap(({ text: form, isBase64 }) => {
    if (form.length > text.length) return [];
    const places = placesOf(text, form);
    return (isBase64 ? places.map((place) => widened(text, place)) : places).map((place) =>
      inOriginal(view, place),
    );
  });
}

const asForms = (texts: readonly string[]) => texts.map((text) => ({ text, isBase64: false }));

function spansOf(text: string, forms: Forms): Span[] {
  const views = viewsOf(text, forms.holding);
  const spans = views.flatMap((view) => spansIn(view, forms.exact));
  if (views.length > 1 && forms.bare.length > 0)
    spans.push(...spansIn(barest(text, forms.holding), asForms(forms.bare)));
  if (forms.ascii.length > 0)
    spans.push(...views.flatMap((view) => spansIn(withoutForeign(view), asForms(forms.ascii))));
  return spans.sort((one, other) => one.start - other.start);
}

/** Most texts of a request are short and plain: this is asked of each of them, so it is quick. */
function isHarmless(text: string, { exact, ascii, holding }: Forms): boolean {
  for (const { text: form } of exact)
    if (form.length <= text.length && text.includes(form)) return false;
  return !mayBeEncoded(text, holding) && (ascii.length === 0 || !text.includes('?'));
}

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

/**
 * A copy of plain objects, lists and texts with every occurrence of a secret masked; keys are kept.
 * An occurrence is masked however short the secret is: an unreadable log is better than a leak.
 */
export const masked = <T>(value: T, secrets: readonly string[]): T => {
  const forms = formsFor(secrets);
  const copy = (part: unknown): unknown => {
    if (typeof part === 'string') return maskedText(part, forms);
    if (Array.isArray(part)) return part.map(copy);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, copy(inner)]));
  };
  return copy(value) as T;
};

/** How long the beginning of a secret is with which a text ends. */
function beginningAtEnd(text: string, secret: string): number {
  let length = Math.min(secret.length - 1, text.length);
  while (length > 0 && !text.endsWith(secret.slice(0, length))) length -= 1;
  return length;
}

/** Where the text ends: as it is, and before an escape that was cut. */
const LONGEST_ESCAPE = 12;
function endsOf(text: string): number[] {
  const ends = [text.length];
  for (let at = Math.max(0, text.length - LONGEST_ESCAPE); at < text.length; at += 1)
    if (/[\\%&]/.test(text[at] as string)) ends.push(at);
  return ends;
}

/** Where the beginning of a secret begins that goes on to the end of this text; null where there is none. */
function beginningOf(text: string, forms: Forms): number | null {
  const starts = viewsOf(text, forms.holding).flatMap((view) =>
    forms.exact.flatMap(({ text: form }) => {
      const length = beginningAtEnd(view.text, form);
      return length === 0 ? [] : [startOf(view, view.text.length - length)];
    }),
  );
  return starts.length === 0 ? null : Math.min(...starts);
}

/** No longer part of a text can be the beginning of a secret, however its characters are written. */
const longestEnd = ({ exact }: Forms) =>
  LONGEST_ESCAPE * (1 + Math.max(0, ...exact.map(({ text }) => text.length)));

/**
 * For a text that was cut off, and is masked already: what its end may hold of a secret is no whole occurrence, and so
 * was not masked. A harmless end that looks like a beginning is masked too.
 */
export const maskedEnd = (text: string, secrets: readonly string[]): string => {
  const forms = formsFor(secrets);
  const before = Math.max(0, text.length - longestEnd(forms));
  const end = text.slice(before);
  const starts = endsOf(end).flatMap((at) => beginningOf(end.slice(0, at), forms) ?? []);
  return starts.length === 0 ? text : text.slice(0, before + Math.min(...starts)) + MASK;
};
