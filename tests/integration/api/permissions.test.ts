/** Each route of the admin API, and the one permission that opens it. */
import { PERMISSIONS, permissionUid, type PermissionName } from '../../../server/contract/names';
import type { Preview } from '../../../server/contract/webhook';
import routes from '../../../server/manage/routes';
import { startStrapi, type Admin, type App } from '../../support/strapi';
import { makeApiToken } from '../../support/strapi-accounts';
import { standardVerifies } from '../../support/verifiers';

type Row = { needs: PermissionName; body?: object; answers: number };

const WORKFLOW = {
  name: 'Mine',
  initialState: 'done',
  states: [{ key: 'done', name: 'Done', final: true }],
};

const REPLICATION = { name: 'Mine', destination: 'http://127.0.0.1:9/admin', token: 'abc' };

/** `answers` is what someone gets who may: 404 where the id in the path is nobody's. */
const TABLE: Record<string, Row> = {
  'GET /events': { needs: 'webhook.read', answers: 200 },
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
  'POST /webhooks/:id/enable': { needs: 'webhook.update', answers: 404 },
  'POST /webhooks/:id/disable': { needs: 'webhook.update', answers: 404 },
  'POST /webhooks/:id/exclude-end-users': { needs: 'webhook.update', answers: 404 },
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
  'POST /authorizations/:id/check': { needs: 'authorization.update', body: {}, answers: 404 },
  'GET /authorizations/choices': { needs: 'webhook.read', answers: 200 },
  'GET /authorizations/:id/audit': { needs: 'authorization.read', answers: 200 },
  'GET /webhooks/:id/audit': { needs: 'webhook.read', answers: 200 },
  'GET /audit': { needs: 'audit.read', answers: 200 },
  'GET /deliveries': { needs: 'delivery.read', answers: 200 },
  'POST /deliveries/resend': {
    needs: 'delivery.resend',
    body: { states: ['dead'] },
    answers: 200,
  },
  'POST /deliveries/cancel': {
    needs: 'delivery.resend',
    body: { states: ['pending'] },
    answers: 200,
  },
  'GET /deliveries/export': { needs: 'delivery.read', answers: 200 },
  'GET /deliveries/:id': { needs: 'delivery.read', answers: 404 },
  'POST /deliveries/:id/resend': { needs: 'delivery.resend', answers: 404 },
  'GET /workflows': { needs: 'workflow.read', answers: 200 },
  'POST /workflows': { needs: 'workflow.create', body: WORKFLOW, answers: 201 },
  'GET /workflows/:id': { needs: 'workflow.read', answers: 404 },
  'PUT /workflows/:id': { needs: 'workflow.update', body: WORKFLOW, answers: 404 },
  'GET /workflows/:id/audit': { needs: 'workflow.read', answers: 200 },
  'DELETE /workflows/:id': { needs: 'workflow.delete', answers: 404 },
  'GET /replications': { needs: 'replication.read', answers: 200 },
  'POST /replications': { needs: 'replication.create', body: REPLICATION, answers: 201 },
  'GET /replications/:id': { needs: 'replication.read', answers: 404 },
  'PUT /replications/:id': { needs: 'replication.update', body: REPLICATION, answers: 404 },
  'DELETE /replications/:id': { needs: 'replication.delete', answers: 404 },
  'GET /replications/:id/runs': { needs: 'replication.read', answers: 404 },
  'GET /replications/:id/audit': { needs: 'replication.read', answers: 200 },
  'POST /replications/:id/run': { needs: 'replication.run', answers: 404 },
  'POST /replications/:id/cancel': { needs: 'replication.run', answers: 404 },
  'GET /health': { needs: 'delivery.read', answers: 200 },
  'GET /statistics': { needs: 'delivery.read', answers: 200 },
};

