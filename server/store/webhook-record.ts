/** A webhook as it is stored and answered: what is secret encrypted, masked, or in the clear for a request. Pure. */
import { MASK, PLUGIN_ID } from '../contract/names';
import type {
  Headers,
  HeaderValue,
  PublicKey,
  Signing,
  Webhook,
  WebhookHealth,
  WebhookSettings,
} from '../contract/webhook';
import { isoOf } from './outbox/rows';
import {
  hasKeyPair,
  jwkOf,
  hasQueryValues,
  maskedUrl,
  unmaskedUrl,
} from './secrets/webhook-secrets';

export const WEBHOOK_UID = `plugin::${PLUGIN_ID}.webhook`;

export type StoredSecret = {
  /** Encrypted, but for the moment of signing. */
  value: string;
  /** Milliseconds since 1970, for the one of a rotation's overlap. */
  until: number | null;
  /** `whpk_`; only where `value` is the private key to it. */
  publicKey?: string;
};

export type WebhookRow = Omit<WebhookSettings, 'authorization'> & {
  documentId: string;
  authorization: string | null;
  /** The whole URL, encrypted; null where `url` is the whole of it. */
  urlSecret: string | null;
  secrets: StoredSecret[] | null;
  /** Null in a row that is older than the column. */
  includesEndUsers?: boolean | null;
  createdAt: string;
  updatedAt: string;
};

type Crypt = (value: string) => string | null;

const isSecret = (header: HeaderValue): header is { value: string; secret: boolean } =>
  typeof header === 'object' && header.secret;

const textOf = (header: HeaderValue) => (typeof header === 'string' ? header : header.value);

function storedSecret(headers: Headers, name: string): string | null {
  const entry = Object.entries(headers).find(
    ([known]) => known.toLowerCase() === name.toLowerCase(),
  );
  return entry && isSecret(entry[1]) ? entry[1].value : null;
}

/**
 * Names of headers that were sent back as the mask though it stands for nothing: nothing is stored for them, or they
 * are to be secret no longer, which would show what is stored.
 */
export function missingHeaderSecrets(headers: Headers, stored: Headers): string[] {
  return Object.entries(headers).flatMap(([name, header]) => {
    if (textOf(header) !== MASK) return [];
    return isSecret(header) && storedSecret(stored, name) !== null ? [] : [name];
  });
}

/** Null if a secret cannot be encrypted, because no key is configured. */
export function storedHeaders(headers: Headers, stored: Headers, encrypt: Crypt): Headers | null {
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
}

function maskedHeaders(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).map(([name, header]) => [
      name,
      isSecret(header) ? { value: MASK, secret: true } : textOf(header),
    ]),
  );
}

/** In the clear, for a request. `values` are the secret ones; null if one cannot be decrypted. */
export function plainHeaders(
  headers: Headers,
  decrypt: Crypt,
): { headers: Record<string, string>; values: string[] } | null {
  const plain: Record<string, string> = {};
  const values: string[] = [];
  for (const [name, header] of Object.entries(headers)) {
    const value = isSecret(header) ? decrypt(header.value) : textOf(header);
    if (value === null) return null;
    plain[name] = value;
    if (isSecret(header)) values.push(value);
  }
  return { headers: plain, values };
}

/** In the clear, for a request; null if it cannot be decrypted. Rows from before the column have it all in `url`. */
export function plainUrl(
  { url, urlSecret }: Pick<WebhookRow, 'url' | 'urlSecret'>,
  decrypt: Crypt,
): string | null {
  return urlSecret ? decrypt(urlSecret) : url;
}

type StoredUrl = Pick<WebhookRow, 'url' | 'urlSecret'>;

/**
 * The URL to store for one that was sent, which may hold masks. `whole` is what is called. If a secret is missing, nothing
 * can be stored: `masked` names the parameters whose mask stands for nothing; `noKey` means that no key is configured.
 */
type UrlToStore =
  | { kind: 'stored'; whole: string; isNew: boolean; columns: StoredUrl }
  | { kind: 'masked'; names: string[] }
  | { kind: 'noKey' };

