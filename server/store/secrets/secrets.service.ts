/**
 * Encrypts what is secret with Strapi's own encryption (AES-256-GCM, keyed by `admin.secrets.encryptionKey`), and reads
 * it with that key or with a previous one (docs/decisions/0016).
 */
import type { Core } from '@strapi/strapi';
import { PLUGIN_ID } from '../../contract/names';
import { encryptionOf } from '../../strapi/admin.service';
import { joinTransaction, lockedRows, rowsOf } from '../../strapi/database.service';
import { isEncrypted, keyRing, renewed, type Tally } from './cipher';
import { hasQueryValues, maskedUrl } from './webhook-secrets';

const UNREADABLE =
  'What needs them is not sent until they are entered again, or the key that they were stored with is one of secrets.previousKeys (config/plugins).';

type Options = {
  strapi: Core.Strapi;
  /** `secrets.previousKeys` of the configuration. */
  previousKeys: readonly string[];
};

export function createSecrets({ strapi, previousKeys }: Options) {
  const currentKey = strapi.config.get('admin.secrets.encryptionKey') as string | undefined;
  const ring = keyRing(currentKey, previousKeys);

  /** A format that we do not know is one of a Strapi to come. */
  function decryptByStrapi(value: string): string | null {
    try {
      return encryptionOf(strapi).decrypt(value);
    } catch {
      return null;
    }
  }

  return {
    /** Null without a key: the caller refuses to store anything. */
    encrypt: (value: string): string | null => encryptionOf(strapi).encrypt(value),
    /** Null if the key is missing, or neither it nor a previous one is the one that the value was encrypted with. */
    decrypt: (value: string): string | null =>
      isEncrypted(value) ? ring.read(value) : decryptByStrapi(value),
    /** The text if only a previous key can read it; null otherwise. */
    readOld: ring.readOld,
  };
}

export type Secrets = ReturnType<typeof createSecrets>;

/** Every column that holds encrypted texts. */
const PLACES = {
  webhook: ['headers', 'secrets', 'urlSecret'],
  authorization: ['secrets'],
  replication: ['token'],
} as const;

type Row = { id: number } & Record<string, unknown>;

/**
 * Encrypts anew, at start, what only a previous key can read, so that the previous key can be taken out. In one
 * transaction, with the rows locked: instances that start together take turns, and no change meanwhile is overwritten.
 * A start goes on if this fails: the previous keys can still read everything.
 */
export function createRenewal(strapi: Core.Strapi, secrets: Secrets): () => Promise<void> {
  return async () => {
    try {
      logRenewal(strapi, await joinTransaction(strapi, () => renewAll(strapi, secrets)));
    } catch (error) {
      strapi.log.error(
        `workflow-webhooks: stored secrets could not be encrypted anew, and stay as they were: ${(error as Error).message}`,
      );
    }
  };
}

async function renewAll(strapi: Core.Strapi, secrets: Secrets): Promise<Tally> {
  const tally = { renewed: 0, unreadable: 0 };
  for (const [name, columns] of Object.entries(PLACES)) {
    const uid = `plugin::${PLUGIN_ID}.${name}`;
    for (const row of await lockedRows<Row>(strapi, uid, {})) {
      const data = { ...hiddenUrlOf(row, secrets), ...renewedOf(row, columns, { secrets, tally }) };
      // `updatedAt` stays: nothing that anybody sees has changed.
      if (Object.keys(data).length > 0)
        await rowsOf(strapi, uid).updateMany({ where: { id: row.id }, data });
    }
  }
  return tally;
}

/** The columns of a row that a previous key had to read. */
function renewedOf(
  row: Row,
  columns: readonly string[],
  { secrets, tally }: { secrets: Secrets; tally: Tally },
): Record<string, unknown> {
  const renewing = { ...secrets, read: secrets.decrypt };
  const data: Record<string, unknown> = {};
  for (const column of columns) {
    const before = tally.renewed;
    const value = renewed(row[column], renewing, tally);
    if (tally.renewed > before) data[column] = value;
  }
  return data;
}

/** Hides the URL of a webhook that was stored when a URL's query was no secret yet. Nothing for any other row, or without a key. */
function hiddenUrlOf({ url, urlSecret }: Row, { encrypt }: Secrets): Record<string, unknown> {
  if (typeof url !== 'string' || urlSecret || !hasQueryValues(url)) return {};
  const encrypted = encrypt(url);
  return encrypted === null ? {} : { url: maskedUrl(url), urlSecret: encrypted };
}

function logRenewal({ log }: Core.Strapi, tally: Tally): void {
  const counted = (count: number) => `${count} stored secret${count === 1 ? '' : 's'}`;
  if (tally.renewed > 0)
    log.info(
      `workflow-webhooks: ${counted(tally.renewed)} could be read with a previous key only, and ${tally.renewed === 1 ? 'was' : 'were'} encrypted anew with the key of now.`,
    );
  if (tally.unreadable > 0)
    log.warn(
      `workflow-webhooks: ${counted(tally.unreadable)} cannot be read with the encryption key of this server (admin.secrets.encryptionKey). ${UNREADABLE}`,
    );
}
