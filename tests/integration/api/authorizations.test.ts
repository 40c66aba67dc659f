/** Managing authorizations: write-only secrets, and who uses them. */
import { startReceiver, type Receiver } from '../../support/receiver';
import { startStrapi, type App } from '../../support/strapi';
import { dataOf, hook, makeNotice, pluginApi, problemsOf, type PluginApi } from './plugin-api';

let app: App;
let api: PluginApi;
let receiver: Receiver;

beforeAll(async () => {
  [app, receiver] = await Promise.all([startStrapi(), startReceiver()]);
  api = pluginApi(app);
});
afterAll(async () => {
  await app?.stop();
  await receiver?.stop();
});

const MASK = '********';
const BASIC = { kind: 'basic', name: 'Shop', username: 'ada', password: 'pass word' };
const make = async (input: object) => dataOf(await api.post('/authorizations', input));

it.each([
  [BASIC, { password: MASK }],
  [{ kind: 'bearer', name: 'Token', token: 'abc' }, { token: MASK }],
  [
    { kind: 'apiKey', name: 'Key', key: 'x-api-key', value: 'abc' },
    { in: 'header', value: MASK },
  ],
  [{ kind: 'apiKey', name: 'Key', key: 'k', value: 'abc', in: 'query' }, { value: MASK }],
])(
  'answers %j with a mask in place of the secret, and every key of the contract',
  async (input, masked) => {
    const answer = await api.post('/authorizations', input);
    expect(answer.status).toBe(201);
    const { id, createdAt, updatedAt, ...rest } = answer.body.data;
    expect(id).toMatch(/^[a-z0-9]{24}$/);
    expect([createdAt, updatedAt]).toEqual([expect.any(String), expect.any(String)]);
    expect(rest).toEqual({
      description: '',
      allowedHosts: [],
      certificateFacts: null,
      webhooks: [],
      ...input,
      ...masked,
    });
    expect(dataOf(await api.get(`/authorizations/${id}`))).toEqual(answer.body.data);
  },
);

describe('a change', () => {
  const sentWith = async (authorization: string, path: string) => {
    const { id } = dataOf(await api.post('/webhooks', hook(receiver.url(path), { authorization })));
    await makeNotice(app);
    const [request] = await receiver.waitFor(1, { path });
    dataOf(await api.remove(`/webhooks/${id}`));
    return request?.headers ?? {};
  };

  it('that sends the mask back keeps the stored secret, and replaces the rest', async () => {
    const { id } = await make({ ...BASIC, description: 'Old' });
    const changed = dataOf(
      await api.put(`/authorizations/${id}`, { ...BASIC, username: 'eve', password: MASK }),
    );
    expect(changed).toMatchObject({ username: 'eve', password: MASK, description: '' });
    const { authorization } = await sentWith(id, '/kept');
    expect(authorization).toBe(`Basic ${Buffer.from('eve:pass word').toString('base64')}`);
  });

  it('of the secret is used by the next request', async () => {
    const { id } = await make({ kind: 'bearer', name: 'Token', token: 'first' });
    expect((await sentWith(id, '/first')).authorization).toBe('Bearer first');
    dataOf(await api.put(`/authorizations/${id}`, { kind: 'bearer', name: 'T', token: 'second' }));
    expect((await sentWith(id, '/second')).authorization).toBe('Bearer second');
  });

  it('of the kind needs the secret of the new kind, and leaves nothing of the old', async () => {
    const { id } = await make(BASIC);
    const masked = { kind: 'bearer', name: 'Now a token', token: MASK };
    expect(problemsOf(await api.put(`/authorizations/${id}`, masked))).toEqual({
      token: expect.stringMatching(/Enter the secret/),
    });
    const changed = dataOf(await api.put(`/authorizations/${id}`, { ...masked, token: 'abc' }));
    expect(changed).toMatchObject(masked);
    expect(changed).not.toHaveProperty('username');
    expect(changed).not.toHaveProperty('password');
  });
});

describe('deleting one', () => {
  it('that webhooks use is refused with their names, and it stays', async () => {
    const { id } = await make(BASIC);
    const users = [];
    for (const name of ['Zebra', 'Antelope']) {
      const settings = hook(receiver.url(), { name, authorization: id, enabled: false });
      users.push(dataOf(await api.post('/webhooks', settings)));
    }
    const { status, body } = await api.remove(`/authorizations/${id}`);
    expect(status).toBe(400);
    expect(body.error.message).toMatch(/"Shop" is used by "Antelope", "Zebra"\..*first/);
    const webhooks = users.map((user) => ({ id: user.id, name: user.name })).reverse();
    expect(body.error.details).toEqual({
      code: 'authorization-in-use',
      params: { name: 'Shop', webhooks: '"Antelope", "Zebra"' },
      webhooks,
    });
    expect(dataOf(await api.get(`/authorizations/${id}`)).webhooks).toEqual(webhooks);
  });

  it('that no webhook uses answers it once more, and then it is gone', async () => {
    const made = await make(BASIC);
    expect(dataOf(await api.remove(`/authorizations/${made.id}`))).toEqual(made);
    expect((await api.get(`/authorizations/${made.id}`)).status).toBe(404);
  });
});

it('is 404 for an unknown id, on every route', async () => {
  for (const { status, body } of [
    await api.get('/authorizations/nobody'),
    await api.put('/authorizations/nobody', BASIC),
    await api.remove('/authorizations/nobody'),
  ]) {
    expect({ status, name: body.error.name }).toEqual({ status: 404, name: 'NotFoundError' });
  }
});

it('lists in pages, sorted, searched by name and filtered by kind', async () => {
  await make({ ...BASIC, name: 'Listed B' });
  await make({ kind: 'bearer', name: 'Listed A', token: 'abc' });
  const names = async (query: string) =>
    (await api.get(`/authorizations?search=LISTED${query}`)).body.data.map(
      ({ name }: { name: string }) => name,
    );
  expect(await names('')).toEqual(['Listed A', 'Listed B']);
  expect(await names('&sort=name:desc')).toEqual(['Listed B', 'Listed A']);
  expect(await names('&sort=kind')).toEqual(['Listed B', 'Listed A']);
  expect(await names('&kind=bearer')).toEqual(['Listed A']);
  const { body } = await api.get('/authorizations?search=listed&page=2&pageSize=1');
  expect(body.meta).toEqual({ pagination: { page: 2, pageSize: 1, pageCount: 2, total: 2 } });
  expect(body.data).toHaveLength(1);
});