export function urlToStore(
  sent: string,
  stored: StoredUrl | null,
  { encrypt, decrypt }: { encrypt: Crypt; decrypt: Crypt },
): UrlToStore {
  const before = stored && plainUrl(stored, decrypt);
  const isSame = stored !== null && (sent === before || sent === maskedUrl(stored.url));
  // Kept as it is, so that a webhook can be changed elsewhere even when its key is lost.
  if (isSame && stored.urlSecret) {
    const { url, urlSecret } = stored;
    return { kind: 'stored', whole: before ?? sent, isNew: false, columns: { url, urlSecret } };
  }
  const { url: whole, missing } = unmaskedUrl(sent, before);
  if (missing.length > 0) return { kind: 'masked', names: missing };
  const answer = { kind: 'stored', whole, isNew: whole !== before } as const;
  const plain = { ...answer, columns: { url: whole, urlSecret: null } };
  if (!hasQueryValues(whole)) return plain;
  const urlSecret = encrypt(whole);
  // It was stored in the clear before the column existed, and stays so without a key.
  if (urlSecret === null) return isSame ? plain : { kind: 'noKey' };
  return { ...answer, columns: { url: maskedUrl(whole), urlSecret } };
}

/** Which events it wants, and how: a row that is older than a column has the column's default. */
export function wishesOf(row: WebhookRow) {
  return {
    events: row.events ?? [],
    contentTypes: row.contentTypes ?? [],
    // Until a start has looked at an older row, it keeps sending what it sent.
    includesEndUsers: row.includesEndUsers ?? true,
    locales: row.locales ?? [],
    filter: row.filter ?? null,
    maxAttempts: row.maxAttempts,
    rateLimit: row.rateLimit ?? null,
    ordered: row.ordered ?? false,
    workflow: row.workflow ?? null,
    state: row.state ?? null,
    command: row.command ?? null,
    onError: row.onError ?? 'refuse',
    mode: row.mode ?? 'enforce',
    timeout: row.timeout ?? null,
  };
}

export function shownWebhook(row: WebhookRow, health: WebhookHealth): Webhook {
  return {
    id: row.documentId,
    kind: row.kind,
    name: row.name,
    description: row.description ?? '',
    enabled: row.enabled,
    url: maskedUrl(row.url),
    headers: maskedHeaders(row.headers ?? {}),
    serialization: row.serialization,
    format: row.format,
    authorization: row.authorization ?? null,
    signing: row.signing,
    publicKey: hasKeyPair(row.signing) ? (row.secrets?.[0]?.publicKey ?? null) : null,
    ...wishesOf(row),
    health,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

export const OVERLAP_MS = 24 * 3_600_000;

/** After a rotation: the new secret first, the one before it until the overlap ends, older ones gone. */
export function rotated(
  secrets: readonly StoredSecret[],
  fresh: Omit<StoredSecret, 'until'>,
  now: number,
): StoredSecret[] {
  return [
    { ...fresh, until: null },
    ...secrets.slice(0, 1).map((secret) => ({ ...secret, until: now + OVERLAP_MS })),
  ];
}

/** The stored secrets with which this signing can sign: key pairs, or shared ones. */
export function fitting(secrets: readonly StoredSecret[] | null, signing: Signing): StoredSecret[] {
  return (secrets ?? []).filter(
    ({ publicKey }) => hasKeyPair(signing) === (publicKey !== undefined),
  );
}

export const validAt = (secrets: readonly StoredSecret[], now: number) =>
  secrets.filter(({ until }) => until === null || until > now);

/** The keys with which receivers may check signatures at a time (ms): the one in use first. None without a key pair. */
export function publicKeysOf(
  { signing, secrets }: Pick<WebhookRow, 'signing' | 'secrets'>,
  now: number,
): PublicKey[] {
  return hasKeyPair(signing)
    ? validAt(fitting(secrets, signing), now).flatMap(({ publicKey, until }) =>
        publicKey === undefined
          ? []
          : [{ publicKey, jwk: jwkOf(publicKey), validUntil: isoOf(until) }],
      )
    : [];
}
