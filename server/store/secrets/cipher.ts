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

type Key = Buffer;

export function encryptionKeyOf(text: string): Key {
  return createHash('sha256').update(text).digest();
}

/** Null where the text has another format, or was encrypted with another key. */
export function decrypted(text: string, key: Key): string | null {
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

export type KeyRing = {
  /** Null where none of the keys fits. */
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

function readWith(keys: readonly Key[], text: string): string | null {
  for (const key of keys) {
    const plain = decrypted(text, key);
    if (plain !== null) return plain;
  }
  return null;
}

export type Renewal = {
  value: unknown;
  /** How many texts were replaced. */
  renewed: number;
  /** How many cannot be read with any key. */
  unreadable: number;
};

/** Without a key, `encrypt` answers null. */
type Renewing = KeyRing & { encrypt(plain: string): string | null };

/**
 * Replaces encrypted texts at any depth of lists and records: a secret header, a list of signing secrets, the fields of an
 * authorization. All else stays as it is.
 */
export function renewed(value: unknown, renewing: Renewing): Renewal {
  if (typeof value === 'string') return renewedText(value, renewing);
  if (typeof value !== 'object' || value === null) return { value, renewed: 0, unreadable: 0 };
  const entries = Object.entries(value).map(
    ([key, part]) => [key, renewed(part, renewing)] as const,
  );
  const parts = entries.map(([, part]) => part);
  return {
    value: Array.isArray(value)
      ? parts.map((part) => part.value)
      : Object.fromEntries(entries.map(([key, part]) => [key, part.value])),
    renewed: parts.reduce((total, part) => total + part.renewed, 0),
    unreadable: parts.reduce((total, part) => total + part.unreadable, 0),
  };
}

function renewedText(text: string, { read, readOld, encrypt }: Renewing): Renewal {
  if (!isEncrypted(text)) return { value: text, renewed: 0, unreadable: 0 };
  const plain = readOld(text);
  const anew = plain === null ? null : encrypt(plain);
  if (anew !== null) return { value: anew, renewed: 1, unreadable: 0 };
  return { value: text, renewed: 0, unreadable: read(text) === null ? 1 : 0 };
}
