/** Authorizations: made, changed, listed and deleted by administrators; read with their secrets by the sender alone. */
import type { Core } from '@strapi/strapi';
import { changedFields, orderOf, pageOf } from '../../store/settings';
import type { Audit } from '../../store/audit.service';
import { errors, invalid, notFound, type Change } from '../../strapi/errors';
import {
  SECRET_FIELDS,
  type Authorization,
  type AuthorizationChoice,
  type AuthorizationSettings,
} from '../../contract/authorization';
import { PLUGIN_ID } from '../../contract/names';
import type { Clock } from '../../strapi/clock.service';
import type { Page, Paging, SearchQuery } from '../../contract/api';
import { NO_KEY, type Secrets } from '../../store/secrets/secrets.service';
import type { Saving } from '../saving.service';
import {
  answerOf,
  maskedOf,
  missingSecrets,
  settingsOf,
  storedOf,
  unmasked,
  type AuthorizationRow,
} from './authorization-record';
import { createCheckAuthorization } from './check-authorization.service';
import { destinationProblem } from '../../send/credentials/authorization';

const UID = `plugin::${PLUGIN_ID}.authorization`;
const WEBHOOK_UID = `plugin::${PLUGIN_ID}.webhook`;
const SORTABLE = ['name', 'kind', 'createdAt', 'updatedAt'];

const NO_SUCH = 'There is no such authorization. Choose one of the list, or make it first.';

type Options = {
  strapi: Core.Strapi;
  secrets: Secrets;
  clock: Clock;
  /** A message if the address may not be called; null if it may. */
  checkUrl(url: string): Promise<string | null>;
  audit: Audit;
  saving: Saving;
  onChange(): void;
};
type User = { documentId: string; name: string; authorization: string; url: string };

export const createAuthorizations = (options: Options) => {
  const { strapi, secrets, audit, onChange } = options;
  const check = createCheckAuthorization(options);
  const rows = () => strapi.db.query(UID);
  const trail = audit.of('authorization');
  const saving = options.saving.of<AuthorizationRow>({
    uid: UID,
    key: 'documentId',
    what: 'authorization',
  });

  const usersOf = async (ids: string[]): Promise<User[]> =>
    strapi.db.query(WEBHOOK_UID).findMany({
      where: { authorization: { $in: ids } },
      select: ['documentId', 'name', 'authorization', 'url'],
      orderBy: { name: 'asc' },
    });

  const withUsers = async (found: AuthorizationRow[]): Promise<Authorization[]> => {
    const users = await usersOf(found.map(({ documentId }) => documentId));
    return found.map((row) =>
      answerOf(
        row,
        users
          .filter((user) => user.authorization === row.documentId)
          .map(({ documentId, name }) => ({ id: documentId, name })),
      ),
    );
  };

  const rowOf = async (id: string): Promise<AuthorizationRow> => {
    const row = await rows().findOne({ where: { documentId: id } });
    if (!row) throw notFound('authorization');
    return row;
  };

  const find = async (id: string): Promise<Authorization> => {
    const [found] = await withUsers([await rowOf(id)]);
    return found as Authorization;
  };

  const list = async (query: SearchQuery, paging: Paging): Promise<Page<Authorization>> => {
    const where = {
      ...(query.search ? { name: { $containsi: query.search } } : {}),
      ...(query.kind ? { kind: query.kind } : {}),
    };
    const orderBy = orderOf(paging.sort ?? 'name:asc', SORTABLE);
    const page = await rows().findPage({
      where,
      orderBy,
      page: paging.page,
      pageSize: paging.pageSize,
    });
    return pageOf(await withUsers(page.results), { paging, total: page.pagination.total });
  };

  const dataOf = (settings: AuthorizationSettings, stored: AuthorizationRow | null) => {
    const missing = missingSecrets(settings, stored);
    if (missing.length > 0) {
      throw invalid(
        missing.map((field) => ({
          path: [field],
          message: 'Nothing is stored here yet, so there is nothing to keep. Enter the secret.',
        })),
      );
    }
    const data = storedOf(settings, stored, secrets.encrypt);
    if (!data) throw invalid([{ path: SECRET_FIELDS[settings.kind].slice(0, 1), message: NO_KEY }]);
    return data;
  };

  const create = async (settings: AuthorizationSettings): Promise<Authorization> => {
    const data = dataOf(settings, null);
    await check(settings, []);
    const { documentId } = await trail.recorded('created', () => rows().create({ data }));
    onChange();
    return find(documentId);
  };

  const changed = async (settings: AuthorizationSettings, stored: AuthorizationRow) => {
    const data = dataOf(settings, stored);
    const known = settingsOf(stored, secrets.decrypt);
    await check(unmasked(settings, known), await usersOf([stored.documentId]));
    return { data, fields: changedFields(maskedOf(stored), settings) };
  };

  const update = async (
    id: string,
    { settings, version }: Change<AuthorizationSettings>,
  ): Promise<Authorization> => {
    await saving.change(
      { id, version },
      {
        prepare: (row) => changed(settings, row),
        write: ({ data, fields }) =>
          trail.recorded(
            'changed',
            () => rows().update({ where: { documentId: id }, data }),
            fields,
          ),
      },
    );
    onChange();
    return find(id);
  };

  const remove = async (id: string): Promise<Authorization> => {
    const found = await find(id);
    if (found.webhooks.length > 0) {
      const names = found.webhooks.map(({ name }) => `"${name}"`).join(', ');
      throw new errors.ApplicationError(
        `"${found.name}" is used by ${names}. Choose another authorization there first, then delete this one.`,
        { webhooks: found.webhooks },
      );
    }
    await trail.recorded('deleted', () => rows().delete({ where: { documentId: id } }));
    onChange();
    return found;
  };

  /** Every authorization in the clear, by id; null where a secret cannot be decrypted. Server only. */
  const credentials = async (): Promise<Map<string, AuthorizationSettings | null>> => {
    const found: AuthorizationRow[] = await rows().findMany({});
    return new Map(found.map((row) => [row.documentId, settingsOf(row, secrets.decrypt)]));
  };

  /** One in the clear (null where a secret cannot be decrypted), and the webhooks that send it. Server only. */
  const inTheClear = async (id: string) => {
    const settings = settingsOf(await rowOf(id), secrets.decrypt);
    return { settings, users: await usersOf([id]) };
  };

  /** Why a webhook to this URL may not send it; null if it may. */
  const problemAt = async (id: string, url: string): Promise<string | null> => {
    const row: AuthorizationRow | null = await rows().findOne({ where: { documentId: id } });
    return row ? destinationProblem(maskedOf(row), url) : NO_SUCH;
  };

  /** What a webhook may be given: nothing but names. */
  const choices = async (): Promise<AuthorizationChoice[]> => {
    const found: AuthorizationRow[] = await rows().findMany({
      select: ['documentId', 'name'],
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
    });
    return found.map(({ documentId, name }) => ({ id: documentId, name }));
  };

  return { list, find, create, update, remove, choices, credentials, inTheClear, problemAt };
};

export type Authorizations = ReturnType<typeof createAuthorizations>;
