/** The keys that sign: one text that two sides share, or a pair of which receivers are given the public half. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Signing } from '../../contract/webhook';

export const SECRET_PREFIX = 'whsec_';
export const PRIVATE_KEY_PREFIX = 'whsk_';
const PUBLIC_KEY_PREFIX = 'whpk_';
/** Of a shared secret, for which Standard Webhooks asks for 24 to 64; an Ed25519 seed has 32 and no other number. */
const SECRET_BYTES = 32;

/** DER of a PKCS#8 private key for Ed25519, up to the seed (RFC 8410, 7): node:crypto takes no bare seed. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** `publicKey` is null for a shared secret. */
export type NewSecret = { text: string; publicKey: string | null };

export type RandomBytes = (size: number) => Buffer;

const withoutPrefix = (text: string, prefix: string) =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;

/** What is behind the prefix, as bytes. */
export const bytesOf = (text: string, prefix: string): Buffer =>
  Buffer.from(withoutPrefix(text, prefix), 'base64');

/** Throws for anything but `whsk_` and the base64 of 32 bytes. */
export const privateKeyOf = (text: string): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, bytesOf(text, PRIVATE_KEY_PREFIX)]),
    format: 'der',
    type: 'pkcs8',
  });

/** `whpk_` and base64 of the public half of a `whsk_` text. */
export const publicKeyOf = (text: string): string => {
  const { x = '' } = createPublicKey(privateKeyOf(text)).export({ format: 'jwk' });
  return PUBLIC_KEY_PREFIX + Buffer.from(x, 'base64url').toString('base64');
};

/** A `whpk_` text as a JSON Web Key (RFC 8037, 2). */
export const jwkOf = (publicKey: string) => ({
  kty: 'OKP' as const,
  crv: 'Ed25519' as const,
  x: bytesOf(publicKey, PUBLIC_KEY_PREFIX).toString('base64url'),
});

/** All but Ed25519 sign with a secret that both sides know, and the same one serves each of them. */
export const hasKeyPair = (signing: Signing): boolean => signing === 'standard-ed25519';

export const newSecret = (signing: Signing, randomBytes: RandomBytes): NewSecret => {
  const encoded = randomBytes(SECRET_BYTES).toString('base64');
  if (!hasKeyPair(signing)) return { text: SECRET_PREFIX + encoded, publicKey: null };
  const text = PRIVATE_KEY_PREFIX + encoded;
  return { text, publicKey: publicKeyOf(text) };
};
