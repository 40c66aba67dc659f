/** Webhooks: created, changed, enabled, listed and deleted by administrators. */
import type { Knex } from 'knex';
import type {
  WebhookQuery,
  LastDelivery,
  PublicKey,
  ShownHealth,
  Webhook,
  WebhookSettings,
} from '../../contract/webhook';
import { sentence } from '../../contract/sentences';
import type { HealthStore } from '../../deliver/health.service';
import { shownHealth, type KnownHealth } from '../../store/health';
import { changedFields } from '../../store/settings';
import type { Outbox } from '../../store/outbox/outbox.service';
import { createTables } from '../../store/tables.service';
import type { NewSecret } from '../../store/secrets/webhook-secrets';
import {
  shownWebhook,
  plainUrl,
  publicKeysOf,
  WEBHOOK_UID,
  wishesOf,
  type WebhookRow,
} from '../../store/webhook-record';
import { invalid, problem } from '../../strapi/errors';
import { END_USER } from '../../strapi/model/content-model';
import type { Managing } from '../resource.service';
import { checkWebhook, createWebhookSettings, type CheckOptions } from './settings.service';

type Options = Managing &
  CheckOptions & {
    health: HealthStore;
    outbox: Outbox;
    changes: { recordIn(trx: Knex.Transaction): Promise<void> };
  };

