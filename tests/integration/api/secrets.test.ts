/** Secrets stay secret: the tests store, send, echo and fail with unmistakable secrets, and then search for them everywhere. */
import { existsSync, readFileSync } from 'node:fs';
import { startReceiver, type Received, type Receiver } from '../../support/receiver';
import { startStrapi, type Answer, type App } from '../../support/strapi';
import {
  dataOf,
  hook,
  makeNotice,
  pluginApi,
  problemsOf,
  settledDelivery,
  type PluginApi,
} from './plugin-api';

/** Characters that every way of writing text down treats in its own way. */
const CANARY = {
  password: 'Canary-Password-<&"\'/+=%41 ü',
  token: 'Canary-Token-/+=~."x',
  headerKey: 'Canary-Header-Key-/+=&<',
  queryKey: 'Canary-Query-Key-/+=&?#<"',
  header: 'Canary-Secret-Header-/+=&<"',
};

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** How a secret may be written where it must not be. */
const formsOf = (secret: string) => [
  secret,
  base64(secret),
  Buffer.from(secret).toString('base64url'),
  base64(`canary-user:${secret}`),
  encodeURIComponent(secret),
  new URLSearchParams([['', secret]]).toString().slice(1),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('hex'),
];

let app: App;
let api: PluginApi;
let receiver: Receiver;
const answers: string[] = [];
/** Signing secrets, which only the answer that makes one may show. */
const signing: string[] = [];

const kept = async (asked: Promise<Answer>) => {
  const answer = await asked;
  answers.push(JSON.stringify([answer.body, [...answer.headers]]));
  return answer;
};

const recording = (plain: PluginApi): PluginApi => ({
  get: (path) => kept(plain.get(path)),
  post: (path, body) => kept(plain.post(path, body)),
  put: (path, body) => kept(plain.put(path, body)),
  remove: (path) => kept(plain.remove(path)),
});

/** Repeats the whole request in body and headers, in every spelling. */
const echo = (status: number) => (request: Received) => ({
  status,
  headers: {
    'x-echo': Buffer.from(JSON.stringify(request.headers)).toString('latin1'),
    'x-echo-query': encodeURIComponent(JSON.stringify(request.query)),
    'content-type': 'application/json',
  },
  body: JSON.stringify({ headers: request.headers, query: request.query }),
});

const AUTHORIZATIONS = [
  { kind: 'basic', name: 'Basic', username: 'canary-user', password: CANARY.password },
  { kind: 'bearer', name: 'Bearer', token: CANARY.token },
  { kind: 'apiKey', name: 'Header', key: 'x-api-key', value: CANARY.headerKey, in: 'header' },
  { kind: 'apiKey', name: 'Query', key: 'api_key', value: CANARY.queryKey, in: 'query' },
];

beforeAll(async () => {
  [app, receiver] = await Promise.all([
    startStrapi({ config: { delivery: { schedule: [0, 10] } } }),
    startReceiver(),
  ]);
  api = recording(pluginApi(app));
});
afterAll(async () => {
  await app?.stop();
  await receiver?.stop();
});

const makeHook = async (path: string, authorization: string) => {
  const settings = hook(receiver.url(path), {
    name: path,
    authorization,
    signing: 'standard',
    maxAttempts: 2,
    headers: { 'x-secret': { value: CANARY.header, secret: true } },
  });
  // Its answer shows the new signing secret, so it is not kept with the others.
  const { secret, ...made } = dataOf(await pluginApi(app).post('/webhooks', settings));
  signing.push(secret, secret.slice('whsec_'.length));
  answers.push(JSON.stringify(made));
  return made.id as string;
};

const database = (): Promise<string> =>
  app.run((strapi) => strapi.config.get('database.connection.connection.filename'));

it('gives the receiver every one of them, in its place', async () => {
  for (const [index, input] of AUTHORIZATIONS.entries()) {
    const { id } = dataOf(await api.post('/authorizations', input));
    receiver.on(`/echo-${index}`).answer(echo(200));
    receiver.on(`/fails-${index}`).answer(echo(500));
    const echoing = await makeHook(`/echo-${index}`, id);
    const failing = await makeHook(`/fails-${index}`, id);
    await makeNotice(app);
    await settledDelivery(api, echoing, 'delivered');
    await settledDelivery(api, failing, 'dead');
    for (const webhook of [echoing, failing]) {
      dataOf(await api.post(`/webhooks/${webhook}/test`, {}));
      dataOf(await api.post('/webhooks/preview', { id: webhook, events: ['*'] }));
      const [delivery] = dataOf(await api.get(`/deliveries?webhook=${webhook}`));
      dataOf(await api.get(`/deliveries/${delivery.id}`));
      dataOf(await api.get(`/webhooks/${webhook}`));
      await api.put(`/webhooks/${webhook}`, { name: 'x', url: 'nonsense' });
    }
    dataOf(await api.get(`/authorizations/${id}`));
    dataOf(await api.put(`/authorizations/${id}`, input));
    await api.remove(`/authorizations/${id}`);
    // No more of this one, so that the next is alone with the next notice.
    for (const webhook of [echoing, failing]) dataOf(await api.remove(`/webhooks/${webhook}`));
  }
  for (const path of ['/webhooks', '/authorizations', '/deliveries?pageSize=100', '/health']) {
    dataOf(await api.get(path));
  }
  const got = (path: string) =>
    receiver.requests.find((request) => request.path === path) as Received;
  expect(got('/echo-0').headers.authorization).toBe(
    `Basic ${base64(`canary-user:${CANARY.password}`)}`,
  );
  expect(got('/echo-1').headers.authorization).toBe(`Bearer ${CANARY.token}`);
  expect(got('/echo-2').headers['x-api-key']).toBe(CANARY.headerKey);
  expect(got('/echo-3').query.api_key).toBe(CANARY.queryKey);
  expect(got('/fails-3').headers['x-secret']).toBe(CANARY.header);
});

