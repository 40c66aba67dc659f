/** Webhooks: created, changed, enabled, listed and deleted by administrators. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { PLUGIN_ID } from '../../contract/names';
import type { Page, Paging } from '../../contract/api';
import type {
  WebhookQuery,
  LastDelivery,
  PublicKey,
  ShownHealth,
  Webhook,
  WebhookSettings,
} from '../../contract/webhook';
import { sentence } from '../../contract/sentences';
import type { HealthBook } from '../../deliver/health.service';
import { shownHealth, type KnownHealth } from '../../store/health';
import type { Trail } from '../../store/audit/audit.service';
import { changedFields } from '../../store/audit/changed-fields';
import type { Outbox } from '../../store/outbox/outbox.service';
import { createTables } from '../../store/tables.service';
import type { Secrets } from '../../store/secrets/secrets.service';
import type { NewSecret } from '../../store/secrets/signing-secret';
import {
  answerOf,
  plainUrl,
  publicKeysOf,
  wishesOf,
  type WebhookRow,
} from '../../store/webhook-record';
import type { Clock } from '../../strapi/clock.service';
import { invalid, problem, type Change } from '../../strapi/errors';
import type { Resources } from '../resource.service';
import { createExcludeEndUsers } from './end-users.service';
import { createWebhookSettings, type WebhookCheck } from './settings.service';

const UID = `plugin::${PLUGIN_ID}.webhook`;

type Options = {
  strapi: Core.Strapi;
  secrets: Secrets;
  check: WebhookCheck;
  health: HealthBook;
  outbox: Outbox;
  clock: Clock;
  resources: Resources;
  onChange(): void;
};

export const createWebhooks = (options: Options) => {
  const { strapi, health, outbox, clock, onChange } = options;
  const webhooks = options.resources.of<WebhookRow>({
    uid: UID,
    key: 'documentId',
    subject: 'webhook',
    sortable: ['name', 'url', 'enabled', 'createdAt', 'updatedAt'],
  });
  const { rows, trail } = webhooks;
  const settingsOf = createWebhookSettings(options);
  const exclude = createExcludeEndUsers({ ...options, trail });
  const switching = createSwitching({ ...options, trail });

  function shown(row: WebhookRow, known?: KnownHealth, lastDelivery?: LastDelivery | null) {
    return answerOf(row, shownHealth(row.kind, known, { now: clock.now(), lastDelivery }));
  }

  /** With one query for the healths of all of them, and one for their last deliveries. */
  async function allShown(found: readonly WebhookRow[]): Promise<Webhook[]> {
    const ids = found.map(({ documentId }) => documentId);
    const [healths, last] = await Promise.all([health.all(ids), outbox.lastSent(ids)]);
    return found.map((row) =>
      shown(row, healths.get(row.documentId), last.get(row.documentId) ?? null),
    );
  }

  async function find(id: string): Promise<Webhook> {
    const [webhook] = await allShown([await webhooks.find(id)]);
    return webhook as Webhook;
  }

  async function list(query: WebhookQuery, paging: Paging): Promise<Page<Webhook>> {
    const where = { $and: [whereOf(query), await whereHealth(health, query.health)] };
    return webhooks.list(where, paging, allShown);
  }

  /** A shared secret is shown once, by the answer that makes it. A private key is never shown. */
  async function answered(id: string, secret: NewSecret | null = null): Promise<Webhook> {
    onChange();
    const webhook = await find(id);
    return secret === null || secret.publicKey !== null
      ? webhook
      : { ...webhook, secret: secret.text };
  }

  async function create(settings: WebhookSettings): Promise<Webhook> {
    const { data, secret } = await settingsOf.prepare(settings, null);
    return answered(await webhooks.create(data), secret);
  }

  /** A save neither enables nor disables. */
  async function replacement(settings: WebhookSettings, row: WebhookRow) {
    if (settings.kind !== row.kind) throw invalid([problem(['kind'], 'webhook-kind-fixed')]);
    const kept = { ...settings, enabled: row.enabled };
    const { data, secret, hasNewUrl } = await settingsOf.prepare(kept, row);
    const { enabled, ...columns } = data;
    const before = shown(row);
    const fields = changedFields(before, hasNewUrl ? kept : { ...kept, url: before.url });
    return { data: columns, secret, fields };
  }

  async function update(id: string, { settings, version }: Change<WebhookSettings>) {
    const { secret } = await webhooks.update(
      { id, version },
      { prepare: (row) => replacement(settings, row) },
    );
    return answered(id, secret);
  }

  async function setEnabled(id: string, enabled: boolean): Promise<Webhook> {
    await switching.setEnabled(await webhooks.find(id), enabled);
    return answered(id);
  }

  /** At once, and not as part of a save: pending deliveries about end users are cancelled too. */
  async function excludeEndUsers(id: string): Promise<Webhook> {
    await exclude(await webhooks.find(id));
    return answered(id);
  }

  /** The row that would be stored, checked in the same way. `id` names the stored webhook that it would change. */
  async function unsaved(settings: WebhookSettings, id: string | null): Promise<WebhookRow> {
    const stored = id === null ? null : await webhooks.find(id);
    const { data } = await settingsOf.prepare(settings, stored);
    return { documentId: 'new', secrets: null, createdAt: '', updatedAt: '', ...stored, ...data };
  }

  async function remove(id: string): Promise<Webhook> {
    const webhook = await find(id);
    await webhooks.remove(webhook);
    onChange();
    const reason = sentence('webhook-named-was-deleted', { name: webhook.name });
    await outbox.cancelOf({ webhookId: id, reason, now: clock.now() });
    await health.forget(id);
    return webhook;
  }

  async function rotate(id: string): Promise<Webhook> {
    const stored = await webhooks.find(id);
    if (stored.signing === 'none') throw invalid([problem(['signing'], 'webhook-unsigned')]);
    const { secret } = await trail.recorded('rotated', async () => {
      // Of two rotations at once, the second one's old secret is the first one's new one: both were shown.
      const row = await webhooks.locked(id);
      const rotation = settingsOf.rotation(row);
      // Not `update`, which moves `updatedAt`: no form shows the secret, so an open form has missed nothing.
      const data = { secrets: JSON.stringify(rotation.secrets) };
      await strapi.db.queryBuilder(UID).where({ id: row.id }).update(data).execute();
      return { ...row, secret: rotation.secret };
    });
    return answered(id, secret);
  }

  /** The names of all webhooks, by id. */
  async function names(): Promise<Map<string, string>> {
    const found: WebhookRow[] = await rows().findMany({ select: ['documentId', 'name'] });
    return new Map(found.map(({ documentId, name }) => [documentId, name]));
  }

  async function enabledIds(): Promise<Set<string>> {
    const where = { enabled: true };
    const found: WebhookRow[] = await rows().findMany({ select: ['documentId'], where });
    return new Set(found.map(({ documentId }) => documentId));
  }

  /** Empty if the webhook does not sign with a key pair, or does not exist. */
  async function publicKeys(id: string): Promise<PublicKey[]> {
    const row: WebhookRow | null = await rows().findOne({ where: { documentId: id } });
    return row ? publicKeysOf(row, clock.now()) : [];
  }

  return {
    ...{ list, find, create, update, remove, setEnabled, excludeEndUsers, rotate },
    ...{ unsaved, names, enabledIds, publicKeys, disable: switching.disable },
  };
};