export const createWebhooks = (options: Options) => {
  const { strapi, secrets, health, outbox, changes, clock, onChange } = options;
  const settingsOf = createWebhookSettings(options);
  const tables = createTables(strapi);
  const webhooks = options.resources.of({
    uid: WEBHOOK_UID,
    key: 'documentId',
    subject: 'webhook',
    sortable: ['name', 'url', 'enabled', 'createdAt', 'updatedAt'],
    whereOf: async (query: WebhookQuery) => ({
      $and: [whereOf(query), await whereHealth(health, query.health)],
    }),
    show: allShown,
    prepare,
    shownOnce,
    onChange,
  });
  const { rows, trail, find, list, create, update } = webhooks;

  function shown(row: WebhookRow, known?: KnownHealth, lastDelivery?: LastDelivery | null) {
    return shownWebhook(row, shownHealth(row.kind, known, { now: clock.now(), lastDelivery }));
  }

  /** With one query for the healths of all of them, and one for their last deliveries. */
  async function allShown(found: readonly WebhookRow[]): Promise<Webhook[]> {
    const ids = found.map(({ documentId }) => documentId);
    const [healths, last] = await Promise.all([health.all(ids), outbox.lastSent(ids)]);
    return found.map((row) =>
      shown(row, healths.get(row.documentId), last.get(row.documentId) ?? null),
    );
  }

  /** A save neither enables nor disables a stored webhook. */
  async function prepare(settings: WebhookSettings, row: WebhookRow | null) {
    if (row === null) return { ...(await settingsOf.prepare(settings, null)), fields: [] };
    if (settings.kind !== row.kind) throw invalid([problem(['kind'], 'webhook-kind-fixed')]);
    const kept = { ...settings, enabled: row.enabled };
    const { data, secret, hasNewUrl } = await settingsOf.prepare(kept, row);
    const { enabled, ...columns } = data;
    const before = shown(row);
    const fields = changedFields(before, hasNewUrl ? kept : { ...kept, url: before.url });
    return { data: columns, secret, fields };
  }

  async function changed(id: string): Promise<Webhook> {
    onChange();
    return find(id);
  }

  /** Checks the webhook again: things that it refers to may be gone since it was disabled. */
  function checkUsable(row: WebhookRow): Promise<void> {
    const description = row.description ?? '';
    const url = plainUrl(row, secrets.decrypt) ?? row.url;
    return checkWebhook({ ...row, ...wishesOf(row), description, url, enabled: true }, options);
  }

  /**
   * Only this and `disable` enable or disable a stored webhook. So no save undoes what its receiver, its failures or an
   * administrator did meanwhile. `updatedAt` belongs to the settings, and stays. Enabling resets the health.
   */
  async function setEnabled(id: string, enabled: boolean): Promise<Webhook> {
    const row = await webhooks.row(id);
    if (row.enabled === enabled) return changed(id);
    if (enabled) await checkUsable(row);
    await tables.transaction(async (trx) => {
      // The health first, as the dispatcher does when it disables a webhook: in another order, each would wait for the other.
      if (enabled) await health.reset(id, trx);
      const where = { documentId: id, enabled: !enabled };
      const turn = async () =>
        (await rows.updateMany({ where, data: { enabled } })).count > 0 ? row : null;
      await trail.recorded('changed', turn, ['enabled']);
    });
    return changed(id);
  }

  /** Because of what its receiver did, in the dispatcher's own transaction. */
  async function disable(id: string, trx: Knex.Transaction): Promise<void> {
    type Column = { document_id: string; enabled: boolean; name: string };
    // These are statements past Strapi, which notifies nobody of them.
    await changes.recordIn(trx);
    const webhook = tables.on<Column>('webhook')(trx).where({ document_id: id, enabled: true });
    const found: { name: string } | undefined = await webhook.clone().first('name');
    if (!found) return;
    await webhook.update('enabled', false);
    await trail.bySystem({ action: 'disabled', id, name: found.name }, trx);
  }

  /** At once, and not as part of a save: pending deliveries about end users are cancelled too. */
  async function excludeEndUsers(id: string): Promise<Webhook> {
    const row = await webhooks.row(id);
    if (row.includesEndUsers === false) return changed(id);
    const exclude = async () => {
      await rows.updateMany({ where: { documentId: id }, data: { includesEndUsers: false } });
      return row;
    };
    await trail.recorded('changed', exclude, ['includesEndUsers']);
    if (!row.contentTypes?.includes(END_USER)) {
      const reason = `An administrator decided that "${row.name}" is no longer sent end users.`;
      await outbox.cancelOf({ webhookId: id, uid: END_USER, reason, now: clock.now() });
    }
    return changed(id);
  }

  /** The row that would be stored, checked in the same way. `id` names the stored webhook that it would change. */
  async function unsaved(settings: WebhookSettings, id: string | null): Promise<WebhookRow> {
    const stored = id === null ? null : await webhooks.row(id);
    const { data } = await settingsOf.prepare(settings, stored);
    return { documentId: 'new', secrets: null, createdAt: '', updatedAt: '', ...stored, ...data };
  }

  async function remove(id: string): Promise<Webhook> {
    const webhook = await webhooks.remove(id);
    const reason = sentence('webhook-named-was-deleted', { name: webhook.name });
    await outbox.cancelOf({ webhookId: id, reason, now: clock.now() });
    await health.forget(id);
    return webhook;
  }

  async function rotate(id: string): Promise<Webhook> {
    const { secret } = await trail.recorded('rotated', async () => {
      // If two rotations run at once, the second one's old secret is the first one's new one: both were shown.
      const row = await webhooks.locked(id);
      if (row.signing === 'none') throw invalid([problem(['signing'], 'webhook-unsigned')]);
      const rotation = settingsOf.rotation(row);
      // `updatedAt` stays: no form shows the secret, so an open form has missed nothing.
      await rows.updateMany({ where: { id: row.id }, data: { secrets: rotation.secrets } });
      return { ...row, secret: rotation.secret };
    });
    return { ...(await changed(id)), ...shownOnce({ secret }) };
  }

  /** The names of all webhooks, by id. */
  async function names(): Promise<Map<string, string>> {
    const found = await rows.findMany({ select: ['documentId', 'name'] });
    return new Map(found.map(({ documentId, name }) => [documentId, name]));
  }

  async function enabledIds(): Promise<Set<string>> {
    const found = await rows.findMany({ select: ['documentId'], where: { enabled: true } });
    return new Set(found.map(({ documentId }) => documentId));
  }

  /** Empty if the webhook does not sign with a key pair, or does not exist. */
  async function publicKeys(id: string): Promise<PublicKey[]> {
    const row = await rows.findOne({ where: { documentId: id } });
    return row ? publicKeysOf(row, clock.now()) : [];
  }

  return {
    ...{ list, find, create, update, remove, setEnabled, disable, excludeEndUsers, rotate },
    ...{ unsaved, names, enabledIds, publicKeys },
  };
};

export type Webhooks = ReturnType<typeof createWebhooks>;

/** A shared secret is shown once, by the answer that makes it. A private key is never shown. */
function shownOnce({ secret }: { secret: NewSecret | null }): Partial<Webhook> {
  return secret === null || secret.publicKey !== null ? {} : { secret: secret.text };
}

function whereOf({ kind, enabled, includesEndUsers, search }: WebhookQuery): object {
  return {
    ...(kind ? { kind } : {}),
    ...(enabled === undefined ? {} : { enabled }),
    ...(includesEndUsers === undefined ? {} : { includesEndUsers }),
    ...(search ? { $or: [{ name: { $containsi: search } }, { url: { $containsi: search } }] } : {}),
  };
}

/** As the panel shows it: a webhook that was disabled because of its failures is not just off. */
async function whereHealth(
  health: Pick<HealthStore, 'inState'>,
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
