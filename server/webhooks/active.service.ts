/**
 * The enabled webhooks, ready to match and to send. Kept in memory for a moment, because every save in the Content
 * Manager asks for them; a change made here is seen at once, one made by another instance within that moment.
 */
import type { Core } from '@strapi/strapi';
import type { Authorizations } from '../authorizations/authorizations.service';
import type { AuthorizationSettings } from '../contract/authorization';
import { PLUGIN_ID } from '../contract/names';
import { secretsOf } from '../request/mask';
import type { Secrets } from '../secrets/secrets.service';
import type { ActiveWebhook } from './active';
import { plainHeaders, validAt, type StoredSecret, type WebhookRow } from './webhook-record';

const UID = `plugin::${PLUGIN_ID}.webhook`;
const FRESH_MS = 1000;

type Options = { strapi: Core.Strapi; secrets: Secrets; authorizations: Authorizations };
type Credentials = Map<string, AuthorizationSettings | null>;

const UNREADABLE =
  'cannot be read with the encryption key of this server. Enter it again, or restore the key (ENCRYPTION_KEY) that it was stored with.';

export const createActive = ({ strapi, secrets, authorizations }: Options) => {
  let known: ActiveWebhook[] = [];
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<ActiveWebhook[]> | null = null;
  let changes = 0;

  const readable = (row: WebhookRow): StoredSecret[] =>
    (row.secrets ?? []).flatMap(({ value, until }) => {
      const text = secrets.decrypt(value);
      return text === null ? [] : [{ value: text, until }];
    });

  const problemOf = (
    row: WebhookRow,
    parts: {
      hasHeaders: boolean;
      signing: StoredSecret[];
      authorization: AuthorizationSettings | null | undefined;
    },
  ) => {
    if (!parts.hasHeaders) return `A secret header ${UNREADABLE}`;
    if (row.signing !== 'none' && parts.signing.length === 0)
      return `The signing secret ${UNREADABLE}`;
    if (!row.authorization) return null;
    if (parts.authorization === undefined)
      return 'The authorization of this webhook is gone. Choose another one.';
    return parts.authorization === null ? `The authorization's secret ${UNREADABLE}` : null;
  };

  const activeOf = (row: WebhookRow, credentials: Credentials): ActiveWebhook => {
    const plain = plainHeaders(row.headers ?? {}, secrets.decrypt);
    const signing = readable(row);
    const authorization = row.authorization ? credentials.get(row.authorization) : null;
    const target = {
      url: row.url,
      headers: plain?.headers ?? {},
      authorization: authorization ?? null,
      signing: row.signing,
    };
    const all = { ...target, format: row.format, secrets: signing.map(({ value }) => value) };
    return {
      id: row.documentId,
      name: row.name,
      events: row.events ?? [],
      contentTypes: row.contentTypes ?? [],
      locales: row.locales ?? [],
      filter: row.filter ?? null,
      format: row.format,
      serialization: row.serialization,
      maxAttempts: row.maxAttempts,
      target,
      signingSecrets: (now) => validAt(signing, now).map(({ value }) => value),
      secretValues: secretsOf({ target: all, secretHeaderValues: plain?.values ?? [] }),
      unsendable: problemOf(row, { hasHeaders: plain !== null, signing, authorization }),
    };
  };

  const load = async (): Promise<ActiveWebhook[]> => {
    const startedAt = performance.now();
    const changesBefore = changes;
    const rows: WebhookRow[] = await strapi.db
      .query(UID)
      .findMany({ where: { enabled: true }, orderBy: { id: 'asc' } });
    const needsCredentials = rows.some(({ authorization }) => authorization);
    const credentials: Credentials = needsCredentials
      ? await authorizations.credentials()
      : new Map();
    const loaded = rows.map((row) => activeOf(row, credentials));
    if (changes === changesBefore) {
      known = loaded;
      loadedAt = startedAt;
    }
    return loaded;
  };

  /** At most a second old. */
  const active = async (): Promise<readonly ActiveWebhook[]> => {
    if (performance.now() - loadedAt < FRESH_MS) return known;
    // SQLite has one connection: who holds it in a transaction must not wait for another's query.
    if (strapi.db.inTransaction()) return load();
    const current = (loading ??= load().finally(() => {
      if (loading === current) loading = null;
    }));
    return current;
  };

  /** One webhook, enabled or not: for a test. */
  const one = async (id: string): Promise<ActiveWebhook | null> => {
    const row: WebhookRow | null = await strapi.db
      .query(UID)
      .findOne({ where: { documentId: id } });
    return row && activeOf(row, await authorizations.credentials());
  };

  /** What is known is known no longer. */
  const forget = () => {
    changes += 1;
    loadedAt = Number.NEGATIVE_INFINITY;
    loading = null;
  };

  return { active, one, forget };
};

export type Active = ReturnType<typeof createActive>;