export type Webhooks = ReturnType<typeof createWebhooks>;

type Column = { document_id: string; enabled: boolean; name: string };
type SwitchingOptions = Pick<Options, 'strapi' | 'secrets' | 'check' | 'health'> & { trail: Trail };

/**
 * The only ways to enable or disable a stored webhook, so that no save of its settings undoes what its receiver, its
 * failures or an administrator did meanwhile. `updatedAt` is of the settings, and stays.
 */
function createSwitching({ strapi, secrets, check, health, trail }: SwitchingOptions) {
  const tables = createTables(strapi);
  const table = tables.on<Column>('webhook');

  /** False if it is so already. */
  async function turn(id: string, enabled: boolean, trx: Knex.Transaction): Promise<boolean> {
    const others = table(trx).where({ document_id: id, enabled: !enabled });
    return Number(await others.update('enabled', enabled)) > 0;
  }

  /** Throws unless everything that it refers to exists: it may be gone since the webhook was disabled. */
  const checkUsable = (row: WebhookRow): Promise<void> =>
    check({
      ...row,
      ...wishesOf(row),
      description: row.description ?? '',
      url: plainUrl(row, secrets.decrypt) ?? row.url,
      enabled: true,
    });

  /** For an administrator. Enabling resets the health. */
  async function setEnabled(row: WebhookRow, enabled: boolean): Promise<void> {
    if (row.enabled === enabled) return;
    if (enabled) await checkUsable(row);
    const { documentId: id } = row;
    await tables.transaction(async (trx) => {
      // The health first, as the dispatcher does when it disables a webhook: in another order, each would wait for the other.
      if (enabled) await health.reset(id, trx);
      const change = async () => ((await turn(id, enabled, trx)) ? row : null);
      await trail.recorded('changed', change, ['enabled']);
    });
  }

  /** Because of what its receiver did, in the dispatcher's own transaction. */
  async function disable(id: string, trx: Knex.Transaction): Promise<void> {
    const found: { name: string } | undefined = await table(trx)
      .where({ document_id: id, enabled: true })
      .first('name');
    if (!found) return;
    await turn(id, false, trx);
    await trail.bySystem({ action: 'disabled', id, name: found.name }, trx);
  }

  return { setEnabled, disable };
}

const whereOf = ({ kind, enabled, includesEndUsers, search }: WebhookQuery): object => ({
  ...(kind ? { kind } : {}),
  ...(enabled === undefined ? {} : { enabled }),
  ...(includesEndUsers === undefined ? {} : { includesEndUsers }),
  ...(search ? { $or: [{ name: { $containsi: search } }, { url: { $containsi: search } }] } : {}),
});

/** As the panel shows it: a webhook that was disabled because of its failures is not just off. */
async function whereHealth(
  health: Pick<HealthBook, 'inState'>,
  wanted: ShownHealth | undefined,
): Promise<object> {
  if (wanted === undefined) return {};
  const disabled = await health.inState('disabled');
  if (wanted === 'disabled') return { documentId: { $in: disabled } };
  if (wanted === 'off') return { enabled: false, documentId: { $notIn: disabled } };
  const failing = await health.inState('failing');
  return wanted === 'failing'
    ? { enabled: true, documentId: { $in: failing } }
    : { enabled: true, documentId: { $notIn: [...failing, ...disabled] } };
}
