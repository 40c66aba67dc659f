/** The schedule permissions of Strapi's default roles, after the first start and after later ones. */
import { PERMISSIONS, permissionUid } from '../../../server/contract/names';
import { startStrapi, type App } from '../../support/strapi';

const SCHEDULE = PERMISSIONS.filter(({ subject }) => subject === 'schedule')
  .map(({ name }) => permissionUid(name))
  .sort();
const PUBLISH = 'plugin::content-manager.explorer.publish';
const PUBLISH_ARTICLES = {
  action: PUBLISH,
  subject: 'api::article.article',
  properties: {},
  conditions: [],
};

type Code = 'strapi-editor' | 'strapi-author';
type Permission = {
  action: string;
  subject: string | null;
  properties?: object;
  conditions?: string[];
};

let app: App;

beforeAll(async () => {
  app = await startStrapi();
});
afterAll(() => app?.stop());

const roleId = async (code: Code): Promise<number> => {
  const { body } = await app.request('GET', '/admin/roles');
  return body.data.find((role: { code: string }) => role.code === code).id;
};
const permissionsOf = async (code: Code): Promise<Permission[]> => {
  const { body } = await app.request('GET', `/admin/roles/${await roleId(code)}/permissions`);
  return body.data.map(({ id: _id, ...permission }: Permission & { id: number }) => permission);
};
/** Changes the role like Settings > Roles. */
const setPermissions = async (code: Code, permissions: Permission[]) => {
  const path = `/admin/roles/${await roleId(code)}/permissions`;
  const { status, body } = await app.request('PUT', path, { permissions });
  expect([status, body.error]).toEqual([200, undefined]);
};
const scheduleActions = async (code: Code) =>
  (await permissionsOf(code))
    .map(({ action }) => action)
    .filter((action) => action.startsWith('plugin::workflow-webhooks.'))
    .sort();
const without = (permissions: Permission[], actions: readonly string[]) =>
  permissions.filter(({ action }) => !actions.includes(action));

/** Does the same as the first start with this version, in an installation that had an earlier one. */
const upgrade = () =>
  app.run(async (strapi) => {
    await strapi.db.connection('workflow_webhooks_grants').delete();
    await strapi.service('admin::role').resetSuperAdminPermissions();
  });

it('gives the Editor, who may publish, the permissions of schedules on a new installation', async () => {
  expect(await scheduleActions('strapi-editor')).toEqual(SCHEDULE);
  expect(await scheduleActions('strapi-author')).toEqual([]);
  const editor = await app.createAdmin('strapi-editor');
  expect((await editor.request('GET', '/workflow-webhooks/schedules')).status).toBe(200);
});

it('does not give them again after an administrator took them away', async () => {
  await setPermissions('strapi-editor', without(await permissionsOf('strapi-editor'), SCHEDULE));
  await app.restart();
  expect(await scheduleActions('strapi-editor')).toEqual([]);
});

it('gives them on an upgrade to the default roles that may publish then, each once', async () => {
  const [first = ''] = SCHEDULE;
  await setPermissions('strapi-author', [
    ...(await permissionsOf('strapi-author')),
    { ...PUBLISH_ARTICLES, conditions: ['admin::is-creator'] },
    { action: first, subject: null, properties: {}, conditions: [] },
  ]);
  await setPermissions('strapi-editor', without(await permissionsOf('strapi-editor'), [PUBLISH]));
  await upgrade();
  expect(await scheduleActions('strapi-author')).toEqual(SCHEDULE);
  expect(await scheduleActions('strapi-editor')).toEqual([]);
});

it('waits for a default role that may publish', async () => {
  for (const code of ['strapi-editor', 'strapi-author'] as const)
    await setPermissions(code, without(await permissionsOf(code), [PUBLISH, ...SCHEDULE]));
  await upgrade();
  const permissions = await permissionsOf('strapi-editor');
  expect(without(permissions, SCHEDULE)).toEqual(permissions);
  await setPermissions('strapi-editor', [...permissions, PUBLISH_ARTICLES]);
  await app.run((strapi) => strapi.service('admin::role').resetSuperAdminPermissions());
  expect(await scheduleActions('strapi-editor')).toEqual(SCHEDULE);
});
