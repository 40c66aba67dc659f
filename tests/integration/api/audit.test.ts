/** The audit trail: who changed which webhook or authorization, when, and which fields; never a value. */
import { permissionUid } from '../../../server/contract/names';
import { startReceiver, type Receiver } from '../../support/receiver';
import { startStrapi, type Admin, type App } from '../../support/strapi';
import {
  dataOf,
  hook,
  makeNotice,
  pluginApi,
  problemsOf,
  settledDelivery,
  until,
  type PluginApi,
} from './plugin-api';

let app: App;
let api: PluginApi;
let receiver: Receiver;
/** Every answer of the trail, for the search for values. */
const answers: string[] = [];

beforeAll(async () => {
  [app, receiver] = await Promise.all([startStrapi(), startReceiver()]);
  api = pluginApi(app);
});
afterAll(async () => {
  await app?.stop();
  await receiver?.stop();
});

const MASK = '********';
const trail = async (path: string) => {
  const { body } = await api.get(path);
  answers.push(JSON.stringify(body));
  return body.data;
};
const ofWebhook = (id: string) => trail(`/webhooks/${id}/audit`);
const ofAuthorization = (id: string) => trail(`/authorizations/${id}/audit`);

const changesIn = (entries: { action: string; fields: string[] }[]) =>
  entries.map(({ action, fields }) => [action, ...fields]).reverse();

const tableRows = (): Promise<string> =>
  app.run(async (strapi) =>
    JSON.stringify(
      await strapi.db.query('plugin::workflow-webhooks.audit-entry').findMany({ where: {} }),
    ),
  );

const now = (): Promise<number> =>
  app.run((strapi) => strapi.plugin('workflow-webhooks').service('clock').now());

describe('of a webhook', () => {
  it('lists who made which change when, newest first, and stays after the webhook is deleted', async () => {
    const editor: Admin = await app.createAdmin(
      ['webhook.create', 'webhook.update', 'webhook.delete', 'webhook.read'].map(
        (name) => `plugin::workflow-webhooks.${name}`,
      ),
    );
    const as = (method: string, path: string, body?: object) =>
      editor.request(method, `/workflow-webhooks${path}`, body);
    const before = await now();
    const { id } = dataOf(await as('POST', '/webhooks', hook(receiver.url('/a'), { name: 'One' })));
    dataOf(await as('PUT', `/webhooks/${id}`, hook(receiver.url('/b'), { name: 'Two' })));
    dataOf(await as('DELETE', `/webhooks/${id}`));
    const entries = await ofWebhook(id);
    const actor = { type: 'admin', id: editor.id, name: 'Test Admin' };
    const entry = (action: string, name: string, fields: string[] = []) => ({
      id: expect.stringMatching(/^[a-z0-9]{24}$/),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      actor,
      action,
      subject: { type: 'webhook', id, name },
      fields,
    });
    expect(entries).toEqual([
      entry('deleted', 'Two'),
      entry('changed', 'Two', ['name', 'url']),
      entry('created', 'One'),
    ]);
    const times = entries.map(({ at }: { at: string }) => Date.parse(at));
    expect(times).toEqual([...times].sort((one, other) => other - one));
    expect(times.at(-1)).toBeGreaterThanOrEqual(before);
    expect(times[0]).toBeLessThanOrEqual(await now());
  });

  it('names every changed field, each header for itself, and a secret that was entered anew', async () => {
    const settings = hook(receiver.url(), {
      enabled: false,
      headers: {
        'x-team': 'web',
        'x-kept': { value: 'Canary-kept', secret: true },
        'x-new': { value: 'Canary-old', secret: true },
        'x-gone': 'away',
      },
    });
    const { id } = dataOf(await api.post('/webhooks', settings));
    const changed = {
      ...settings,
      description: 'Canary-description',
      maxAttempts: 3,
      filter: { and: [{ field: 'entry.title', op: 'eq', value: 'Canary-filter' }] },
      headers: {
        'X-Team': 'web',
        'x-kept': { value: MASK, secret: true },
        'x-new': { value: 'Canary-new', secret: true },
        'x-more': 'there',
      },
    };
    dataOf(await api.put(`/webhooks/${id}`, changed));
    const [{ action, fields }] = await ofWebhook(id);
    expect(action).toBe('changed');
    expect([...fields].sort()).toEqual([
      'description',
      'filter',
      'headers.x-gone',
      'headers.x-more',
      'headers.x-new',
      'maxAttempts',
    ]);
  });

  it('gets no entry from a save without changes', async () => {
    const settings = hook(receiver.url(), {
      enabled: false,
      signing: 'standard',
      filter: { and: [{ field: 'entry.title', op: 'eq', value: 'A' }] },
      headers: { 'x-key': { value: 'Canary-same', secret: true } },
    });
    const { id } = dataOf(await api.post('/webhooks', settings));
    const same = { ...settings, headers: { 'x-key': { value: MASK, secret: true } } };
    dataOf(await api.put(`/webhooks/${id}`, same));
    expect(changesIn(await ofWebhook(id))).toEqual([['created']]);
  });

  it('names a new value in the query of its URL, but not a mask that was sent back', async () => {
    const settings = (url: string) => hook(url, { enabled: false });
    const { id, url } = dataOf(
      await api.post('/webhooks', settings(receiver.url('/q?token=Canary-query'))),
    );
    dataOf(await api.put(`/webhooks/${id}`, settings(url)));
    dataOf(await api.put(`/webhooks/${id}`, settings(receiver.url('/q?token=Canary-other'))));
    expect(changesIn(await ofWebhook(id))).toEqual([['created'], ['changed', 'url']]);
  });

  it('names a rotated secret', async () => {
    const { id } = dataOf(
      await api.post('/webhooks', hook(receiver.url(), { enabled: false, signing: 'standard' })),
    );
    const { secret } = dataOf(await api.post(`/webhooks/${id}/secret`));
    expect(changesIn(await ofWebhook(id))).toEqual([['created'], ['rotated']]);
    expect(await tableRows()).not.toContain(secret.slice('whsec_'.length));
  });

  it('that its receiver disabled gets an entry without an administrator', async () => {
    receiver.on('/gone').answer(410);
    const { id } = dataOf(await api.post('/webhooks', hook(receiver.url('/gone'))));
    await makeNotice(app);
    await settledDelivery(api, id, 'dead');
    const [entry] = await until(async () => {
      const entries = await ofWebhook(id);
      return entries.length > 1 && entries;
    }, 'an entry of what the dispatcher did');
    expect(entry).toMatchObject({
      action: 'disabled',
      actor: { type: 'system', id: null, name: null },
      subject: { type: 'webhook', id, name: 'A webhook' },
      fields: [],
    });
    expect(dataOf(await api.get(`/webhooks/${id}`)).enabled).toBe(false);
  });
});

