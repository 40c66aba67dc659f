/** What is looked for in a text to find secrets in it, in whatever way they are written. Pure. */
import { barest, withoutForeign, type Holding } from './decoded-views';

export type Forms = {
  holding: Holding;
  /** The secrets, and the letters and digits that they become in Base64 and hexadecimal. */
  exact: readonly { text: string; isBase64: boolean }[];
  /** As they are once nothing is left to decode. */
  bare: readonly string[];
  /** With one mark in place of what is not ASCII. */
  ascii: readonly string[];
};

/** In fewer bytes than these, Base64 of other texts would be the same by chance. */
const LEAST_BYTES = 4;

/** What is common to every text in Base64 that holds these bytes, wherever in it they stand. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    return encoded.slice(Math.ceil((shift * 8) / 6), end);
  });
}

const forUrl = (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_');

function lettersOf(secret: string): Forms['exact'] {
  const bytes = Buffer.from(secret);
  if (bytes.length < LEAST_BYTES) return [];
  const base64 = inBase64(bytes).flatMap((text) => [text, forUrl(text)]);
  const hex = bytes.toString('hex');
  return [
    ...base64.map((text) => ({ text, isBase64: true })),
    { text: hex, isBase64: false },
    { text: hex.toUpperCase(), isBase64: false },
  ];
}

/** Node names headers in lower case, and a secret may stand in a name. */
const literal = (secret: string): Forms['exact'] =>
  [secret, secret.toLowerCase()].map((text) => ({ text, isBase64: false }));

/** Enough of it must be left to be known by. */
const LEAST_ASCII = 4;
const isKnownByAscii = (secret: string) =>
  /\P{ASCII}/u.test(secret) && secret.replace(/\P{ASCII}/gu, '').length >= LEAST_ASCII;

const unique = <Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] => [
  ...new Map(items.map((item) => [keyOf(item), item])).values(),
];

function formsOf(secrets: readonly string[]): Forms {
  const known = [...new Set(secrets.filter((secret) => secret !== ''))];
  const holding = {
    hasSpace: known.some((secret) => secret.includes(' ')),
    isAscii: known.every((secret) => /^\p{ASCII}*$/u.test(secret)),
  };
  const ascii = known.filter(isKnownByAscii);
  return {
    holding,
    exact: unique(
      known.flatMap((secret) => [...literal(secret), ...lettersOf(secret)]),
      ({ text }) => text,
    ),
    bare: known.map((secret) => barest(secret, holding).text).filter((bare) => bare !== ''),
    ascii: ascii.map((secret) => withoutForeign({ text: secret, starts: null, ends: null }).text),
  };
}

const kept = new WeakMap<readonly string[], Forms>();

/** Made once for a list: that of a webhook is the same for all its deliveries. */
export function formsFor(secrets: readonly string[]): Forms {
  const forms = kept.get(secrets) ?? formsOf(secrets);
  kept.set(secrets, forms);
  return forms;
}
