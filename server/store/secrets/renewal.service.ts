/**
 * Encrypts anew, at start, what only a previous key can read, so that the previous key can be taken out. In one
 * transaction, with the rows locked: instances that start together take turns, and nobody's change meanwhile is
 * written over.
 */
import type { Core } from '@strapi/strapi';
import { PLUGIN_ID } from '../../contract/names';
import { hasQueryValues, maskedUrl } from './url-secrets';
import { renewed } from './renewed';
import type { Secrets } from './secrets.service';

/** Every column that holds encrypted texts. */
const PLACES = {
  webhook: ['headers', 'secrets', 'urlSecret'],
  authorization: ['secrets'],
  replication: ['token'],
} as const;

type Row = { id: number } & Record<string, unknown>;

/** Of a webhook that was stored when a URL's query was no secret yet; nothing of any other row, or without a key. */
const hiddenUrl = ({ url, urlSecret }: Row, encrypt: Secrets['encrypt']) => {
  if (typeof url !== 'string' || urlSecret || !hasQueryValues(url)) return {};
  const encrypted = encrypt(url);
  return encrypted === null ? {} : { url: maskedUrl(url), urlSecret: encrypted };
};
type Tally = { renewed: number; unreadable: number };

export const UNREADABLE =
  'What needs them is not sent until they are entered again, or the key that they were stored with is one of secrets.previousKeys (config/plugins).';

const counted = (count: number) => `${count} stored secret${count === 1 ? '' : 's'}`;

/** Objects travel as JSON; the one text column as it is. */
const columnOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

export const createRenewal = (strapi: Core.Strapi, secrets: Secrets) => {
  const renewing = { ...secrets, read: secrets.decrypt };

  /** Through the query builder, which leaves `updatedAt` alone: nothing that anybody sees has changed. */
  const renewRow = async (uid: string, row: Row, columns: readonly string[]): Promise<Tally> => {
    const parts = columns.map((name) => ({ name, ...renewed(row[name], renewing) }));
    const changed = parts.filter((part) => part.renewed > 0);
    const anew = {
      ...hiddenUrl(row, secrets.encrypt),
      ...Object.fromEntries(changed.map(({ name, value }) => [name, columnOf(value)])),
    };
    if (Object.keys(anew).length > 0)
      await strapi.db.queryBuilder(uid).where({ id: row.id }).update(anew).execute();
    return {
      renewed: parts.reduce((sum, part) => sum + part.renewed, 0),
      unreadable: parts.reduce((sum, part) => sum + part.unreadable, 0),
    };
  };

  const renewAll = async (): Promise<Tally> => {
    const tally = { renewed: 0, unreadable: 0 };
    for (const [name, columns] of Object.entries(PLACES)) {
      const uid = `plugin::${PLUGIN_ID}.${name}`;
      const rows = await strapi.db
        .queryBuilder(uid)
        .select('*')
        .orderBy({ id: 'asc' })
        .forUpdate()
        .execute<Row[]>();
      for (const row of rows) {
        const part = await renewRow(uid, row, columns);
        tally.renewed += part.renewed;
        tally.unreadable += part.unreadable;
      }
    }
    return tally;
  };

  const tell = (tally: Tally): void => {
    if (tally.renewed > 0)
      strapi.log.info(
        `workflow-webhooks: ${counted(tally.renewed)} could be read with a previous key only, and ${tally.renewed === 1 ? 'was' : 'were'} encrypted anew with the key of now.`,
      );
    if (tally.unreadable > 0)
      strapi.log.warn(
        `workflow-webhooks: ${counted(tally.unreadable)} cannot be read with the encryption key of this server (admin.secrets.encryptionKey). ${UNREADABLE}`,
      );
  };

  /** Before anything is sent. A start goes on where it fails: the previous keys can still read everything. */
  return async (): Promise<void> => {
    try {
      tell((await strapi.db.transaction(() => renewAll())) as Tally);
    } catch (error) {
      strapi.log.error(
        `workflow-webhooks: stored secrets could not be encrypted anew, and stay as they were: ${(error as Error).message}`,
      );
    }
  };
};
