/** Each route of the admin API, and the one permission that opens it. */
import {
  PERMISSIONS,
  permissionUid,
  type PermissionName,
} from '../../../server/contract/permissions';
import routes from '../../../server/routes';
import { startStrapi, type Admin, type App } from '../../support/strapi';
import { makeApiToken } from '../../support/strapi-accounts';

type Row = { needs: PermissionName; body?: object; answers: number };

/** `answers` is what someone gets who may: 404 where the id in the path is nobody's. */
const TABLE: Record<string, Row> = {
  'GET /events': { needs: 'webhook.read', answers: 200 },
  'GET /content-types': { needs: 'webhook.read', answers: 200 },
  'GET /webhooks': { needs: 'webhook.read', answers: 200 },
  'POST /webhooks': {
    needs: 'webhook.create',
    body: { name: 'Mine', url: 'http://127.0.0.1:9/' },
    answers: 201,
  },
  'POST /webhooks/preview': { needs: 'webhook.read', body: {}, answers: 200 },
  'GET /webhooks/:id': { needs: 'webhook.read', answers: 404 },
  'PUT /webhooks/:id': {
    needs: 'webhook.update',
    body: { name: 'Mine', url: 'http://127.0.0.1:9/' },
    answers: 404,
  },
  'DELETE /webhooks/:id': { needs: 'webhook.delete', answers: 404 },
  'POST /webhooks/:id/test': { needs: 'webhook.test', answers: 404 },
  'POST /webhooks/:id/secret': { needs: 'webhook.update', answers: 404 },
  'GET /authorizations': { needs: 'authorization.read', answers: 200 },
  'POST /authorizations': {
    needs: 'authorization.create',
    body: { kind: 'bearer', name: 'Mine', token: 'abc' },
    answers: 201,
  },
  'GET /authorizations/:id': { needs: 'authorization.read', answers: 404 },
  'PUT /authorizations/:id': {
    needs: 'authorization.update',
    body: { kind: 'bearer', name: 'Mine', token: 'abc' },
    answers: 404,
  },
  'DELETE /authorizations/:id': { needs: 'authorization.delete', answers: 404 },
  'GET /deliveries': { needs: 'delivery.read', answers: 200 },
  'POST /deliveries/resend': {
    needs: 'delivery.resend',
    body: { states: ['dead'] },
    answers: 200,
  },
  'GET /deliveries/:id': { needs: 'delivery.read', answers: 404 },
  'POST /deliveries/:id/resend': { needs: 'delivery.resend', answers: 404 },
  'GET /health': { needs: 'delivery.read', answers: 200 },
};

const rows = Object.entries(TABLE).map(([route, row]) => ({ route, ...row }));

let app: App;
let apiToken: string;
const only = new Map<PermissionName, Admin>();
const allBut = new Map<PermissionName, Admin>();

beforeAll(async () => {
  app = await startStrapi();
  apiToken = await app.run(makeApiToken);
  for (const { name } of PERMISSIONS) {
    const others = PERMISSIONS.filter((one) => one.name !== name);
    only.set(name, await app.createAdmin([permissionUid(name)]));
    allBut.set(name, await app.createAdmin(others.map((one) => permissionUid(one.name))));
  }
});
afterAll(() => app?.stop());

const call = ({ route, body }: { route: string; body?: object }, token: string | null) => {
  const [method = '', path = ''] = route.split(' ');
  const place = `/workflow-webhooks${path.replace(':id', '999999')}`;
  return app.request(method, place, body, { token });
};

it('knows a permission for every route there is, and no route that is not there', () => {
  const known = routes.admin.routes.map(({ method, path }) => `${method} ${path}`);
  expect(rows.map(({ route }) => route).sort()).toEqual(known.sort());
});

describe.each(rows)('$route', (row) => {
  it(`opens to ${row.needs} alone`, async () => {
    const { status, body } = await call(row, only.get(row.needs)?.token ?? '');
    expect({ status, error: body.error?.name }).toEqual({
      status: row.answers,
      error: row.answers === 404 ? 'NotFoundError' : undefined,
    });
  });

  it(`is refused with every permission of the plugin but ${row.needs}`, async () => {
    const { status, body } = await call(row, allBut.get(row.needs)?.token ?? '');
    expect({ status, data: body.data }).toEqual({ status: 403, data: null });
  });

  it('is refused without a login', async () => {
    expect((await call(row, null)).status).toBe(401);
  });

  it('is refused to a token of the content API', async () => {
    expect((await call(row, apiToken)).status).toBe(401);
  });
});

it('offers every permission under Settings > Roles', async () => {
  const { body } = await app.request('GET', '/admin/permissions');
  const offered = body.data.sections.plugins
    .map(({ action }: { action: string }) => action)
    .filter((action: string) => action.startsWith('plugin::workflow-webhooks.'));
  expect(offered.sort()).toEqual(PERMISSIONS.map(({ name }) => permissionUid(name)).sort());
});

it('shows a document as a sample only to who may read it in the Content Manager', async () => {
  const { documentId } = (await app.contentApi('POST', '/notices', { data: { title: 'Hidden' } }))
    .body.data;
  const body = { event: 'entry.create', uid: 'api::notice.notice', documentId };
  const place = '/workflow-webhooks/webhooks/preview';
  const stranger = only.get('webhook.read') as Admin;
  const refused = await stranger.request('POST', place, body);
  expect(refused.status).toBe(403);
  expect(refused.body.error.message).toMatch(/may not read documents/);
  const reader = await app.createAdmin([
    permissionUid('webhook.read'),
    { action: 'plugin::content-manager.explorer.read', subject: 'api::notice.notice' },
  ]);
  const shown = await reader.request('POST', place, body);
  expect(JSON.parse(shown.body.data.body).data.entry.title).toBe('Hidden');
});