it('keeps the answers that echo them, with masks in their place', async () => {
  const texts = answers.filter((text) => text.includes('x-echo'));
  expect(texts.length).toBeGreaterThan(AUTHORIZATIONS.length * 2);
  for (const text of texts) expect(text).toContain('********');
});

describe('finds none of them', () => {
  const searched = () => [...Object.values(CANARY).flatMap(formsOf), ...signing.flatMap(formsOf)];
  const foundIn = (text: string) => searched().filter((form) => text.includes(form));

  it('in any answer of the API', () => {
    expect(foundIn(answers.join('\n'))).toEqual([]);
    // The same once more as it was before JSON.stringify wrote it.
    expect(foundIn(answers.join('\n').replaceAll('\\"', '"').replaceAll('\\\\', '\\'))).toEqual([]);
  });

  it('in anything that Strapi logged', () => {
    expect(app.logs()).toContain('Strapi started');
    expect(foundIn(app.logs())).toEqual([]);
  });

  it('in the bytes of the database', async () => {
    const file = await database();
    const files = [file, `${file}-wal`].filter((one) => existsSync(one));
    const bytes = files.map((one) => readFileSync(one).toString('utf8')).join('\n');
    expect(bytes).toContain('workflow_webhooks_attempts');
    expect(bytes).toContain('canary-user');
    expect(foundIn(bytes)).toEqual([]);
  });
});

it('leaves no piece of a secret where an echo was cut off in the middle of it', async () => {
  await app.restart({ config: { delivery: { maxResponseBytes: 20 } } });
  const input = { kind: 'bearer', name: 'Cut', token: 'Canary-Piece-of-a-token' };
  const { id: authorization } = dataOf(await api.post('/authorizations', input));
  receiver.on('/cut').answer(({ headers }) => ({ status: 200, body: `${headers.authorization}` }));
  const id = await makeHook('/cut', authorization);
  const { response } = dataOf(await api.post(`/webhooks/${id}/test`, {}));
  expect(response.body).not.toContain('Canary');
  dataOf(await api.remove(`/webhooks/${id}`));
});

describe('with another encryption key than before', () => {
  let id: string;

  beforeAll(async () => {
    const input = { kind: 'bearer', name: 'Before', token: CANARY.token };
    const { id: authorization } = dataOf(await api.post('/authorizations', input));
    id = await makeHook('/other-key', authorization);
    await app.restart({ env: { ENCRYPTION_KEY: 'another key' } });
  });

  it('nothing is sent without its credentials: the delivery is dead, and says what to do', async () => {
    await makeNotice(app);
    const delivery = await settledDelivery(api, id, 'dead');
    const { attempts } = dataOf(await api.get(`/deliveries/${delivery.id}`));
    expect(attempts[0]).toMatchObject({ outcome: 'auth', response: null });
    expect(attempts[0].error).toMatch(/ENCRYPTION_KEY/);
    expect(receiver.requests.filter(({ path }) => path === '/other-key')).toEqual([]);
    expect(dataOf(await api.get(`/webhooks/${id}`)).headers['x-secret'].value).toBe('********');
  });

  it('and the old key restored, it can be resent', async () => {
    await app.restart({ env: {} });
    const [dead] = dataOf(await api.get(`/deliveries?webhook=${id}&state=dead`));
    dataOf(await api.post(`/deliveries/${dead.id}/resend`));
    const [request] = await receiver.waitFor(1, { path: '/other-key' });
    expect(request?.headers.authorization).toBe(`Bearer ${CANARY.token}`);
    expect(request?.headers['webhook-id']).toBe(dead.eventId);
  });
});

describe('without an encryption key', () => {
  beforeAll(() => app.restart({ env: { PLAYGROUND_WITHOUT_ENCRYPTION_KEY: '1' } }));

  const total = async (path: string) => (await api.get(path)).body.meta.pagination.total;

  it.each([
    [{ kind: 'bearer', name: 'A', token: 'x' }, 'token'],
    [{ kind: 'basic', name: 'A', username: 'a', password: 'x' }, 'password'],
    [{ kind: 'apiKey', name: 'A', key: 'k', value: 'x' }, 'value'],
  ])('no authorization is saved: %j', async (input, path) => {
    const before = await total('/authorizations');
    expect(problemsOf(await api.post('/authorizations', input))).toEqual({
      [path]: expect.stringMatching(/ENCRYPTION_KEY.*Nothing was saved/),
    });
    expect(await total('/authorizations')).toBe(before);
  });

  it.each([
    [{ signing: 'standard' }, 'signing'],
    [{ headers: { 'x-key': { value: 'x', secret: true } } }, 'headers'],
  ])('no webhook with a secret is saved: %j', async (more, path) => {
    const before = await total('/webhooks');
    expect(problemsOf(await api.post('/webhooks', hook(receiver.url(), more)))).toEqual({
      [path]: expect.stringMatching(/ENCRYPTION_KEY.*Nothing was saved/),
    });
    expect(await total('/webhooks')).toBe(before);
  });

  it('a webhook without secrets works as ever', async () => {
    const { id } = dataOf(await api.post('/webhooks', hook(receiver.url('/plain'))));
    await makeNotice(app);
    await receiver.waitFor(1, { path: '/plain' });
    await settledDelivery(api, id, 'delivered');
  });
});
