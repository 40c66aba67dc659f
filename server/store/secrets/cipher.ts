/**
 * Reads what Strapi's `admin::encryption` wrote with a given key. Strapi itself reads with the key of now alone, and logs
 * a warning each time it cannot. Pure.
 *
 * The format: `v1:<iv>:<data>:<tag>` in hex; AES-256-GCM; the key is the SHA-256 of the configured text.
 */
import { createDecipheriv, createHash } from 'node:crypto';

const FORMAT = /^v1:([0-9a-f]{32}):((?:[0-9a-f]{2})+):([0-9a-f]{32})$/;

export const isEncrypted = (text: string): boolean => FORMAT.test(text);

export type Key = Buffer;

export const keyOf = (text: string): Key => createHash('sha256').update(text).digest();

/** Null where the text is no such text, or was encrypted with another key. */
export const decrypted = (text: string, key: Key): string | null => {
  const [, iv = '', data = '', tag = ''] = FORMAT.exec(text) ?? [];
  if (data === '') return null;
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'hex'));
  decipher.setAuthTag(Buffer.from(tag, 'hex'));
  try {
    return Buffer.concat([decipher.update(Buffer.from(data, 'hex')), decipher.final()]).toString();
  } catch {
    return null;
  }
};
