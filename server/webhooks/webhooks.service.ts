/** Webhooks: made, changed, listed and deleted by administrators. */
import { randomBytes } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { PLUGIN_ID } from '../contract/names';
import type { Page, Paging, WebhookQuery } from '../contract/paging';
import type { Webhook, WebhookSettings } from '../contract/webhook';
import type { Clock } from '../delivery/clock.service';
import { HEALTHY } from '../delivery/health';
import { answerOf as healthAnswer, type HealthBook } from '../delivery/health.service';
import { invalid, notFound } from '../errors';
import type { Outbox } from '../outbox/outbox.service';
import { orderOf, pageOf } from '../paging/page';
import { newSecret } from '../request/sign';
import { NO_KEY, type Secrets } from '../secrets/secrets.service';
import type { Check } from './check-webhook.service';
import {
  answerOf,
  missingHeaderSecrets,
  rotated,
  storedHeaders,
  type WebhookRow,
} from './webhook-record';

const UID = `plugin::${PLUGIN_ID}.webhook`;
const SORTABLE = ['name', 'url', 'enabled', 'createdAt', 'updatedAt'];

type Options = {
  strapi: Core.Strapi;
  secrets: Secrets;
  check: Check;
  health: HealthBook;
  outbox: Outbox;
  clock: Clock;
  onChange(): void;
};

export const createWebhooks = (options: Options) => {
  const { strapi, secrets, health, clock, onChange } = options;
  const rows = () => strapi.db.query(UID);

  const rowOf = async (id: string): Promise<WebhookRow> => {
    const row = await rows().findOne({ where: { documentId: id } });
    if (!row) throw notFound('webhook');
    return row;
  };

  const find = async (id: string): Promise<Webhook> => {
    const row = await rowOf(id);
    return answerOf(row, healthAnswer(await health.of(id)));
  };

  const list = async (query: WebhookQuery, paging: Paging): Promise<Page<Webhook>> => {
    const where = {
      ...(query.kind ? { kind: query.kind } : {}),
      ...(query.enabled === undefined ? {} : { enabled: query.enabled }),
      ...(query.search
        ? { $or: [{ name: { $containsi: query.search } }, { url: { $containsi: query.search } }] }
        : {}),
    };
    const orderBy = orderOf(paging.sort ?? 'name:asc', SORTABLE);
    const page = await rows().findPage({
      where,
      orderBy,
      page: paging.page,
      pageSize: paging.pageSize,
    });
    const healths = await health.all();
    const data = (page.results as WebhookRow[]).map((row) =>
      answerOf(row, healthAnswer(healths.get(row.documentId)?.health ?? HEALTHY)),
    );
    return pageOf(data, { paging, total: page.pagination.total });
  };

  const encrypted = (value: string, path: (string | number)[]): string => {
    const text = secrets.encrypt(value);
    if (text === null) throw invalid([{ path, message: NO_KEY }]);
    return text;
  };

  const headersOf = (settings: WebhookSettings, stored: WebhookRow | null) => {
    const before = stored?.headers ?? {};
    const missing = missingHeaderSecrets(settings.headers, before);
    if (missing.length > 0) {
      throw invalid(
        missing.map((name) => ({
          path: ['headers', name],
          message: 'There is no stored secret that this mask could stand for. Enter the value.',
        })),
      );
    }
    const headers = storedHeaders(settings.headers, before, secrets.encrypt);
    if (!headers) throw invalid([{ path: ['headers'], message: NO_KEY }]);
    return headers;
  };

  /** A first secret where signing begins; none where it is there already or not wanted. */
  const firstSecret = (settings: WebhookSettings, stored: WebhookRow | null) =>
    settings.signing === 'none' || (stored?.secrets ?? []).length > 0
      ? null
      : newSecret(randomBytes);

  const dataOf = (settings: WebhookSettings, stored: WebhookRow | null, secret: string | null) => ({
    ...settings,
    headers: headersOf(settings, stored),
    secrets:
      secret === null
        ? (stored?.secrets ?? [])
        : rotated([], encrypted(secret, ['signing']), clock.now()),
  });

  const answered = async (id: string, secret: string | null): Promise<Webhook> => {
    onChange();
    const webhook = await find(id);
    return secret === null ? webhook : { ...webhook, secret };
  };

  const create = async (settings: WebhookSettings): Promise<Webhook> => {
    await options.check(settings);
    const secret = firstSecret(settings, null);
    const { documentId } = await rows().create({ data: dataOf(settings, null, secret) });
    return answered(documentId, secret);
  };

  const update = async (id: string, settings: WebhookSettings): Promise<Webhook> => {
    const stored = await rowOf(id);
    await options.check(settings);
    const secret = firstSecret(settings, stored);
    await rows().update({ where: { documentId: id }, data: dataOf(settings, stored, secret) });
    if (settings.enabled && !stored.enabled) await health.reset(id);
    return answered(id, secret);
  };

  const remove = async (id: string): Promise<Webhook> => {
    const webhook = await find(id);
    await rows().delete({ where: { documentId: id } });
    onChange();
    await options.outbox.cancelOf(
      id,
      `The webhook "${webhook.name}" was deleted before this was sent.`,
    );
    await health.forget(id);
    return webhook;
  };

  const rotate = async (id: string): Promise<Webhook> => {
    const stored = await rowOf(id);
    if (stored.signing === 'none') {
      throw invalid([
        {
          path: ['signing'],
          message:
            'This webhook does not sign. Choose a signature first; its secret is shown when you save.',
        },
      ]);
    }
    const secret = newSecret(randomBytes);
    const list = rotated(stored.secrets ?? [], encrypted(secret, ['signing']), clock.now());
    await rows().update({ where: { documentId: id }, data: { secrets: list } });
    return answered(id, secret);
  };

  /** Turned off by its receiver or by its failures, in the dispatcher's own transaction: who commits it, tells of it. */
  const disable = async (id: string, trx: Knex.Transaction): Promise<void> => {
    const { tableName } = strapi.db.metadata.get(UID);
    const schema = strapi.db.getSchemaName();
    const query = trx(tableName).where('document_id', id).update({ enabled: false });
    await (schema ? query.withSchema(schema) : query);
  };

  /** The names of all webhooks, by id. */
  const names = async (): Promise<Map<string, string>> => {
    const found: WebhookRow[] = await rows().findMany({ select: ['documentId', 'name'] });
    return new Map(found.map(({ documentId, name }) => [documentId, name]));
  };

  return { list, find, create, update, remove, rotate, disable, names };
};

export type Webhooks = ReturnType<typeof createWebhooks>;
