/** Managing webhooks: the answers, the effect of changes, and the signing secret. */
import { Webhook } from 'standardwebhooks';
import { startReceiver, type Received, type Receiver } from '../../support/receiver';
import { startStrapi, type App } from '../../support/strapi';
import {
  dataOf,
  hook,
  makeNotice,
  pluginApi,
  problemsOf,
  until,
  type PluginApi,
} from './plugin-api';

const DAY = 86_400_000;

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

const make = async (more: object = {}) =>
  dataOf(await api.post('/webhooks', hook(receiver.url('/nowhere'), more)));

/** Every setting of an event webhook. */
const everything = (authorization: string) => ({
  kind: 'event',
  name: 'Everything',
  description: 'All that there is to say.',
  enabled: false,
  url: receiver.url('/everything'),
  headers: { 'x-team': 'web', 'x-key': { value: 'opens the door', secret: true } },
  serialization: 'xml',
  format: 'sitecore',
  authorization,
  signing: 'standard',
  events: ['entry.publish', 'media.*', '*'],
  contentTypes: ['api::article.article'],
  locales: ['en', 'de'],
  filter: {
    and: [
      { field: 'entry.title', op: 'startsWith', value: 'News' },
      { not: { or: [{ field: 'changes', op: 'contains', value: 'slug' }] } },
      { field: 'entry.views', op: 'gte', value: 10 },
    ],
  },
  maxAttempts: 3,
  rateLimit: 2.5,
  ordered: true,
});

const makeAuthorization = async () =>
  dataOf(await api.post('/authorizations', { kind: 'bearer', name: 'A token', token: 'secret' }));

describe('the answer', () => {
  it('holds every key of the contract, with the defaults of what was left out', async () => {
    const made = await api.post('/webhooks', { name: 'Plain', url: receiver.url('/plain') });
    expect(made.status).toBe(201);
    const { id, createdAt, updatedAt, ...rest } = made.body.data;
    expect(id).toMatch(/^[a-z0-9]{24}$/);
    expect(new Date(createdAt).toISOString()).toBe(createdAt);
    expect(new Date(updatedAt).toISOString()).toBe(updatedAt);
    expect(rest).toEqual({
      kind: 'event',
      name: 'Plain',
      description: '',
      enabled: true,
      url: receiver.url('/plain'),
      headers: {},
      serialization: 'json',
      format: 'standard',
      authorization: null,
      signing: 'none',
      publicKey: null,
      includesEndUsers: false,
      events: [],
      contentTypes: [],
      locales: [],
      filter: null,
      maxAttempts: 10,
      rateLimit: null,
      ordered: false,
      workflow: null,
      state: null,
      command: null,
      onError: 'refuse',
      mode: 'enforce',
      timeout: null,
      health: {
        state: 'healthy',
        consecutiveFailures: 0,
        disabledReason: null,
        disabledAt: null,
        failingSince: null,
        lastSuccessAt: null,
        lastDelivery: null,
        pausedUntil: null,
      },
    });
  });

  it('holds what was sent, with a mask in place of a secret header, and says the same when asked again', async () => {
    const { id: authorization } = await makeAuthorization();
    const input = everything(authorization);
    const { secret, ...made } = dataOf(await api.post('/webhooks', input));
    expect(secret).toMatch(/^whsec_/);
    expect(made).toMatchObject({
      ...input,
      headers: { 'x-team': 'web', 'x-key': { value: '********', secret: true } },
    });
    expect(dataOf(await api.get(`/webhooks/${made.id}`))).toEqual(made);
  });

  it('is 404 for an unknown id, on every route', async () => {
    const routes = [
      api.get('/webhooks/nobody'),
      api.put('/webhooks/nobody', hook(receiver.url())),
      api.remove('/webhooks/nobody'),
      api.post('/webhooks/nobody/test', {}),
      api.post('/webhooks/nobody/secret'),
    ];
    for (const { status, body } of await Promise.all(routes)) {
      expect({ status, data: body.data, name: body.error.name }).toEqual({
        status: 404,
        data: null,
        name: 'NotFoundError',
      });
      expect(body.error.message).toMatch(/no such webhook/);
    }
  });
});