describe('of an authorization', () => {
  const BASIC = { kind: 'basic', name: 'Shop', username: 'ada', password: 'Canary-password' };

  it('lists its changes, and stays after its deletion', async () => {
    const { id } = dataOf(await api.post('/authorizations', BASIC));
    const put = async (input: object) => dataOf(await api.put(`/authorizations/${id}`, input));
    await put({ ...BASIC, password: MASK });
    await put({ ...BASIC, username: 'Canary-user', password: MASK });
    await put({ ...BASIC, username: 'Canary-user', password: 'Canary-password-2' });
    await put({ ...BASIC, username: 'Canary-user', password: MASK, allowedHosts: ['127.0.0.1'] });
    dataOf(await api.remove(`/authorizations/${id}`));
    const entries = await ofAuthorization(id);
    expect(changesIn(entries)).toEqual([
      ['created'],
      ['changed', 'username'],
      ['changed', 'password'],
      ['changed', 'allowedHosts'],
      ['deleted'],
    ]);
    for (const { actor, subject } of entries) {
      expect(actor).toEqual({ type: 'admin', id: expect.anything(), name: 'Ada Admin' });
      expect(subject).toEqual({ type: 'authorization', id, name: 'Shop' });
    }
  });

  it('names a change of its kind', async () => {
    const { id } = dataOf(await api.post('/authorizations', BASIC));
    const bearer = { kind: 'bearer', name: 'Shop', token: 'Canary-token' };
    dataOf(await api.put(`/authorizations/${id}`, bearer));
    expect(changesIn(await ofAuthorization(id))[1]?.sort()).toEqual(['changed', 'kind', 'token']);
  });
});

