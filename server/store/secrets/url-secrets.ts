/** A URL's query may hold a key: its values are masked wherever the URL is kept or shown, and put back to send. Pure. */
import { MASK } from '../../contract/names';

type Parameter = {
  /** As it is written, with the "=" where there is one. */
  name: string;
  value: string;
};

type Parts = { head: string; parameters: Parameter[]; tail: string };

const PARTS = /^([^?#]*\?)([^#]*)(.*)$/s;

/** By hand: `URL` and `URLSearchParams` would write the rest anew, and what they are given need not parse. */
const partsOf = (url: string): Parts => {
  const [, head = url, query = '', tail = ''] = PARTS.exec(url) ?? [];
  const parameters = query.split('&').map((text) => {
    const end = text.indexOf('=') + 1;
    return end === 0
      ? { name: text, value: '' }
      : { name: text.slice(0, end), value: text.slice(end) };
  });
  return { head, parameters, tail };
};

const textOf = ({ head, parameters, tail }: Parts): string =>
  head + parameters.map(({ name, value }) => name + value).join('&') + tail;

export const hasQueryValues = (url: string): boolean =>
  partsOf(url).parameters.some(({ value }) => value !== '');

/** Names, order and all else stay to the letter. Masking twice changes nothing. */
export const maskedUrl = (url: string): string => {
  const parts = partsOf(url);
  const parameters = parts.parameters.map(({ name, value }) => ({
    name,
    value: value === '' ? '' : MASK,
  }));
  return textOf({ ...parts, parameters });
};

/** Form decoding never throws, unlike decodeURIComponent on a stray "%". */
const decoded = (text: string): string => new URLSearchParams(`x=${text}`).get('x') ?? '';

/** A parameter's name, and the how-many-th of that name it is. */
const placesOf = (parameters: readonly Parameter[]): string[] => {
  const counts = new Map<string, number>();
  return parameters.map(({ name }) => {
    const known = decoded(name.replace(/=$/, ''));
    const count = (counts.get(known) ?? 0) + 1;
    counts.set(known, count);
    return `${count} ${known}`;
  });
};

/**
 * A URL that came back with masks, with the values of the stored one in their place. `missing` are the names of the
 * parameters whose mask stands for nothing.
 */
export const unmaskedUrl = (
  url: string,
  stored: string | null,
): { url: string; missing: string[] } => {
  const parts = partsOf(url);
  const before = partsOf(stored ?? '').parameters;
  const known = new Map(placesOf(before).map((place, index) => [place, before[index]?.value]));
  const places = placesOf(parts.parameters);
  const missing: string[] = [];
  const parameters = parts.parameters.map((parameter, index) => {
    if (parameter.value !== MASK) return parameter;
    const value = known.get(places[index] ?? '');
    if (!value) missing.push(parameter.name.replace(/=$/, ''));
    return { ...parameter, value: value ?? '' };
  });
  return { url: textOf({ ...parts, parameters }), missing };
};

/** Shorter ones are no keys, and would mask every "1" and "en" of a log. */
const SHORTEST = 8;

const percentDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** As it goes over the wire: what a URL may not hold is escaped, and nothing else. */
const sent = (text: string): string => new URL(`http://x/?${text}`).search.slice(1);

/** The values that an answer must not echo unmasked: as they are written, sent, and read by a receiver. */
export const querySecrets = (url: string): string[] =>
  partsOf(url)
    .parameters.flatMap(({ value }) => [value, sent(value), percentDecoded(value), decoded(value)])
    .filter((value) => value.length >= SHORTEST);
