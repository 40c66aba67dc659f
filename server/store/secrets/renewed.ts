/** Replaces encrypted texts wherever they are in what is stored, and counts. Pure. */
import { isEncrypted } from './cipher';

export type Renewal = {
  value: unknown;
  /** How many texts were replaced. */
  renewed: number;
  /** How many cannot be read with any key. */
  unreadable: number;
};

/** `read` and `readOld` answer null where they cannot; so does `encrypt`, without a key. */
export type Renewing = {
  read(text: string): string | null;
  readOld(text: string): string | null;
  encrypt(plain: string): string | null;
};

const same = (value: unknown): Renewal => ({ value, renewed: 0, unreadable: 0 });

const renewedText = (text: string, { read, readOld, encrypt }: Renewing): Renewal => {
  if (!isEncrypted(text)) return same(text);
  const plain = readOld(text);
  const anew = plain === null ? null : encrypt(plain);
  if (anew !== null) return { value: anew, renewed: 1, unreadable: 0 };
  return { value: text, renewed: 0, unreadable: read(text) === null ? 1 : 0 };
};

const sum = (parts: readonly Renewal[], count: 'renewed' | 'unreadable') =>
  parts.reduce((total, part) => total + part[count], 0);

/**
 * Texts at any depth of lists and records: a secret header, a list of signing secrets, the fields of an authorization.
 * What is no encrypted text stays as it is.
 */
export const renewed = (value: unknown, renewing: Renewing): Renewal => {
  if (typeof value === 'string') return renewedText(value, renewing);
  if (typeof value !== 'object' || value === null) return same(value);
  const entries = Object.entries(value).map(
    ([key, part]) => [key, renewed(part, renewing)] as const,
  );
  const parts = entries.map(([, part]) => part);
  return {
    value: Array.isArray(value)
      ? parts.map((part) => part.value)
      : Object.fromEntries(entries.map(([key, part]) => [key, part.value])),
    renewed: sum(parts, 'renewed'),
    unreadable: sum(parts, 'unreadable'),
  };
};