describe('a change', () => {
  it('replaces all settings, which go back to their defaults where they are left out; a PUT does not switch it', async () => {
    const { id: authorization } = await makeAuthorization();
    const made = dataOf(await api.post('/webhooks', everything(authorization)));
    const changed = dataOf(
      await api.put(`/webhooks/${made.id}`, { name: 'Renamed', url: receiver.url('/other') }),
    );
    expect(changed).toMatchObject({
      id: made.id,
      name: 'Renamed',
      description: '',
      enabled: false,
      url: receiver.url('/other'),
      headers: {},
      serialization: 'json',
      format: 'standard',
      authorization: null,
      signing: 'none',
      events: [],
      contentTypes: [],
      locales: [],
      filter: null,
      maxAttempts: 10,
      createdAt: made.createdAt,
    });
  });

  it('keeps a secret header that is sent back as its mask, and ignores the case of its name', async () => {
    receiver.clear();
    const input = hook(receiver.url('/masked'), {
      headers: { 'x-key': { value: 'opens the door', secret: true } },
    });
    const { id } = dataOf(await api.post('/webhooks', input));
    const changed = dataOf(
      await api.put(`/webhooks/${id}`, {
        ...input,
        headers: { 'X-Key': { value: '********', secret: true } },
      }),
    );
    expect(changed.headers).toEqual({ 'X-Key': { value: '********', secret: true } });
    await makeNotice(app);
    const [request] = await receiver.waitFor(1, { path: '/masked' });
    expect(request?.headers['x-key']).toBe('opens the door');
  });

  it('refuses a mask that stands for nothing, and one that would make the secret readable', async () => {
    const secret = { value: '********', secret: true };
    const made = await api.post(
      '/webhooks',
      hook(receiver.url(), { headers: { 'x-key': secret } }),
    );
    expect(problemsOf(made)).toEqual({ 'headers.x-key': expect.stringMatching(/Enter the value/) });
    const { id } = await make({ headers: { 'x-key': { value: 'stored', secret: true } } });
    for (const shown of ['********', { value: '********', secret: false }]) {
      const answer = await api.put(
        `/webhooks/${id}`,
        hook(receiver.url(), { headers: { 'x-key': shown } }),
      );
      expect(problemsOf(answer)).toEqual({
        'headers.x-key': expect.stringMatching(/Enter the value/),
      });
    }
  });

  it('that is refused changes nothing', async () => {
    const made = await make({ name: 'As it was' });
    problemsOf(await api.put(`/webhooks/${made.id}`, hook('nonsense', { name: 'Other' })));
    expect(dataOf(await api.get(`/webhooks/${made.id}`))).toEqual(made);
  });

  it('is felt by the next event: nothing is sent while it is disabled', async () => {
    receiver.clear();
    const settings = hook(receiver.url('/switch'), { enabled: false });
    const { id } = dataOf(await api.post('/webhooks', settings));
    await makeNotice(app, { title: 'While disabled' });
    dataOf(await api.post(`/webhooks/${id}/enable`));
    await makeNotice(app, { title: 'While enabled' });
    const got = await receiver.waitFor(1, { path: '/switch' });
    expect(got.map(({ body }) => JSON.parse(body).data.entry.title)).toEqual(['While enabled']);
  });

  it('to deleted answers the webhook once more, and then it is gone', async () => {
    const made = await make();
    expect(dataOf(await api.remove(`/webhooks/${made.id}`))).toEqual(made);
    expect((await api.get(`/webhooks/${made.id}`)).status).toBe(404);
  });
});

describe('the list', () => {
  const names = async (query: string) => {
    const { data } = (await api.get(`/webhooks?search=listed${query}`)).body;
    return data.map(({ name }: { name: string }) => name);
  };

  beforeAll(async () => {
    await make({ name: 'Listed B', url: 'https://example.com/1', enabled: false });
    await make({ name: 'Listed A', url: 'https://example.com/3' });
    await make({ name: 'Third', url: 'https://example.com/2-LISTED' });
  });

  it('comes in pages, by default ten webhooks by name', async () => {
    const { body } = await api.get('/webhooks?search=listed');
    expect(body.meta).toEqual({ pagination: { page: 1, pageSize: 10, pageCount: 1, total: 3 } });
    expect(await names('')).toEqual(['Listed A', 'Listed B', 'Third']);
    const second = (await api.get('/webhooks?search=listed&page=2&pageSize=2')).body;
    expect(second.meta.pagination).toEqual({ page: 2, pageSize: 2, pageCount: 2, total: 3 });
    expect(second.data.map(({ name }: { name: string }) => name)).toEqual(['Third']);
    const beyond = (await api.get('/webhooks?search=listed&page=9')).body;
    expect(beyond).toEqual({
      data: [],
      meta: { pagination: { page: 9, pageSize: 10, pageCount: 1, total: 3 } },
    });
  });

  it('is sorted as asked', async () => {
    expect(await names('&sort=name:desc')).toEqual(['Third', 'Listed B', 'Listed A']);
    expect(await names('&sort=url')).toEqual(['Listed B', 'Third', 'Listed A']);
    expect(await names('&sort=createdAt:asc')).toEqual(['Listed B', 'Listed A', 'Third']);
  });

  it('is searched in names and URLs, and filtered by kind and by enabled', async () => {
    expect(await names('&enabled=false')).toEqual(['Listed B']);
    expect(await names('&enabled=true')).toEqual(['Listed A', 'Third']);
    expect(await names('&kind=event')).toHaveLength(3);
    expect(await names('&kind=submit')).toEqual([]);
  });

  it.each([
    ['page=0', 'page'],
    ['page=none', 'page'],
    ['page=1.5', 'page'],
    ['page=9007199254740991', 'page'],
    ['pageSize=0', 'pageSize'],
    ['pageSize=101', 'pageSize'],
    ['sort=secrets', 'sort'],
    ['sort=headers:asc', 'sort'],
    ['sort=name:up', 'sort'],
    ['sort[name]=asc', 'sort'],
    ['enabled=maybe', 'enabled'],
    ['search[$ne]=x', 'search'],
    ['kind[]=event', 'kind'],
  ])('with ?%s is refused at %s', async (query, path) => {
    expect(problemsOf(await api.get(`/webhooks?${query}`))).toEqual({ [path]: expect.any(String) });
  });

  it('shows no signing secret and no secret header', async () => {
    const { secret } = await make({
      name: 'Listed secretly',
      signing: 'standard',
      headers: { 'x-key': { value: 'opens the door', secret: true } },
    });
    const text = JSON.stringify((await api.get('/webhooks?pageSize=100')).body);
    expect(text).toContain('Listed secretly');
    expect(text).not.toContain(secret);
    expect(text).not.toContain('opens the door');
    expect(text).not.toContain('"secrets"');
  });
});

