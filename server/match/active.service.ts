/** The enabled webhooks, ready to match and to send; and those for which what they miss is kept. */
import { sentence } from '../contract/sentences';
import type { Core } from '@strapi/strapi';
import { destinationProblem, secretsOf } from '../send/credentials/authorization';
import { createFresh } from '../store/fresh.service';
import type { AuthorizationSettings } from '../contract/authorization';
import { PLUGIN_ID } from '../contract/names';
import type { Secrets } from '../store/secrets/secrets.service';
import type { ActiveWebhook } from './active';
import {
  fitting,
  plainHeaders,
  plainUrl,
  validAt,
  wishesOf,
  type StoredSecret,
  type WebhookRow,
} from '../store/webhook-record';

const UID = `plugin::${PLUGIN_ID}.webhook`;

type Options = {
  strapi: Core.Strapi;
  secrets: Secrets;
  /** By id; null where one cannot be decrypted. */
  authorizations: { credentials(): Promise<Credentials> };
  /** Why webhooks were disabled by themselves, by id. */
  health: { disabledReasons(): Promise<Map<string, string>> };
};
type Known = { active: readonly ActiveWebhook[]; hearing: readonly ActiveWebhook[] };
type Credentials = Map<string, AuthorizationSettings | null>;

const missed = (reason: string) => `${sentence('webhook-was-disabled')} ${reason}`;

export const createActive = ({ strapi, secrets, authorizations, health }: Options) => {
  const readable = (row: WebhookRow): StoredSecret[] =>
    fitting(row.secrets, row.signing).flatMap(({ value, until }) => {
      const text = secrets.decrypt(value);
      return text === null ? [] : [{ value: text, until }];
    });

  const problemOf = (
    row: WebhookRow,
    parts: {
      hasUrl: boolean;
      hasHeaders: boolean;
      signing: StoredSecret[];
      authorization: AuthorizationSettings | null | undefined;
    },
  ) => {
    if (!parts.hasUrl) return sentence('webhook-url-unreadable');
    if (!parts.hasHeaders) return sentence('webhook-header-unreadable');
    // Not by the one before it alone: a receiver has forgotten that one.
    if (row.signing !== 'none' && parts.signing.every(({ until }) => until !== null))
      return sentence('webhook-secret-unreadable');
    if (!row.authorization) return null;
    if (parts.authorization === undefined) return sentence('authorization-gone');
    if (parts.authorization === null) return sentence('authorization-unreadable');
    return destinationProblem(parts.authorization, row.url);
  };

  const activeOf = (row: WebhookRow, credentials: Credentials): ActiveWebhook => {
    const plain = plainHeaders(row.headers ?? {}, secrets.decrypt);
    const signing = readable(row);
    const url = plainUrl(row, secrets.decrypt);
    const authorization = row.authorization ? credentials.get(row.authorization) : null;
    const target = {
      url: url ?? row.url,
      headers: plain?.headers ?? {},
      authorization: authorization ?? null,
      signing: row.signing,
    };
    const all = { ...target, format: row.format, secrets: signing.map(({ value }) => value) };
    return {
      id: row.documentId,
      name: row.name,
      kind: row.kind,
      format: row.format,
      serialization: row.serialization,
      ...wishesOf(row),
      target,
      signingSecrets: (now) => validAt(signing, now).map(({ value }) => value),
      secretValues: secretsOf({ target: all, secretHeaderValues: plain?.values ?? [] }),
      unsendable: problemOf(row, {
        hasUrl: url !== null,
        hasHeaders: plain !== null,
        signing,
        authorization,
      }),
    };
  };

  /** Those that are enabled, and those that were disabled by themselves, with the reason. */
  const heard = async (): Promise<{ row: WebhookRow; reason: string | undefined }[]> => {
    const rows: WebhookRow[] = await strapi.db.query(UID).findMany({ orderBy: { id: 'asc' } });
    const reasons = rows.some(({ enabled }) => !enabled)
      ? await health.disabledReasons()
      : new Map<string, string>();
    return rows
      .map((row) => ({ row, reason: row.enabled ? undefined : reasons.get(row.documentId) }))
      .filter(({ row, reason }) => row.enabled || reason !== undefined);
  };

  const load = async (): Promise<Known> => {
    const found = await heard();
    const needsCredentials = found.some(({ row }) => row.authorization);
    const credentials: Credentials = needsCredentials
      ? await authorizations.credentials()
      : new Map();
    const hearing = found.map(({ row, reason }) => ({
      ...activeOf(row, credentials),
      ...(reason === undefined ? {} : { cancelledBecause: missed(reason) }),
    }));
    return { hearing, active: hearing.filter((one) => one.cancelledBecause === undefined) };
  };

  const { get, renewed, forget } = createFresh<Known>({
    strapi,
    load,
    none: { active: [], hearing: [] },
  });

  /** Whom something is sent to. At most half a second old. */
  const active = async () => (await get()).active;

  /** For whom something is stored: besides those, the ones that were disabled by themselves. At most half a second old. */
  const hearing = async () => (await get()).hearing;

  /** A webhook as it would be stored: for a test before it is. */
  const ready = async (row: WebhookRow): Promise<ActiveWebhook> =>
    activeOf(row, await authorizations.credentials());

  /** One webhook, enabled or not: for a test. */
  const one = async (id: string): Promise<ActiveWebhook | null> => {
    const row: WebhookRow | null = await strapi.db
      .query(UID)
      .findOne({ where: { documentId: id } });
    return row && ready(row);
  };

  return { active, renewed: async () => (await renewed()).active, hearing, one, ready, forget };
};

export type Active = ReturnType<typeof createActive>;
