/**
 * The secrets of a webhook: the key that signs, and the values in its URL's query. A signing key is one text that two
 * sides share, or a pair of which receivers are given the public half. A URL's query may hold a key: its values are masked
 * wherever the URL is stored or shown, and put back to send. Pure.
 */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { MASK } from '../../contract/names';
import type { Signing } from '../../contract/webhook';

export const SECRET_PREFIX = 'whsec_';
export const PRIVATE_KEY_PREFIX = 'whsk_';
const PUBLIC_KEY_PREFIX = 'whpk_';
/** Standard Webhooks asks for 24 to 64 bytes of a shared secret; an Ed25519 seed always has 32. */
const SECRET_BYTES = 32;

/** DER of a PKCS#8 private key for Ed25519, up to the seed (RFC 8410, 7): node:crypto takes no bare seed. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** `publicKey` is null for a shared secret. */
export type NewSecret = { text: string; publicKey: string | null };

type RandomBytes = (size: number) => Buffer;

const withoutPrefix = (text: string, prefix: string) =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;

/** The bytes behind the prefix. */
export const secretBytesOf = (text: string, prefix: string): Buffer =>
  Buffer.from(withoutPrefix(text, prefix), 'base64');

/** Throws for anything but `whsk_` and the base64 of 32 bytes. */
export function privateKeyOf(text: string): KeyObject {
  return createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, secretBytesOf(text, PRIVATE_KEY_PREFIX)]),
    format: 'der',
    type: 'pkcs8',
  });
}

/** `whpk_` and base64 of the public half of a `whsk_` text. */
export function publicKeyOf(text: string): string {
  const { x = '' } = createPublicKey(privateKeyOf(text)).export({ format: 'jwk' });
  return PUBLIC_KEY_PREFIX + Buffer.from(x, 'base64url').toString('base64');
}

/** A `whpk_` text as a JSON Web Key (RFC 8037, 2). */
export function jwkOf(publicKey: string) {
  return {
    kty: 'OKP' as const,
    crv: 'Ed25519' as const,
    x: secretBytesOf(publicKey, PUBLIC_KEY_PREFIX).toString('base64url'),
  };
}

/** All but Ed25519 sign with a secret that both sides know, and the same one serves each of them. */
export const hasKeyPair = (signing: Signing): boolean => signing === 'standard-ed25519';

export function newSecret(signing: Signing, randomBytes: RandomBytes): NewSecret {
  const encoded = randomBytes(SECRET_BYTES).toString('base64');
  if (!hasKeyPair(signing)) return { text: SECRET_PREFIX + encoded, publicKey: null };
  const text = PRIVATE_KEY_PREFIX + encoded;
  return { text, publicKey: publicKeyOf(text) };
}

type Parameter = {
  /** As it is written, with the "=" if there is one. */
  name: string;
  value: string;
};

type Parts = { head: string; parameters: Parameter[]; tail: string };

const PARTS = /^([^?#]*\?)([^#]*)(.*)$/s;

/** By hand: `URL` and `URLSearchParams` would write the rest anew, and what they are given need not parse. */
function partsOf(url: string): Parts {
  const [, head = url, query = '', tail = ''] = PARTS.exec(url) ?? [];
  const parameters = query.split('&').map((text) => {
    const end = text.indexOf('=') + 1;
    return end === 0
      ? { name: text, value: '' }
      : { name: text.slice(0, end), value: text.slice(end) };
  });
  return { head, parameters, tail };
}

const urlTextOf = ({ head, parameters, tail }: Parts): string =>
  head + parameters.map(({ name, value }) => name + value).join('&') + tail;

export const hasQueryValues = (url: string): boolean =>
  partsOf(url).parameters.some(({ value }) => value !== '');

/** Names, order and all else stay to the letter. Masking twice changes nothing. */
export function maskedUrl(url: string): string {
  const parts = partsOf(url);
  const parameters = parts.parameters.map(({ name, value }) => ({
    name,
    value: value === '' ? '' : MASK,
  }));
  return urlTextOf({ ...parts, parameters });
}

/** Form decoding never throws, unlike decodeURIComponent on a stray "%". */
const decoded = (text: string): string => new URLSearchParams(`x=${text}`).get('x') ?? '';

/** A parameter's name, and the how-many-th of that name it is. */
function placesOf(parameters: readonly Parameter[]): string[] {
  const counts = new Map<string, number>();
  return parameters.map(({ name }) => {
    const known = decoded(name.replace(/=$/, ''));
    const count = (counts.get(known) ?? 0) + 1;
    counts.set(known, count);
    return `${count} ${known}`;
  });
}

/**
 * A URL that came back with masks, with the values of the stored one in their place. `missing` are the names of the
 * parameters whose mask stands for nothing.
 */
export function unmaskedUrl(
  url: string,
  stored: string | null,
): { url: string; missing: string[] } {
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
  return { url: urlTextOf({ ...parts, parameters }), missing };
}

/** Shorter ones are no keys, and would mask every "1" and "en" of a log. */
const SHORTEST = 8;

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As it goes over the wire: characters that a URL may not hold are escaped, and nothing else. */
const escaped = (text: string): string => new URL(`http://x/?${text}`).search.slice(1);

/** The values that an answer must not echo unmasked: as they are written, sent, and read by a receiver. */
export function querySecrets(url: string): string[] {
  return partsOf(url)
    .parameters.flatMap(({ value }) => [
      value,
      escaped(value),
      percentDecoded(value),
      decoded(value),
    ])
    .filter((value) => value.length >= SHORTEST);
}
