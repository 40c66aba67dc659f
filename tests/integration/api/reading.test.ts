/** The documents in the answers to a role that may read only some documents, fields and locales. */
import type { Delivery } from '../../../server/contract/delivery';
import routes from '../../../server/manage/routes';
import { startStrapi, type Answer, type App } from '../../support/strapi';
import { ARTICLE, LimitedRole, PAGE, SECRET } from './limited-role';

let app: App;
let role: LimitedRole;
let deliveryIds: string[];

beforeAll(async () => {
  app = await startStrapi();
  role = await LimitedRole.start(app);
  await role.deliveries();
});
afterAll(async () => {
  await role?.stop();
  await app?.stop();
});

const sample = (documentId: string, more: object = {}) => ({
  uid: ARTICLE,
  documentId,
  event: 'entry.update',
  ...more,
});

const textOf = (answer: Answer) => JSON.stringify(answer.body);
const refused = (answer: Answer) =>
  expect({ status: answer.status, data: answer.body.data }).toEqual({ status: 403, data: null });

/** All that the role may read of its own article, in every format of this test. */
const OWN_ENTRY = {
  title: 'Visible title',
  seo: { metaTitle: 'Visible meta title' },
  tags: [{ name: 'Visible tag' }],
  author: { documentId: expect.any(String) },
  links: [{ label: 'Visible label', target: { documentId: expect.any(String) } }],
};

describe('A sample', () => {
  it('has the fields that the role may read, and no more of related documents than it may read', async () => {
    const { status, body } = await role.ask(
      'POST',
      '/webhooks/preview',
      sample(role.documents.article),
    );
    expect([status, body.error]).toEqual([200, undefined]);
    expect(JSON.parse(body.data.body).data.entry).toMatchObject(OWN_ENTRY);
    expect(body.data.body).not.toContain(SECRET);
  });

  it('leaves with a test, of a saved webhook or not, as the role may read it', async () => {
    const settings = { name: 'Mine', url: role.receiver.url('/sample') };
    const unsaved = { webhook: settings, sample: sample(role.documents.article) };
    for (const answer of [
      await role.ask('POST', `/webhooks/${role.webhook}/test`, sample(role.documents.article)),
      await role.ask('POST', '/webhooks/test', unsaved),
    ]) {
      expect([answer.status, answer.body.error]).toEqual([200, undefined]);
      const sent = answer.body.data.request.body;
      expect(JSON.parse(sent).data.entry).toMatchObject(OWN_ENTRY);
      expect(sent).not.toContain(SECRET);
    }
    const [received] = await role.receiver.waitFor(1, { path: '/sample' });
    expect(received?.body).not.toContain(SECRET);
  });

  it.each([
    ['of a document', () => sample(role.documents.foreignArticle)],
    ['of a locale', () => sample(role.documents.article, { locale: 'fr' })],
    ['of a document of another type', () => sample(role.documents.foreignPage, { uid: PAGE })],
    ['of a file', () => sample(role.documents.file, { uid: 'plugin::upload.file' })],
  ])('is refused %s that the role may not read', async (_what, wish) => {
    refused(await role.ask('POST', '/webhooks/preview', wish()));
    refused(await role.ask('POST', `/webhooks/${role.webhook}/test`, wish()));
    const webhook = { name: 'Mine', url: role.receiver.url('/foreign') };
    refused(await role.ask('POST', '/webhooks/test', { webhook, sample: wish() }));
    expect(role.receiver.requests.filter(({ path }) => path === '/foreign')).toEqual([]);
  });
});

describe('The workflow of documents', () => {
  it('has the states of the documents of a list that the role may read, and of no other', async () => {
    const { ownPage, foreignPage } = role.documents;
    const { body } = await role.ask(
      'GET',
      `/documents/${PAGE}?documentIds=${ownPage},${foreignPage}`,
    );
    expect(Object.keys(body.data.documents)).toEqual([ownPage]);
  });

  it('offers no command on a document that the role may read and not edit', async () => {
    const permission = (action: string, conditions: string[] = []) => ({
      action: `plugin::content-manager.explorer.${action}`,
      subject: PAGE,
      conditions,
    });
    const reader = await app.createAdmin([
      permission('read'),
      permission('update', ['admin::is-creator']),
    ]);
    const path = `/workflow-webhooks/documents/${PAGE}/${role.documents.foreignPage}`;
    const { status, body } = await reader.request('GET', path);
    expect([status, body.data?.commands]).toEqual([200, []]);
  });

  it('has nothing that a validation said of fields that the role may not read', async () => {
    const path = `/documents/${PAGE}/${role.documents.ownPage}`;
    for (const body of [{ dryRun: true }, {}]) {
      const answer = await role.ask('POST', `${path}/commands/approve`, body);
      expect([answer.status, textOf(answer)]).toEqual([400, expect.stringContaining('Too short')]);
      expect(answer.body.error.details.errors).toContainEqual(
        expect.objectContaining({ path: ['title'], message: 'Too short' }),
      );
      expect(textOf(answer)).not.toContain(SECRET);
    }
    const { body } = await role.ask('GET', path);
    const [{ verdicts }] = body.data.history;
    expect(verdicts[0].errors).toContainEqual({ path: 'title', message: 'Too short' });
    expect(JSON.stringify(verdicts)).not.toContain(SECRET);
  });

  it('asks no endpoint about a document that the role may not publish', async () => {
    const { foreignArticle } = role.documents;
    const publish = (path: string, body: object) =>
      role.admin.request('POST', `/content-manager/collection-types/${ARTICLE}${path}`, body);
    for (const answer of [
      await publish('/actions/bulkPublish', { documentIds: [foreignArticle], locale: 'en' }),
      await publish(`/${foreignArticle}/actions/publish?locale=en`, { title: 'Mine' }),
    ]) {
      expect(answer.status).toBe(403);
      expect(textOf(answer)).not.toContain(SECRET);
    }
    expect(role.receiver.requests.filter(({ path }) => path === '/publishing')).toEqual([]);
  });
});

