/** Authorizations: created, changed, listed and deleted by administrators; read with their secrets by the sender alone. */
import type { Core } from '@strapi/strapi';
import {
  SECRET_FIELDS,
  type Authorization,
  type AuthorizationChoice,
  type AuthorizationSettings,
} from '../../contract/authorization';
import { MASK, PLUGIN_ID } from '../../contract/names';
import type { Page, Paging, SearchQuery } from '../../contract/api';
import { certificateProblems } from '../../send/certificates';
import { destinationProblem } from '../../send/credentials/authorization';
import { changedFields } from '../../store/audit/changed-fields';
import type { Secrets } from '../../store/secrets/secrets.service';
import type { Clock } from '../../strapi/clock.service';
import {
  checkNone,
  invalid,
  problem,
  refused,
  type Change,
  type Problem,
} from '../../strapi/errors';
import type { Resources } from '../resource.service';
import {
  authorizationOf,
  maskedOf,
  missingSecrets,
  settingsOf,
  storedOf,
  unmasked,
  type AuthorizationRow,
} from './authorization-record';

const UID = `plugin::${PLUGIN_ID}.authorization`;
const WEBHOOK_UID = `plugin::${PLUGIN_ID}.webhook`;

type Options = {
  strapi: Core.Strapi;
  secrets: Secrets;
  clock: Clock;
  /** A message if the address may not be called; null if it may. */
  checkUrl(url: string): Promise<string | null>;
  resources: Resources;
  onChange(): void;
};

/** A webhook that sends the authorization. */
type User = { documentId: string; name: string; authorization: string; url: string };

export const createAuthorizations = (options: Options) => {
  const { strapi, secrets, clock, checkUrl, onChange } = options;
  const authorizations = options.resources.of<AuthorizationRow>({
    uid: UID,
    key: 'documentId',
    subject: 'authorization',
    sortable: ['name', 'kind', 'createdAt', 'updatedAt'],
  });
  const { rows } = authorizations;

  async function usersOf(ids: string[]): Promise<User[]> {
    return strapi.db.query(WEBHOOK_UID).findMany({
      where: { authorization: { $in: ids } },
      select: ['documentId', 'name', 'authorization', 'url'],
      orderBy: { name: 'asc' },
    });
  }

  async function withUsers(found: AuthorizationRow[]): Promise<Authorization[]> {
    const users = await usersOf(found.map(({ documentId }) => documentId));
    return found.map((row) => {
      const own = users.filter((user) => user.authorization === row.documentId);
      return authorizationOf(
        row,
        own.map(({ documentId, name }) => ({ id: documentId, name })),
      );
    });
  }

  async function find(id: string): Promise<Authorization> {
    const [found] = await withUsers([await authorizations.find(id)]);
    return found as Authorization;
  }

  async function list(query: SearchQuery, paging: Paging): Promise<Page<Authorization>> {
    const where = {
      ...(query.search ? { name: { $containsi: query.search } } : {}),
      ...(query.kind ? { kind: query.kind } : {}),
    };
    return authorizations.list(where, paging, withUsers);
  }

  function dataOf(settings: AuthorizationSettings, stored: AuthorizationRow | null) {
    const missing = missingSecrets(settings, stored);
    checkNone(missing.map((field) => problem([field], 'secret-missing')));
    const data = storedOf(settings, stored, secrets.encrypt);
    const path = SECRET_FIELDS[settings.kind].slice(0, 1);
    if (!data) throw invalid([problem(path, 'encryption-key-missing')]);
    return data;
  }

  /** `settings` in the clear, as far as the stored ones can be read. */
  async function check(settings: AuthorizationSettings, users: readonly User[]): Promise<void> {
    const isReadable = settings.kind === 'clientCertificate' && settings.privateKey !== MASK;
    checkNone([
      ...(await problemsOfUrls(settings, checkUrl)),
      ...(isReadable ? certificateProblems(settings, clock.now()) : []),
      ...problemsOfUsers(settings, users),
    ]);
  }

  async function create(settings: AuthorizationSettings): Promise<Authorization> {
    const data = dataOf(settings, null);
    await check(settings, []);
    const id = await authorizations.create(data);
    onChange();
    return find(id);
  }

  async function replacement(settings: AuthorizationSettings, stored: AuthorizationRow) {
    const data = dataOf(settings, stored);
    const known = settingsOf(stored, secrets.decrypt);
    await check(unmasked(settings, known), await usersOf([stored.documentId]));
    return { data, fields: changedFields(maskedOf(stored), settings) };
  }

  async function update(
    id: string,
    { settings, version }: Change<AuthorizationSettings>,
  ): Promise<Authorization> {
    await authorizations.update({ id, version }, { prepare: (row) => replacement(settings, row) });
    onChange();
    return find(id);
  }

  async function remove(id: string): Promise<Authorization> {
    const found = await find(id);
    const { name, webhooks } = found;
    if (webhooks.length > 0) {
      const names = webhooks.map((webhook) => `"${webhook.name}"`).join(', ');
      throw refused('authorization-in-use', { name, webhooks: names }, { webhooks });
    }
    await authorizations.remove(found);
    onChange();
    return found;
  }

  /** Every authorization in the clear, by id; null if a secret cannot be decrypted. Server only. */
  async function credentials(): Promise<Map<string, AuthorizationSettings | null>> {
    const found: AuthorizationRow[] = await rows().findMany({});
    return new Map(found.map((row) => [row.documentId, settingsOf(row, secrets.decrypt)]));
  }

  /** One in the clear (null if a secret cannot be decrypted), and the webhooks that send it. Server only. */
  async function inTheClear(id: string) {
    const settings = settingsOf(await authorizations.find(id), secrets.decrypt);
    return { settings, users: await usersOf([id]) };
  }

  /** Why a webhook to this URL may not send it; null if it may. */
  async function problemAt(id: string, url: string): Promise<Omit<Problem, 'path'> | null> {
    const row: AuthorizationRow | null = await rows().findOne({ where: { documentId: id } });
    if (!row) return problem(['authorization'], 'authorization-unknown');
    const message = destinationProblem(maskedOf(row), url);
    return message === null ? null : { message };
  }

  /** For the forms of webhooks: nothing but names. */
  async function choices(): Promise<AuthorizationChoice[]> {
    const found: AuthorizationRow[] = await rows().findMany({
      select: ['documentId', 'name'],
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
    });
    return found.map(({ documentId, name }) => ({ id: documentId, name }));
  }

  return { list, find, create, update, remove, choices, credentials, inTheClear, problemAt };
};

export type Authorizations = ReturnType<typeof createAuthorizations>;

async function problemsOfUrls(
  settings: AuthorizationSettings,
  checkUrl: Options['checkUrl'],
): Promise<Problem[]> {
  if (!('tokenUrl' in settings)) return [];
  const found = (['tokenUrl', 'authorityUrl'] as const).map(async (field) => {
    const url = settings[field];
    const message = url === null ? null : await checkUrl(url);
    return message === null ? [] : [{ path: [field], message }];
  });
  return (await Promise.all(found)).flat();
}

const problemsOfUsers = (settings: AuthorizationSettings, users: readonly User[]): Problem[] =>
  users.flatMap(({ name, url }) => {
    const why = destinationProblem(settings, url);
    if (why === null) return [];
    const path = [settings.allowedHosts.length > 0 ? 'allowedHosts' : 'kind'];
    return [problem(path, 'authorization-needed-by-webhook', { name, why })];
  });
