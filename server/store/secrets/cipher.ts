/**
 * Reads what Strapi's `admin::encryption` wrote, with the current key or a previous one, and encrypts it anew. Strapi
 * itself reads with the current key alone, and logs a warning each time it cannot. Pure.
 *
 * The format: `v1:<iv>:<data>:<tag>` in hex; AES-256-GCM; the key is the SHA-256 of the configured text.
 */
import { createDecipheriv, createHash } from 'node:crypto';

const FORMAT = /^v1:([0-9a-f]{32}):((?:[0-9a-f]{2})+):([0-9a-f]{32})$/;

export function isEncrypted(text: string): boolean {
  return FORMAT.test(text);
}

export function encryptionKeyOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Null if the text has another format, or was encrypted with another key. */
export function decrypted(text: string, key: Buffer): string | null {
  const [, iv = '', data = '', tag = ''] = FORMAT.exec(text) ?? [];
  if (data === '') return null;
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'hex'));
  decipher.setAuthTag(Buffer.from(tag, 'hex'));
  try {
    return Buffer.concat([decipher.update(Buffer.from(data, 'hex')), decipher.final()]).toString();
  } catch {
    return null;
  }
}

type KeyRing = {
  /** Null if none of the keys fits. */
  read(text: string): string | null;
  /** The text if only a previous key can read it; null otherwise. */
  readOld(text: string): string | null;
};

export function keyRing(current: string | undefined, previous: readonly string[]): KeyRing {
  const now = current ? [encryptionKeyOf(current)] : [];
  const before = previous.map(encryptionKeyOf);
  return {
    read: (text) => readWith([...now, ...before], text),
    readOld: (text) => (readWith(now, text) === null ? readWith(before, text) : null),
  };
}

function readWith(keys: readonly Buffer[], text: string): string | null {
  for (const key of keys) {
    const plain = decrypted(text, key);
    if (plain !== null) return plain;
  }
  return null;
}

/** `renewed`: how many texts were replaced. `unreadable`: how many cannot be read with any key. */
export type Tally = { renewed: number; unreadable: number };

/** Without a key, `encrypt` answers null. */
type Renewing = KeyRing & { encrypt(plain: string): string | null };

/**
 * Replaces encrypted texts at any depth of lists and records: a secret header, a list of signing secrets, the fields of an
 * authorization. All else stays as it is. Adds to the tally.
 */
export function renewed(value: unknown, renewing: Renewing, tally: Tally): unknown {
  if (typeof value === 'string') return renewedText(value, renewing, tally);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((part) => renewed(part, renewing, tally));
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, renewed(part, renewing, tally)]),
  );
}

function renewedText(text: string, { read, readOld, encrypt }: Renewing, tally: Tally): string {
  if (!isEncrypted(text)) return text;
  const plain = readOld(text);
  const anew = plain === null ? null : encrypt(plain);
  if (anew !== null) tally.renewed += 1;
  else if (read(text) === null) tally.unreadable += 1;
  return anew ?? text;
}
