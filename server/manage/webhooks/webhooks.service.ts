/** Webhooks: made, changed, listed and deleted by administrators. */
import { sentence } from '../../contract/sentences';
import type { Core } from '@strapi/strapi';
import { changedFields, orderOf, pageOf } from '../../store/settings';
import type { Audit } from '../../store/audit.service';
import { PLUGIN_ID } from '../../contract/names';
import type { Page, Paging } from '../../contract/api';
import type {
  LastDelivery,
  ShownHealth,
  Webhook,
  WebhookSettings,
  WebhookQuery,
} from '../../contract/webhook';
import type { Clock } from '../../strapi/clock.service';
import type { HealthBook } from '../../deliver/health.service';
import { shownHealth, type KnownHealth } from '../../store/health';
import { invalid, notFound, type Change } from '../../strapi/errors';
import type { Outbox } from '../../store/outbox/outbox.service';
import type { NewSecret } from '../../store/secrets/webhook-secrets';
import type { Secrets } from '../../store/secrets/secrets.service';
import type { Saving } from '../saving.service';
import type { Check } from './check-webhook.service';
import { createEndUsers } from './end-users.service';
import { createLookups } from './lookups.service';
import { createStoring } from './storing.service';
import { createSwitching } from './switching.service';
import { answerOf, type WebhookRow } from '../../store/webhook-record';

const UID = `plugin::${PLUGIN_ID}.webhook`;
const SAME_KIND =
  'A webhook keeps its kind, because its deliveries are of that kind. Make another webhook.';
const SORTABLE = ['name', 'url', 'enabled', 'createdAt', 'updatedAt'];

type Options = {
  strapi: Core.Strapi;
  secrets: Secrets;
  check: Check;
  health: HealthBook;
  outbox: Outbox;
  clock: Clock;
  audit: Audit;
  saving: Saving;
  onChange(): void;
};

const whereOf = ({ kind, enabled, includesEndUsers, search }: WebhookQuery): object => ({
  ...(kind ? { kind } : {}),
  ...(enabled === undefined ? {} : { enabled }),
  ...(includesEndUsers === undefined ? {} : { includesEndUsers }),
  ...(search ? { $or: [{ name: { $containsi: search } }, { url: { $containsi: search } }] } : {}),
});