it('names no document by a title that the role may not read when it cannot be published', async () => {
  const permission = (action: string) => ({
    action: `plugin::content-manager.explorer.${action}`,
    subject: PAGE,
    properties: { fields: ['path'] },
  });
  const blind = await app.createAdmin(['read', 'update', 'publish'].map(permission));
  const place = `/content-manager/collection-types/${PAGE}/${role.documents.foreignPage}`;
  const answer = await blind.request('POST', `${place}/actions/publish`, { path: '/x' });
  const { error } = answer.body;
  expect([answer.status, error.message]).toEqual([400, expect.stringContaining('"Draft"')]);
  expect(textOf(answer)).not.toContain(SECRET);
});

describe('The log of deliveries', () => {
  it('shows a body to a role that may read the whole document in it', async () => {
    const { body } = await role.ask('GET', `/deliveries/${await role.delivery('ownNotice')}`);
    expect(body.data.isContentHidden).toBe(false);
    expect(body.data.attempts[0].request.body).toContain('Visible notice');
    expect(body.data.attempts[0].response.body).toContain('Visible notice');
  });

  it.each(['article', 'foreignArticle', 'ownPage', 'foreignPage', 'deletedNotice'] as const)(
    'shows no body of a document with something else in it: %s',
    async (name) => {
      const id = await role.delivery(name);
      const answers = [
        await role.ask('GET', `/deliveries/${id}`),
        await role.ask('POST', `/deliveries/${id}/resend`),
      ];
      for (const { status, body } of answers) {
        expect([status, body.data.isContentHidden]).toEqual([200, true]);
        expect(body.data.attempts[0]).toMatchObject({
          request: { method: 'POST', body: '' },
          response: { status: 200, body: '' },
        });
      }
      const all = await role.api.get(`/deliveries/${id}`);
      expect(all.body.data).toMatchObject({ isContentHidden: false });
      expect(textOf(all)).toContain(SECRET);
    },
  );

  it('names and finds documents by the titles that the role may read, and by no others', async () => {
    const titleOf = async (name: 'article' | 'foreignArticle' | 'deletedNotice') => {
      const { body } = await role.ask('GET', `/deliveries/${await role.delivery(name)}`);
      return body.data.document;
    };
    expect(await titleOf('article')).toMatchObject({ title: 'Visible title', isOpenable: true });
    expect(await titleOf('foreignArticle')).toMatchObject({ title: null, isOpenable: false });
    expect(await titleOf('deletedNotice')).toMatchObject({ title: null, isOpenable: false });
    const path = `/deliveries?webhook=${role.webhook}&pageSize=100`;
    const found = async (ask: typeof role.ask, search: string) => {
      const { body } = await ask('GET', `${path}&search=${encodeURIComponent(search)}`);
      return [...new Set(body.data.map((one: Delivery) => one.documentId))];
    };
    const mine = role.ask.bind(role);
    const everything = (_method: string, place: string) => role.api.get(place);
    const { article, foreignArticle } = role.documents;
    expect(await found(mine, 'visible titl')).toEqual([article]);
    expect(await found(mine, SECRET)).toEqual([]);
    expect(await found(everything, 'canary TITLE')).toEqual([foreignArticle]);
    const wish = { states: ['delivered'], dryRun: true, search: 'Visible title' };
    const { body } = await role.ask('POST', '/deliveries/resend', wish);
    expect(body.data.count).toBeGreaterThan(0);
    const blind = await role.ask('POST', '/deliveries/resend', { ...wish, search: SECRET });
    expect(blind.body.data.count).toBe(0);
  });

  it('is exported with the bodies that the role may read, and no others', async () => {
    const path = `/workflow-webhooks/deliveries/export?format=jsonl&webhook=${role.webhook}`;
    const exported = async (token?: string) => {
      const answer = await app.request('GET', path, undefined, token ? { token } : {});
      return JSON.stringify(answer.body);
    };
    const seen = await exported(role.admin.token);
    expect(seen).toContain('Visible notice');
    expect(seen).not.toContain(SECRET);
    expect(await exported()).toContain(SECRET);
  });
});