/** The permission for these depends on the document, or is one of two. */
const DOCUMENT = '/documents/api::page.page';
const SIGNED_IN: Record<string, { path: string; body?: object }> = {
  'GET /content-types': { path: '/content-types' },
  'GET /workflows/choices': { path: '/workflows/choices' },
  'POST /webhooks/test': { path: '/webhooks/test', body: { webhook: {} } },
  'GET /schedules': { path: '/schedules' },
  'POST /schedules': {
    path: '/schedules',
    body: { uid: 'api::page.page', documentId: 'x' },
  },
  'PUT /schedules/:id': { path: '/schedules/x', body: {} },
  'DELETE /schedules/:id': { path: '/schedules/x' },
  'GET /documents/:uid': { path: DOCUMENT },
  'GET /documents/:uid/:documentId': { path: `${DOCUMENT}/999999` },
  'POST /documents/:uid/:documentId/commands/:command': {
    path: `${DOCUMENT}/999999/commands/publish`,
    body: {},
  },
  'POST /documents/:uid/:documentId/bypass': {
    path: `${DOCUMENT}/999999/bypass`,
    body: { comment: 'Now.' },
  },
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

it('lets a program in with an Admin Token of Strapi, as far as it was given permissions', async () => {
  const uid = permissionUid('delivery.read');
  const { status, body } = await app.request('POST', '/admin/admin-tokens', {
    name: 'Monitor',
    adminPermissions: [
      { action: uid, subject: null, properties: {}, conditions: [], actionParameters: {} },
    ],
  });
  expect({ status, error: body.error }).toEqual({ status: 201, error: undefined });
  const token = body.data.accessKey;
  expect((await call({ route: 'GET /health' }, token)).status).toBe(200);
  expect((await call({ route: 'GET /webhooks' }, token)).status).toBe(403);
});

it('knows a permission for every route there is, and no route that is not there', () => {
  const known = routes.admin.routes.map(({ method, path }) => `${method} ${path}`);
  expect([...Object.keys(TABLE), ...Object.keys(SIGNED_IN)].sort()).toEqual(known.sort());
});

describe.each(rows)('$route', (row) => {
  it(`opens to ${row.needs} alone`, async () => {
    const { status, body } = await call(row, only.get(row.needs)?.token ?? '');
    // An export of nothing has no body.
    expect({ status, error: body?.error?.name }).toEqual({
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

describe.each(Object.entries(SIGNED_IN))('%s', (route, { path, body }) => {
  const [method = ''] = route.split(' ');
  const ask = (token: string | null) =>
    app.request(method, `/workflow-webhooks${path}`, body, { token });

  it('is refused to an administrator without any permission for it', async () => {
    const stranger = only.get('delivery.read') as Admin;
    const { status, body: answer } = await ask(stranger.token);
    expect({ status, data: answer.data }).toEqual({ status: 403, data: null });
    expect(answer.error.message).toMatch(/^You may (not|see neither) /);
  });

  it('is refused without a login, and to a token of the content API', async () => {
    expect((await ask(null)).status).toBe(401);
    expect((await ask(apiToken)).status).toBe(401);
  });
});

it.each(['webhook.read', 'workflow.read'] as const)(
  'shows the lists of the forms with %s alone',
  async (name) => {
    const { token } = only.get(name) as Admin;
    const of = async (path: string) =>
      (await app.request('GET', `/workflow-webhooks${path}`, undefined, { token })).body.data;
    const { workflows } = await of('/workflows/choices');
    expect(workflows).toContainEqual(expect.objectContaining({ id: 'publication' }));
    expect((await of('/content-types')).contentTypes.length).toBeGreaterThan(0);
  },
);

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
  expect(refused.body.error.message).toMatch(/may not read this document/);
  const reader = await app.createAdmin([
    permissionUid('webhook.read'),
    { action: 'plugin::content-manager.explorer.read', subject: 'api::notice.notice' },
  ]);
  const shown = await reader.request('POST', place, body);
  expect(JSON.parse(shown.body.data.body).data.entry.title).toBe('Hidden');
});

it('signs a preview only for users who may send a test', async () => {
  const wish = { name: 'Signed', url: 'http://127.0.0.1:9/', enabled: false, signing: 'standard' };
  const made = await app.request('POST', '/workflow-webhooks/webhooks', wish);
  const { id, secret } = made.body.data;
  const look = async (admin: Admin, body: object) => {
    const answer = await admin.request('POST', '/workflow-webhooks/webhooks/preview', body);
    return answer.body.data as Preview;
  };
  const reader = only.get('webhook.read') as Admin;
  const tester = await app.createAdmin([
    permissionUid('webhook.read'),
    permissionUid('webhook.test'),
  ]);
  const signed = await look(tester, { id, signing: 'standard' });
  expect(signed.madeWhenSent).toEqual([]);
  const at = Number(signed.headers['webhook-timestamp']) * 1000;
  expect(standardVerifies({ headers: signed.headers, body: signed.body, at }, secret)).toBe(true);
  // The same secret serves each of these, and none the other kind.
  const stripe = await look(tester, { id, signing: 'stripe' });
  expect(stripe.headers).toHaveProperty('Stripe-Signature');
  const pair = await look(tester, { id, signing: 'standard-ed25519' });
  expect(pair.madeWhenSent).toEqual(['webhook-signature']);
  for (const [admin, body] of [
    [reader, { id, signing: 'github' }],
    [tester, { signing: 'github' }],
  ] as const) {
    const { headers, madeWhenSent } = await look(admin, body);
    expect(madeWhenSent).toEqual(['X-Hub-Signature-256']);
    expect(headers).not.toHaveProperty('X-Hub-Signature-256');
    expect(headers).toMatchObject({ 'X-GitHub-Event': 'entry.publish' });
  }
  expect(await look(tester, { id })).toMatchObject({ madeWhenSent: [] });
  const wrong = await tester.request('POST', '/workflow-webhooks/webhooks/preview', {
    signing: 'none at all',
  });
  expect(wrong.status).toBe(400);
});

describe('a user who manages webhooks, but no authorizations', () => {
  const SECRET = {
    kind: 'basic',
    name: 'Of the shop',
    description: 'Canary-description',
    username: 'Canary-user',
    password: 'Canary-password',
    allowedHosts: ['127.0.0.1'],
  };
  let admin: Admin;
  let authorization: string;
  const answers: string[] = [];

  const ask = async (method: string, path: string, body?: object) => {
    const answer = await admin.request(method, `/workflow-webhooks${path}`, body);
    answers.push(JSON.stringify(answer.body));
    return answer;
  };

  beforeAll(async () => {
    const names = PERMISSIONS.map(({ name }) => name).filter((name) => name.startsWith('webhook.'));
    admin = await app.createAdmin(names.map((name) => permissionUid(name)));
    const { body } = await app.request('POST', '/workflow-webhooks/authorizations', SECRET);
    authorization = body.data.id;
  });

  it('chooses among their names, and sees nothing else of them', async () => {
    const { status, body } = await ask('GET', '/authorizations/choices');
    expect(status).toBe(200);
    expect(body.data).toContainEqual({ id: authorization, name: 'Of the shop' });
    for (const choice of body.data) expect(Object.keys(choice).sort()).toEqual(['id', 'name']);
    const names = body.data.map(({ name }: { name: string }) => name);
    expect(names).toEqual([...names].sort());
  });

  it('makes and changes a webhook with one', async () => {
    const settings = { name: 'Mine', url: 'http://127.0.0.1:9/', enabled: false, authorization };
    const made = await ask('POST', '/webhooks', settings);
    expect([made.status, made.body.data.authorization]).toEqual([201, authorization]);
    const path = `/webhooks/${made.body.data.id}`;
    const changed = await ask('PUT', path, { ...settings, authorization: null });
    expect([changed.status, changed.body.data.authorization]).toEqual([200, null]);
    expect((await ask('PUT', path, settings)).body.data.authorization).toBe(authorization);
    for (const seen of ['/webhooks', path, `${path}/audit`])
      expect((await ask('GET', seen)).status).toBe(200);
    expect((await ask('DELETE', path)).status).toBe(200);
  });

  it('opens, changes and deletes none', async () => {
    const path = `/authorizations/${authorization}`;
    for (const refused of [
      await ask('GET', '/authorizations'),
      await ask('GET', path),
      await ask('GET', `${path}/audit`),
      await ask('POST', '/authorizations', SECRET),
      await ask('PUT', path, SECRET),
      await ask('DELETE', path),
    ]) {
      expect(refused.status).toBe(403);
    }
  });

  it('has seen nothing else of it in any of these answers', () => {
    expect(answers.join()).toContain(authorization);
    expect(answers.join()).not.toContain('Canary');
  });
});
