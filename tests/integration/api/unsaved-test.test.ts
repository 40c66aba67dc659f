/** A test of a webhook before it is saved: really sent, validated like a save, and not stored. */
import { permissionUid } from '../../../server/contract/names';
import { startReceiver, type Receiver } from '../../support/receiver';
import { startStrapi, type App } from '../../support/strapi';
import { dataOf, hook, pluginApi, problemsOf, type PluginApi } from './plugin-api';

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
afterEach(() => receiver.clear());

const test = (webhook: object, more: object = {}) =>
  api.post('/webhooks/test', { webhook, ...more });

it('is really sent, as a sample of the event that is asked for', async () => {
  receiver.on('/new').answer({ status: 202, body: 'thanks' });
  const webhook = hook(receiver.url('/new'), { format: 'vee', headers: { 'x-team': 'web' } });
  const answer = dataOf(await test(webhook, { sample: { event: 'schedule.publish' } }));
  expect(answer).toMatchObject({ ok: true, response: { status: 202, body: 'thanks' } });
  const [request] = receiver.requests;
  expect(request?.headers['x-team']).toBe('web');
  expect(JSON.parse(request?.body ?? '')).toMatchObject({
    operation: 'update',
    entityType: 'banner',
    type: 'schedule.publish',
  });
});

it('leaves nothing behind: no webhook, and no line in the log', async () => {
  const before = dataOf(await api.get('/deliveries')).length;
  dataOf(await test(hook(receiver.url('/new'))));
  expect(dataOf(await api.get('/webhooks'))).toEqual([]);
  expect(dataOf(await api.get('/deliveries'))).toHaveLength(before);
});

it('says what a receiver did wrong, and is not tried again', async () => {
  receiver.on('/broken').answer(500);
  const answer = dataOf(await test(hook(receiver.url('/broken'))));
  expect(answer).toMatchObject({ ok: false, response: { status: 500 } });
  expect(receiver.requests).toHaveLength(1);
});

it('is refused at the same fields as a save, and calls no endpoint', async () => {
  expect(problemsOf(await test({ ...hook('nowhere'), name: '' }))).toMatchObject({
    name: expect.any(String),
    url: expect.any(String),
  });
  const inside = await test(hook('http://169.254.169.254/latest'));
  expect(problemsOf(inside).url).toMatch(/network\.allow/);
  expect(receiver.requests).toEqual([]);
});

it('of a changed webhook uses what is stored behind its masks', async () => {
  const secret = { value: 'of-the-receiver', secret: true };
  const webhook = hook(receiver.url('/old'), { headers: { 'x-key': secret } });
  const { id } = dataOf(await api.post('/webhooks', webhook));
  const changed = { ...webhook, headers: { 'x-key': { value: '********', secret: true } } };
  dataOf(await test({ ...changed, url: receiver.url('/moved') }, { id }));
  expect(receiver.requests).toMatchObject([
    { path: '/moved', headers: { 'x-key': 'of-the-receiver' } },
  ]);
  expect(dataOf(await api.get(`/webhooks/${id}`)).url).toBe(receiver.url('/old'));
  expect((await test(changed, { id: 'nobody' })).status).toBe(404);
});

it('takes the permission to test, and the one to save what is tested', async () => {
  const allowed = async (...names: ('webhook.test' | 'webhook.create' | 'webhook.update')[]) => {
    const admin = await app.createAdmin(names.map(permissionUid));
    const path = '/workflow-webhooks/webhooks/test';
    const webhook = hook(receiver.url('/new'));
    const ask = async (id?: string) => (await admin.request('POST', path, { webhook, id })).status;
    return { new: await ask(), stored: await ask('nobody') };
  };
  expect(await allowed('webhook.test')).toEqual({ new: 403, stored: 403 });
  expect(await allowed('webhook.create', 'webhook.update')).toEqual({ new: 403, stored: 403 });
  expect(await allowed('webhook.test', 'webhook.create')).toEqual({ new: 200, stored: 403 });
  expect(await allowed('webhook.test', 'webhook.update')).toEqual({ new: 403, stored: 404 });
});

it('runs ten at a time at most, tests and checks of all kinds together: another one answers 429', async () => {
  const saved = dataOf(await api.post('/webhooks', hook(receiver.url('/saved'))));
  const authorization = dataOf(
    await api.post('/authorizations', { kind: 'bearer', name: 'A', token: 'x' }),
  );
  const url = receiver.url('/fine');
  const each = () => [
    test(hook(url)),
    api.post(`/webhooks/${saved.id}/test`, {}),
    api.post(`/authorizations/${authorization.id}/check`, { url }),
  ];
  let release: () => void = () => undefined;
  const held = new Promise<void>((done) => (release = done));
  receiver.on('/held').answer(async () => {
    await held;
    return 200;
  });
  const running = Array.from({ length: 10 }, () => test(hook(receiver.url('/held'))));
  await receiver.waitFor(10, { path: '/held' });
  for (const refused of await Promise.all(each()))
    expect(refused).toMatchObject({
      status: 429,
      body: { error: { details: { code: 'too-many-tests', params: { limit: 10 } } } },
    });
  release();
  for (const answer of await Promise.all(running))
    expect(dataOf(answer)).toMatchObject({ ok: true });
  for (const answer of await Promise.all(each()))
    expect(dataOf(answer)).toMatchObject({ ok: true });
  await api.remove(`/webhooks/${saved.id}`);
  await api.remove(`/authorizations/${authorization.id}`);
});