describe('Schedules', () => {
  it('are listed without titles and reasons of documents that the role may not read', async () => {
    const find = async (documentId: string) => {
      const { body } = await role.ask('GET', `/schedules?documentId=${documentId}`);
      return body.data[0];
    };
    const hidden = { state: 'failed', error: null, isErrorHidden: true };
    const { foreignPage, scheduledPage } = role.documents;
    expect(await find(scheduledPage)).toMatchObject({ ...hidden, title: 'Visible page to come' });
    expect(await find(foreignPage)).toMatchObject({ ...hidden, title: null });
    const all = await role.api.get(`/schedules?documentId=${foreignPage}`);
    expect(all.body.data[0]).toMatchObject({
      title: 'Canary page',
      error: expect.stringContaining('"Canary page" cannot be published'),
      isErrorHidden: false,
    });
  });
});

/** Each route with the ids that would show the most; a route without an entry is called as it is, which finds nothing. */
const CALLS: Record<string, () => { path?: string; body?: object }[]> = {
  'GET /webhooks/:id': () => [{ path: `/webhooks/${role.webhook}` }],
  'GET /webhooks/:id/audit': () => [{ path: `/webhooks/${role.webhook}/audit` }],
  'POST /webhooks/preview': () => [
    { body: {} },
    ...[role.documents.article, role.documents.foreignArticle].map((id) => ({ body: sample(id) })),
  ],
  'POST /webhooks/:id/test': () => [
    { path: `/webhooks/${role.webhook}/test`, body: sample(role.documents.article) },
    { path: `/webhooks/${role.webhook}/test`, body: sample(role.documents.foreignArticle) },
  ],
  'POST /webhooks/test': () => [
    {
      body: {
        webhook: { name: 'x', url: role.receiver.url('/x') },
        sample: sample(role.documents.article),
      },
    },
  ],
  'GET /deliveries': () => [{ path: '/deliveries?pageSize=100' }],
  'GET /deliveries/:id': () => deliveryIds.map((id) => ({ path: `/deliveries/${id}` })),
  'POST /deliveries/:id/resend': () =>
    deliveryIds.map((id) => ({ path: `/deliveries/${id}/resend` })),
  'GET /deliveries/export': () =>
    ['csv', 'jsonl'].map((format) => ({ path: `/deliveries/export?format=${format}` })),
  'GET /documents/:uid': () =>
    [ARTICLE, PAGE].map((uid) => ({
      path: `/documents/${uid}?documentIds=${Object.values(role.documents).join()}`,
    })),
  'GET /documents/:uid/:documentId': () =>
    [ARTICLE, PAGE].flatMap((uid) =>
      Object.values(role.documents).map((id) => ({ path: `/documents/${uid}/${id}` })),
    ),
  'POST /documents/:uid/:documentId/commands/:command': () =>
    Object.values(role.documents).map((id) => ({
      path: `/documents/${PAGE}/${id}/commands/approve`,
      body: { dryRun: true },
    })),
  'POST /documents/:uid/:documentId/bypass': () =>
    Object.values(role.documents).map((id) => ({
      path: `/documents/${PAGE}/${id}/bypass`,
      body: { comment: 'Now.' },
    })),
  'GET /schedules': () => [{ path: '/schedules?pageSize=100' }],
  'POST /schedules': () =>
    [role.documents.foreignArticle, role.documents.article].map((documentId) => ({
      body: { uid: ARTICLE, documentId, publishAt: '2099-01-01T00:00:00Z' },
    })),
  'PUT /schedules/:id': () => [
    { path: `/schedules/${role.schedule}`, body: { publishAt: '2099-01-01T00:00:00Z' } },
  ],
  'DELETE /schedules/:id': () => [{ path: `/schedules/${role.schedule}` }],
};

/** Those of validations and tests too. */
const allDeliveries = async (): Promise<string[]> => {
  const { body } = await role.api.get('/deliveries?pageSize=100');
  return body.data.map(({ id }: { id: string }) => id);
};

const ROUTES = routes.admin.routes.map(({ method, path }) => `${method} ${path}`);

it('names in this table only routes that there are', () => {
  expect(Object.keys(CALLS).filter((route) => !ROUTES.includes(route))).toEqual([]);
});

it.each(ROUTES)('%s shows nothing that the role may not read', async (route) => {
  const [method = '', path = ''] = route.split(' ');
  deliveryIds = await allDeliveries();
  for (const call of CALLS[route]?.() ?? [{}]) {
    const answer = await role.ask(method, call.path ?? path, call.body ?? {});
    expect(answer.status).toBeLessThan(500);
    expect(textOf(answer) ?? '').not.toContain(SECRET);
  }
});