/** As the panel shows it: a webhook that was disabled by itself is not just off. */
async function withHealth(
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

const NO_SIGNATURE =
  'This webhook does not sign. Choose a signature first; its secret is shown when you save.';

export const createWebhooks = (options: Options) => {
  const { strapi, health, clock, onChange } = options;
  const rows = () => strapi.db.query(UID);
  const storing = createStoring(options);
  const trail = options.audit.of('webhook');
  const saving = options.saving.of<WebhookRow>({ uid: UID, key: 'documentId', what: 'webhook' });
  const switching = createSwitching({ ...options, trail });
  const endUsers = createEndUsers({ ...options, trail });

  const rowOf = async (id: string): Promise<WebhookRow> => {
    const row = await rows().findOne({ where: { documentId: id } });
    if (!row) throw notFound('webhook');
    return row;
  };

  const shown = (
    row: WebhookRow,
    known?: KnownHealth,
    lastDelivery?: LastDelivery | null,
  ): Webhook => answerOf(row, shownHealth(row.kind, known, { now: clock.now(), lastDelivery }));

  /** With one query for the healths of all of them, and one for their last deliveries. */
  const allShown = async (found: readonly WebhookRow[]): Promise<Webhook[]> => {
    const ids = found.map(({ documentId }) => documentId);
    const [healths, last] = await Promise.all([health.all(ids), options.outbox.lastSent(ids)]);
    return found.map((row) =>
      shown(row, healths.get(row.documentId), last.get(row.documentId) ?? null),
    );
  };

  const find = async (id: string): Promise<Webhook> => {
    const [webhook] = await allShown([await rowOf(id)]);
    return webhook as Webhook;
  };

  const list = async (query: WebhookQuery, paging: Paging): Promise<Page<Webhook>> => {
    const page = await rows().findPage({
      where: { $and: [whereOf(query), await withHealth(health, query.health)] },
      orderBy: orderOf(paging.sort ?? 'name:asc', SORTABLE),
      page: paging.page,
      pageSize: paging.pageSize,
    });
    const data = await allShown(page.results as WebhookRow[]);
    return pageOf(data, { paging, total: page.pagination.total });
  };

  /** A shared secret is shown once, by the answer that makes it. A private key is shown by none. */
  const answered = async (id: string, secret: NewSecret | null): Promise<Webhook> => {
    onChange();
    const webhook = await find(id);
    return secret === null || secret.publicKey !== null
      ? webhook
      : { ...webhook, secret: secret.text };
  };

  const create = async (settings: WebhookSettings): Promise<Webhook> => {
    const { data, secret } = await storing.prepared(settings, null);
    const { documentId } = await trail.recorded('created', () => rows().create({ data }));
    return answered(documentId, secret);
  };

  /** What is stored of a change; whether it is enabled, only `switching` changes. */
  const changed = async (settings: WebhookSettings, row: WebhookRow) => {
    if (settings.kind !== row.kind) throw invalid([{ path: ['kind'], message: SAME_KIND }]);
    const kept = { ...settings, enabled: row.enabled };
    const { data, secret, hasNewUrl } = await storing.prepared(kept, row);
    const { enabled, ...columns } = data;
    const before = shown(row);
    const fields = changedFields(before, hasNewUrl ? kept : { ...kept, url: before.url });
    return { columns, secret, fields };
  };

  const update = async (
    id: string,
    { settings, version }: Change<WebhookSettings>,
  ): Promise<Webhook> => {
    const { secret } = await saving.change(
      { id, version },
      {
        prepare: (row) => changed(settings, row),
        write: ({ columns, fields }) =>
          trail.recorded(
            'changed',
            () => rows().update({ where: { documentId: id }, data: columns }),
            fields,
          ),
      },
    );
    return answered(id, secret);
  };

  const setEnabled = async (id: string, enabled: boolean): Promise<Webhook> => {
    await switching.byHand(await rowOf(id), enabled);
    return answered(id, null);
  };

  /** At once, and no part of a save: what waits to be sent of end users is cancelled too. */
  const excludeEndUsers = async (id: string): Promise<Webhook> => {
    await endUsers.exclude(await rowOf(id));
    return answered(id, null);
  };

  /** What would be stored, checked as if it were. `id`: of the stored one that it would change. */
  const unsaved = async (settings: WebhookSettings, id: string | null): Promise<WebhookRow> => {
    const stored = id === null ? null : await rowOf(id);
    const { data } = await storing.prepared(settings, stored);
    return { documentId: 'new', secrets: null, createdAt: '', updatedAt: '', ...stored, ...data };
  };

  const remove = async (id: string): Promise<Webhook> => {
    const webhook = await find(id);
    await trail.recorded('deleted', () => rows().delete({ where: { documentId: id } }));
    onChange();
    await options.outbox.cancelOf({
      webhookId: id,
      reason: sentence('webhook-named-was-deleted', { name: webhook.name }),
      now: clock.now(),
    });
    await health.forget(id);
    return webhook;
  };

  const rotate = async (id: string): Promise<Webhook> => {
    const stored = await rowOf(id);
    if (stored.signing === 'none') throw invalid([{ path: ['signing'], message: NO_SIGNATURE }]);
    const secret = await trail.recorded('rotated', async () => {
      // Of two who rotate at once, the second one's old secret is the first one's new one: both were shown.
      const row = await saving.locked(id);
      const rotation = storing.rotation(row);
      // Not `update`, which moves `updatedAt`: no form shows the secret, so none that is open has missed anything.
      const data = { secrets: JSON.stringify(rotation.data.secrets) };
      await strapi.db.queryBuilder(UID).where({ id: row.id }).update(data).execute();
      return { ...row, made: rotation.secret };
    });
    return answered(id, secret.made);
  };

  return {
    list,
    find,
    create,
    update,
    setEnabled,
    excludeEndUsers,
    unsaved,
    remove,
    rotate,
    disable: switching.disable,
    ...createLookups({ strapi, clock }),
  };
};

export type Webhooks = ReturnType<typeof createWebhooks>;
