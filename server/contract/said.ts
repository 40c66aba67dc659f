/** Says a sentence of the table, and finds in a text which sentences of it were said. Pure. */
import { SENTENCES, type SentenceCode } from './sentences';

export type Params = Record<string, string | number>;
/** `detail`: what stands behind a sentence in brackets, as the code of an error of Node. */
export type Said = { code: SentenceCode; params: Record<string, string>; detail: string | null };

const PLACEHOLDER = /\{(\w+)\}/g;

/** A text with its placeholders filled in. */
export const filled = (text: string, params: Params): string =>
  text.replace(PLACEHOLDER, (whole, name: string) => String(params[name] ?? whole));

export const sentence = (code: SentenceCode, params: Params = {}): string =>
  filled(SENTENCES[code], params);

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** As the token endpoint's part of a sentence says it. */
export const ofTokenEndpoint = (text: string) => text.replace(/\bthe receiver\b/gi, 'it');

type Pattern = { code: SentenceCode; names: string[]; words: number; expression: RegExp };

const patternOf = (code: SentenceCode, text: string): Pattern => {
  const parts = text.split(PLACEHOLDER);
  const names = parts.filter((_part, at) => at % 2 === 1);
  const source = parts.map((part, at) => (at % 2 === 1 ? '([^]+?)' : literal(part))).join('');
  const words = text.replace(PLACEHOLDER, '').length;
  return { code, names, words, expression: new RegExp(`^${source}(?: \\(([A-Z][A-Z0-9_]+)\\))?$`) };
};

/** The one with the most words of its own first: a placeholder may hold anything. */
const patterns = (worded: (text: string) => string): Pattern[] =>
  (Object.keys(SENTENCES) as SentenceCode[])
    .map((code) => patternOf(code, worded(SENTENCES[code])))
    .sort((one, other) => other.words - one.words);

const PATTERNS = patterns((text) => text);
const INNER_PATTERNS = patterns(ofTokenEndpoint);

const saidAs = (text: string, among: readonly Pattern[]): Said | null => {
  for (const { code, names, expression } of among) {
    const found = expression.exec(text);
    if (!found) continue;
    const values = found.slice(1, names.length + 1);
    const params = Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
    return { code, params, detail: found[names.length + 1] ?? null };
  }
  return null;
};

/** A reason may be long, as a receiver's words in it are; what is longer is shown as it is. */
const LONGEST = 4000;
/** Where a sentence may end: behind its full stop, or behind the bracket that follows it. */
const END = /[.)](?= |$)/g;

const allSaid = (text: string, among: readonly Pattern[]): Said[] | null => {
  if (text.length > LONGEST) return null;
  const ends = [...text.matchAll(END)].map(({ index }) => index + 1);
  if (ends.at(-1) !== text.length) ends.push(text.length);
  const known = new Map<number, Said[] | null>([[text.length, []]]);
  const from = (start: number): Said[] | null => {
    const before = known.get(start);
    if (before !== undefined) return before;
    known.set(start, null);
    for (const end of ends) {
      if (end <= start) continue;
      const said = saidAs(text.slice(start, end), among);
      const rest = said && from(end === text.length ? end : end + 1);
      if (said && rest) {
        known.set(start, [said, ...rest]);
        break;
      }
    }
    return known.get(start) ?? null;
  };
  return text === '' ? null : from(0);
};

/** The sentences of the text in their order; null where a part of it is none of ours. */
export const saidIn = (text: string): Said[] | null => allSaid(text, PATTERNS);

/** Those of a part of a sentence, which has lost its full stop. */
export const saidInside = (why: string): Said[] | null =>
  allSaid(`${why}.`, INNER_PATTERNS) ?? allSaid(why, INNER_PATTERNS);
