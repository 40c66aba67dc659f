/** Authorizations: created, changed, listed and deleted by administrators. Only the sender reads their secrets. */
import {
  SECRET_FIELDS,
  type Authorization,
  type AuthorizationChoice,
  type AuthorizationSettings,
} from '../../contract/authorization';
import { PLUGIN_ID } from '../../contract/names';
import type { SearchQuery } from '../../contract/api';
import { credentialProblems, destinationProblem } from '../../send/credentials/credentials.service';
import { changedFields } from '../../store/settings';
import { WEBHOOK_UID } from '../../store/webhook-record';
import { rowsOf } from '../../strapi/database.service';
import { checkNone, invalid, problem, refused, type Problem } from '../../strapi/errors';
import type { Managing } from '../resource.service';
import {
  authorizationOf,
  maskedOf,
  missingSecrets,
  settingsOf,
  storedOf,
  unmasked,
  type AuthorizationRow,
} from './authorization-record';

type Options = Managing & {
  /** A message if the address may not be called; null if it may. */
  checkUrl(url: string): Promise<string | null>;
};

export const AUTHORIZATION_UID = `plugin::${PLUGIN_ID}.authorization`;

/** A webhook that sends the authorization. */
type User = { documentId: string; name: string; authorization: string; url: string };

export const createAuthorizations = (options: Options) => {
  const { strapi, secrets, clock, checkUrl } = options;
  const { rows, row, remove, ...actions } = options.resources.of({
    uid: AUTHORIZATION_UID,
    key: 'documentId',
    subject: 'authorization',
    sortable: ['name', 'kind', 'createdAt', 'updatedAt'],
    whereOf: ({ search, kind }: SearchQuery) => ({
      ...(search ? { name: { $containsi: search } } : {}),
      ...(kind ? { kind } : {}),
    }),
    show: withUsers,
    prepare,
    onChange: options.onChange,
  });

  function usersOf(ids: string[]): Promise<User[]> {
    return rowsOf<User>(strapi, WEBHOOK_UID).findMany({
      where: { authorization: { $in: ids } },
      select: ['documentId', 'name', 'authorization', 'url'],
      orderBy: { name: 'asc' },
    });
  }

  async function withUsers(found: AuthorizationRow[]): Promise<Authorization[]> {
    const users = await usersOf(found.map(({ documentId }) => documentId));
    return found.map((one) => {
      const own = users.filter((user) => user.authorization === one.documentId);
      return authorizationOf(one, own.map(choiceOf));
    });
  }

  async function prepare(settings: AuthorizationSettings, stored: AuthorizationRow | null) {
    const data = dataOf(settings, stored);
    if (stored === null) {
      await check(settings, []);
      return { data, fields: [] };
    }
    const known = settingsOf(stored, secrets.decrypt);
    await check(unmasked(settings, known), await usersOf([stored.documentId]));
    return { data, fields: changedFields(maskedOf(stored), settings) };
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
    checkNone([
      ...(await credentialProblems(settings, { checkUrl, now: clock.now() })),
      ...problemsOfUsers(settings, users),
    ]);
  }

  /** Every authorization in the clear, by id; null if a secret cannot be decrypted. Server only. */
  async function credentials(): Promise<Map<string, AuthorizationSettings | null>> {
    const found = await rows.findMany({});
    return new Map(found.map((one) => [one.documentId, settingsOf(one, secrets.decrypt)]));
  }

  /** One in the clear (null if a secret cannot be decrypted), and the webhooks that send it. Server only. */
  async function inTheClear(id: string) {
    return { settings: settingsOf(await row(id), secrets.decrypt), users: await usersOf([id]) };
  }

  /** Why a webhook to this URL may not send it; null if it may. */
  async function problemAt(id: string, url: string): Promise<Omit<Problem, 'path'> | null> {
    const found = await rows.findOne({ where: { documentId: id } });
    if (!found) return problem(['authorization'], 'authorization-unknown');
    const message = destinationProblem(maskedOf(found), url);
    return message === null ? null : { message };
  }

  /** For the forms of webhooks: nothing but names. */
  async function choices(): Promise<AuthorizationChoice[]> {
    const orderBy = [{ name: 'asc' }, { id: 'asc' }];
    return (await rows.findMany({ select: ['documentId', 'name'], orderBy })).map(choiceOf);
  }

  return {
    ...actions,
    remove: (id: string) => remove(id, checkUnused),
    ...{ choices, credentials, inTheClear, problemAt },
  };
};

export type Authorizations = ReturnType<typeof createAuthorizations>;

function choiceOf({ documentId, name }: { documentId: string; name: string }) {
  return { id: documentId, name };
}

function checkUnused({ name, webhooks }: Authorization): void {
  if (webhooks.length === 0) return;
  const names = webhooks.map((webhook) => `"${webhook.name}"`).join(', ');
  throw refused('authorization-in-use', { name, webhooks: names }, { webhooks });
}

function problemsOfUsers(settings: AuthorizationSettings, users: readonly User[]): Problem[] {
  const path = [settings.allowedHosts.length > 0 ? 'allowedHosts' : 'kind'];
  return users.flatMap(({ name, url }) => {
    const why = destinationProblem(settings, url);
    return why === null ? [] : [problem(path, 'authorization-needed-by-webhook', { name, why })];
  });
}
