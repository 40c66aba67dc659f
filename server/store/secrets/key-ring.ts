/** The key of now and those before it, and what can be read with which. Pure. */
import { decrypted, keyOf, type Key } from './cipher';

export type KeyRing = {
  /** Null where none of the keys fits. */
  read(text: string): string | null;
  /** What a previous key alone can read; null for all else. */
  readOld(text: string): string | null;
};

const readWith = (keys: readonly Key[], text: string): string | null => {
  for (const key of keys) {
    const plain = decrypted(text, key);
    if (plain !== null) return plain;
  }
  return null;
};

export const keyRing = (current: string | undefined, previous: readonly string[]): KeyRing => {
  const now = current ? [keyOf(current)] : [];
  const before = previous.map(keyOf);
  return {
    read: (text) => readWith([...now, ...before], text),
    readOld: (text) => (readWith(now, text) === null ? readWith(before, text) : null),
  };
};