describe('an entry and its change are made together or not at all:', () => {
  const failing = (table: string, action: string) =>
    app.run(
      async (strapi, on) => {
        await strapi.db.connection.raw(
          `create trigger fails before ${on.action} on ${on.table} begin select raise(abort, 'no'); end`,
        );
      },
      { table, action },
    );
  const restored = () =>
    app.run(async (strapi) => void (await strapi.db.connection.raw('drop trigger fails')));
  const entries = async () => (await api.get('/audit')).body.meta.pagination.total;

  it.each([
    ['workflow_webhooks_webhooks', 'update'],
    ['workflow_webhooks_audit_entries', 'insert'],
  ])('neither the change nor the entry is stored if %s refuses an %s', async (table, action) => {
    const settings = hook(receiver.url(), { enabled: false });
    const made = dataOf(await api.post('/webhooks', settings));
    const before = await entries();
    await failing(table, action);
    const answer = await api.put(`/webhooks/${made.id}`, { ...settings, name: 'Changed' });
    await restored();
    expect(answer.status).toBe(500);
    expect(await entries()).toBe(before);
    expect(dataOf(await api.get(`/webhooks/${made.id}`))).toEqual(made);
  });

  it('nor where the trail cannot be written for an authorization, or for one that is deleted', async () => {
    const made = dataOf(
      await api.post('/authorizations', { kind: 'bearer', name: 'A', token: 'x' }),
    );
    const total = async () => (await api.get('/authorizations')).body.meta.pagination.total;
    const [before, authorizations] = [await entries(), await total()];
    await failing('workflow_webhooks_audit_entries', 'insert');
    const statuses = [
      await api.post('/authorizations', { kind: 'bearer', name: 'B', token: 'x' }),
      await api.remove(`/authorizations/${made.id}`),
    ].map(({ status }) => status);
    await restored();
    expect(statuses).toEqual([500, 500]);
    expect([await entries(), await total()]).toEqual([before, authorizations]);
  });

  it('a refused change gets no entry', async () => {
    const before = await entries();
    expect((await api.post('/webhooks', { name: 'x', url: 'nonsense' })).status).toBe(400);
    expect((await api.put('/webhooks/nobody', hook(receiver.url()))).status).toBe(404);
    expect((await api.remove('/webhooks/nobody')).status).toBe(404);
    expect(await entries()).toBe(before);
  });
});

describe('the whole trail', () => {
  it('comes in pages, and narrows to webhooks, authorizations or one of them', async () => {
    const { id } = dataOf(
      await api.post('/authorizations', { kind: 'bearer', name: 'Of the list', token: 'x' }),
    );
    const [newest] = await trail('/audit');
    expect(newest.subject).toEqual({ type: 'authorization', id, name: 'Of the list' });
    const all = (await api.get('/audit?pageSize=100')).body.data as {
      id: string;
      subject: { type: string };
    }[];
    for (const type of ['webhook', 'authorization']) {
      expect(await trail(`/audit?subject=${type}&pageSize=100`)).toEqual(
        all.filter(({ subject }) => subject.type === type),
      );
    }
    expect(await trail(`/audit?id=${id}`)).toEqual([newest]);
    const { body } = await api.get('/audit?page=2&pageSize=2');
    expect(body.data).toEqual(all.slice(2, 4));
    expect(body.meta.pagination).toMatchObject({ page: 2, pageSize: 2, total: all.length });
    expect(await trail('/audit?sort=at:asc&pageSize=1')).toEqual(all.slice(-1));
  });

  it('refuses what it does not know', async () => {
    expect(problemsOf(await api.get('/audit?subject=document'))).toHaveProperty('subject');
    expect(problemsOf(await api.get('/audit?sort=actor'))).toHaveProperty('sort');
    expect(problemsOf(await api.get('/audit?pageSize=101'))).toHaveProperty('pageSize');
  });

  it('is read with three permissions: all of it, that of webhooks, that of authorizations', async () => {
    const { id: webhook } = dataOf(
      await api.post('/webhooks', hook(receiver.url(), { enabled: false })),
    );
    const { id: authorization } = dataOf(
      await api.post('/authorizations', { kind: 'bearer', name: 'A', token: 'x' }),
    );
    const paths = [
      '/audit',
      `/webhooks/${webhook}/audit`,
      `/authorizations/${authorization}/audit`,
    ];
    const seen = async (admin: Admin) => {
      const each = paths.map((path) => admin.request('GET', `/workflow-webhooks${path}`));
      return (await Promise.all(each)).map(({ status }) => status);
    };
    const may = (name: Parameters<typeof permissionUid>[0]) =>
      app.createAdmin([permissionUid(name)]);
    expect(await seen(await may('audit.read'))).toEqual([200, 403, 403]);
    expect(await seen(await may('webhook.read'))).toEqual([403, 200, 403]);
    expect(await seen(await may('authorization.read'))).toEqual([403, 403, 200]);
    // The one shows nothing of the other.
    expect(await ofWebhook(authorization)).toEqual([]);
    expect(await ofAuthorization(webhook)).toEqual([]);
  });

  it('holds no value of any field, neither in its answers nor in its table', async () => {
    const rows = await tableRows();
    expect(rows).toContain('password');
    expect(answers.join()).toContain('headers.x-new');
    for (const text of [rows, answers.join()]) {
      expect(text).not.toMatch(/Canary|v1:/);
      expect(text).not.toContain(receiver.url().slice(0, -1));
    }
  });
});
