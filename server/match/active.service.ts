/** The enabled webhooks, ready to match and to send; and the ones that were disabled automatically, whose events are kept. */
import type { Core } from '@strapi/strapi';
import type { AuthorizationSettings } from '../contract/authorization';
import { PLUGIN_ID } from '../contract/names';
import { sentence } from '../contract/sentences';
import type { WebhookSettings } from '../contract/webhook';
import { destinationProblem, secretsOf } from '../send/credentials/credentials.service';
import type { Target } from '../send/request';
import type { Fresh } from '../store/fresh.service';
import type { Secrets } from '../store/secrets/secrets.service';
import {
  fitting,
  plainHeaders,
  plainUrl,
  validAt,
  wishesOf,
  type StoredSecret,
  type WebhookRow,
} from '../store/webhook-record';
import { rowsOf } from '../strapi/database.service';
import type { Binding, Subscription } from './matching';

/** A webhook as the capture and the dispatcher use it: subscription, address and credentials, ready to use. */
export type ActiveWebhook = Subscription &
  Binding &
  Pick<
    WebhookSettings,
    | 'name'
    | 'format'
    | 'serialization'
    | 'maxAttempts'
    | 'rateLimit'
    | 'ordered'
    | 'onError'
    | 'mode'
    | 'timeout'
  > & {
    target: Omit<Target, 'secrets' | 'format'>;
    /** The secrets that sign at a time (ms): the current one first, then those of a rotation's overlap. */
    signingSecrets(now: number): string[];
    /** Every text that must never be stored or shown. */
    secretValues: string[];
    /** Only if it was disabled automatically: why its events are kept meanwhile, but not sent. */
    cancelledBecause?: string;
    /** Why nothing can be sent to it: an unreadable secret, or an authorization that is gone. Otherwise null. */
    unsendable: string | null;
  };

/** By id; null if one cannot be decrypted. */
type Credentials = Map<string, AuthorizationSettings | null>;

type Options = {
  strapi: Core.Strapi;
  secrets: Secrets;
  fresh: Fresh;
  authorizations: { credentials(): Promise<Credentials> };
  /** Why webhooks were disabled automatically, by id. */
  health: { disabledReasons(): Promise<Map<string, string>> };
};

/** `recipients`: also the webhooks that were disabled automatically. */
type Known = { active: readonly ActiveWebhook[]; recipients: readonly ActiveWebhook[] };

export function createActive({ strapi, secrets, fresh, authorizations, health }: Options) {
  const rows = () => rowsOf<WebhookRow>(strapi, `plugin::${PLUGIN_ID}.webhook`);

  const load = async (): Promise<Known> => {
    const all = await rows().findMany({ orderBy: { id: 'asc' } });
    const isAnyDisabled = all.some(({ enabled }) => !enabled);
    const reasons = isAnyDisabled ? await health.disabledReasons() : new Map<string, string>();
    const found = all.filter(({ enabled, documentId }) => enabled || reasons.has(documentId));
    const needsCredentials = found.some(({ authorization }) => authorization);
    const credentials = needsCredentials ? await authorizations.credentials() : new Map();
    const recipients = found.map((row): ActiveWebhook => {
      const webhook = activeWebhookOf(row, { credentials, secrets });
      const reason = row.enabled ? undefined : reasons.get(row.documentId);
      if (reason === undefined) return webhook;
      return { ...webhook, cancelledBecause: `${sentence('webhook-was-disabled')} ${reason}` };
    });
    return { recipients, active: recipients.filter((one) => one.cancelledBecause === undefined) };
  };

  const { get, renewed } = fresh.keep(load);

  /** A webhook as it would be stored: for a test before it is. */
  const ready = async (row: WebhookRow): Promise<ActiveWebhook> =>
    activeWebhookOf(row, { credentials: await authorizations.credentials(), secrets });

  return {
    /** The webhooks to send to. At most a second old. */
    active: async () => (await get()).active,
    /** The same as of now: the same list as before, unless one of them changed. */
    renewed: async () => (await renewed()).active,
    /** The webhooks to store for: also those that were disabled automatically. At most a second old. */
    recipients: async () => (await get()).recipients,
    /** One webhook, enabled or not: for a test. */
    one: async (id: string): Promise<ActiveWebhook | null> => {
      const row = await rows().findOne({ where: { documentId: id } });
      return row && ready(row);
    },
    ready,
  };
}

export type Active = ReturnType<typeof createActive>;

type Keys = { credentials: Credentials; secrets: Secrets };

function activeWebhookOf(row: WebhookRow, { credentials, secrets }: Keys): ActiveWebhook {
  const plain = plainHeaders(row.headers ?? {}, secrets.decrypt);
  const url = plainUrl(row, secrets.decrypt);
  const signing = fitting(row.secrets, row.signing).flatMap(({ value, until }): StoredSecret[] => {
    const text = secrets.decrypt(value);
    return text === null ? [] : [{ value: text, until }];
  });
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
    unsendable: problemOf(row, { url, headers: plain, signing, authorization }),
  };
}

/** The parts of a webhook as they could be decrypted. */
type Parts = {
  url: string | null;
  headers: object | null;
  signing: StoredSecret[];
  authorization: AuthorizationSettings | null | undefined;
};

function problemOf(row: WebhookRow, parts: Parts): string | null {
  const { url, headers, signing, authorization } = parts;
  if (url === null) return sentence('webhook-url-unreadable');
  if (headers === null) return sentence('webhook-header-unreadable');
  // The secret before the current one is not enough: a receiver has forgotten it.
  if (row.signing !== 'none' && signing.every(({ until }) => until !== null))
    return sentence('webhook-secret-unreadable');
  if (!row.authorization) return null;
  if (authorization === undefined) return sentence('authorization-gone');
  if (authorization === null) return sentence('authorization-unreadable');
  return destinationProblem(authorization, row.url);
}