describe('the signing secret', () => {
  const verify = (secret: string, { body, headers }: Received) =>
    new Webhook(secret).verify(body, headers);

  /** A notice, and the request that tells of it. */
  const signedRequest = async (path: string) => {
    const { title } = await makeNotice(app);
    const [request] = await receiver.waitFor(({ body }) => body.includes(title), { path });
    return request as Received;
  };

  it('is shown by the answer that makes it, verifies what arrives, and is never shown again', async () => {
    const made = await make({ url: receiver.url('/signed'), signing: 'standard' });
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    verify(made.secret, await signedRequest('/signed'));
    const later = [
      await api.get(`/webhooks/${made.id}`),
      await api.put(`/webhooks/${made.id}`, hook(receiver.url('/signed'), { signing: 'standard' })),
      await api.remove(`/webhooks/${made.id}`),
    ];
    for (const answer of later) expect(dataOf(answer)).not.toHaveProperty('secret');
  });

  it('is made by the change that turns signing on', async () => {
    const settings = hook(receiver.url('/turned-on'));
    const { id, ...made } = dataOf(await api.post('/webhooks', settings));
    expect(made).not.toHaveProperty('secret');
    const changed = dataOf(await api.put(`/webhooks/${id}`, { ...settings, signing: 'standard' }));
    verify(changed.secret, await signedRequest('/turned-on'));
  });

  it('cannot be rotated where nothing is signed', async () => {
    const { id } = await make();
    expect(problemsOf(await api.post(`/webhooks/${id}/secret`))).toEqual({
      signing: expect.stringMatching(/does not sign/),
    });
  });

  it('is rotated with an overlap of a day, in which the old one and the new one both verify', async () => {
    const made = await make({ url: receiver.url('/rotated'), signing: 'standard' });
    const rotated = dataOf(await api.post(`/webhooks/${made.id}/secret`));
    expect(rotated.secret).toMatch(/^whsec_/);
    expect(rotated.secret).not.toBe(made.secret);

    const during = await signedRequest('/rotated');
    expect(during.headers['webhook-signature']?.split(' ')).toHaveLength(2);
    verify(made.secret, during);
    verify(rotated.secret, during);

    const turn = (ms: number) =>
      app.run((strapi, by) => strapi.plugin('workflow-webhooks').service('clock').turn(by), ms);
    await turn(DAY);
    const after = await signedRequest('/rotated');
    await turn(-DAY);
    // The receiver lives a day later too, or it would refuse the timestamp.
    const tomorrow = jest.spyOn(Date, 'now').mockReturnValue(after.at + DAY);
    try {
      expect(after.headers['webhook-signature']?.split(' ')).toHaveLength(1);
      verify(rotated.secret, after);
      expect(() => verify(made.secret, after)).toThrow('No matching signature found');
    } finally {
      tomorrow.mockRestore();
    }
  });
});

it('shows in its health that a webhook works', async () => {
  const settings = hook(receiver.url('/healthy'), { name: 'Healthy' });
  const { id } = dataOf(await api.post('/webhooks', settings));
  await makeNotice(app);
  await receiver.waitFor(1, { path: '/healthy' });
  const health = await until(async () => {
    const webhook = dataOf(await api.get(`/webhooks/${id}`));
    return webhook.health.lastSuccessAt && webhook.health;
  }, 'the health of a webhook');
  expect(health).toMatchObject({ state: 'healthy', consecutiveFailures: 0, disabledReason: null });
});
