/** A webhook as it is stored and answered: secret headers encrypted, masked, or in the clear for a request. Pure. */
import { MASK } from '../contract/names';
import type {
  Headers,
  HeaderValue,
  Webhook,
  WebhookHealth,
  WebhookSettings,
} from '../contract/webhook';

export type StoredSecret = { value: string; until: number | null };

export type WebhookRow = Omit<WebhookSettings, 'authorization'> & {
  documentId: string;
  authorization: string | null;
  secrets: StoredSecret[] | null;
  createdAt: string;
  updatedAt: string;
};

type Crypt = (value: string) => string | null;

const isSecret = (header: HeaderValue): header is { value: string; secret: boolean } =>
  typeof header === 'object' && header.secret;

const textOf = (header: HeaderValue) => (typeof header === 'string' ? header : header.value);

const storedSecret = (headers: Headers, name: string): string | null => {
  const entry = Object.entries(headers).find(
    ([known]) => known.toLowerCase() === name.toLowerCase(),
  );
  return entry && isSecret(entry[1]) ? entry[1].value : null;
};

/**
 * Names of headers that were sent back as the mask though it stands for nothing: nothing is stored for them, or they
 * are to be secret no longer, which would show what is stored.
 */
export const missingHeaderSecrets = (headers: Headers, stored: Headers): string[] =>
  Object.entries(headers).flatMap(([name, header]) => {
    if (textOf(header) !== MASK) return [];
    return isSecret(header) && storedSecret(stored, name) !== null ? [] : [name];
  });

/** Null if a secret cannot be encrypted, for want of a key. */
export const storedHeaders = (
  headers: Headers,
  stored: Headers,
  encrypt: Crypt,
): Headers | null => {
  const result: Headers = {};
  for (const [name, header] of Object.entries(headers)) {
    if (!isSecret(header)) {
      result[name] = textOf(header);
      continue;
    }
    const value = header.value === MASK ? storedSecret(stored, name) : encrypt(header.value);
    if (value === null) return null;
    result[name] = { value, secret: true };
  }
  return result;
};

const maskedHeaders = (headers: Headers): Headers =>
  Object.fromEntries(
    Object.entries(headers).map(([name, header]) => [
      name,
      isSecret(header) ? { value: MASK, secret: true } : textOf(header),
    ]),
  );

/** In the clear, for a request. `values` are the secret ones; null if one cannot be decrypted. */
export const plainHeaders = (
  headers: Headers,
  decrypt: Crypt,
): { headers: Record<string, string>; values: string[] } | null => {
  const plain: Record<string, string> = {};
  const values: string[] = [];
  for (const [name, header] of Object.entries(headers)) {
    const value = isSecret(header) ? decrypt(header.value) : textOf(header);
    if (value === null) return null;
    plain[name] = value;
    if (isSecret(header)) values.push(value);
  }
  return { headers: plain, values };
};

export const answerOf = (row: WebhookRow, health: WebhookHealth): Webhook => ({
  id: row.documentId,
  kind: row.kind,
  name: row.name,
  description: row.description ?? '',
  enabled: row.enabled,
  url: row.url,
  headers: maskedHeaders(row.headers ?? {}),
  serialization: row.serialization,
  format: row.format,
  authorization: row.authorization ?? null,
  signing: row.signing,
  events: row.events ?? [],
  contentTypes: row.contentTypes ?? [],
  locales: row.locales ?? [],
  filter: row.filter ?? null,
  maxAttempts: row.maxAttempts,
  health,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
});

export const OVERLAP_MS = 24 * 3_600_000;

/** After a rotation: the new secret first, the one before it until the overlap ends, older ones gone. */
export const rotated = (
  secrets: StoredSecret[],
  encrypted: string,
  now: number,
): StoredSecret[] => [
  { value: encrypted, until: null },
  ...secrets.slice(0, 1).map(({ value }) => ({ value, until: now + OVERLAP_MS })),
];

export const validAt = (secrets: readonly StoredSecret[], now: number) =>
  secrets.filter(({ until }) => until === null || until > now);
