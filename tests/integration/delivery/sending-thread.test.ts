/** Requests leave from a thread of their own. When it dies, nothing is lost, and no attempt is counted. */
import path from 'node:path';
import { killThread, THREADS_ENV, threadsStarted } from '../../support/threads';
import { Stage, until } from './stage';

const AGENT = path.resolve(__dirname, '../../support/tracing-agent-preload.js');

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start({ env: THREADS_ENV });
});
afterEach(() => stage.clear());
afterAll(() => stage.stop());

/** Ends the thread once that many requests hang in it. */
const killWhenHolding = async (requests: number, path: string) => {
  await stage.receiver.waitFor(requests, { path });
  expect(await killThread(stage.app)).toBe(true);
};

it('deliveries, tests, checks and validations share one thread', async () => {
  const webhook = await stage.makeWebhook({ path: '/first' });
  await stage.write(3);
  await stage.finished(webhook);
  const result = await stage.api('POST', `/webhooks/${webhook.id}/test`, {});
  expect(result.ok).toBe(true);
  const authorization = await stage.api('POST', '/authorizations', {
    name: 'A key',
    kind: 'bearer',
    token: 'secret-token',
  });
  const check = await stage.api('POST', `/authorizations/${authorization.id}/check`, {
    url: stage.receiver.url('/checked'),
  });
  expect(check.ok).toBe(true);
  expect(await threadsStarted(stage.app)).toBe(1);
});

it('what the thread held is sent again by the next one, and no attempt is counted', async () => {
  const before = await threadsStarted(stage.app);
  let isFirst = true;
  stage.receiver.on('/hanging').answer(() => (isFirst ? 'hang' : 200));
  const webhook = await stage.makeWebhook({ path: '/hanging' });
  await stage.write(8);
  await stage.receiver.waitFor(8, { path: '/hanging' });
  isFirst = false;
  expect(await killThread(stage.app)).toBe(true);

  const deliveries = await stage.finished(webhook);
  expect(deliveries.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
    Array(8).fill(['delivered', 1]),
  );
  expect(await threadsStarted(stage.app)).toBe(before + 1);
  expect(stage.app.logs()).toContain('the sending thread died');
});

it('a delivery whose thread dies three times is tried again later, as after a broken connection', async () => {
  stage.receiver.on('/deadly').answer('hang');
  const webhook = await stage.makeWebhook({ path: '/deadly' });
  await stage.write(1);
  for (const count of [1, 2, 3]) await killWhenHolding(count, '/deadly');
  const [delivery] = await until(
    () => stage.deliveries(webhook),
    ([one]) => one?.state === 'retrying',
  );
  expect(delivery).toMatchObject({ attemptCount: 1 });
  const { attempts } = await stage.delivery(delivery!);
  expect(attempts.map(({ outcome }) => outcome)).toEqual(['connection']);
});

it('a test that somebody waits for survives the death of the thread', async () => {
  let isFirst = true;
  stage.receiver.on('/tested').answer(() => (isFirst ? 'hang' : 200));
  const webhook = await stage.makeWebhook({ path: '/tested', enabled: false });
  const testing = stage.api('POST', `/webhooks/${webhook.id}/test`, {});
  await stage.receiver.waitFor(1, { path: '/tested' });
  isFirst = false;
  expect(await killThread(stage.app)).toBe(true);
  expect(await testing).toMatchObject({ ok: true });
});

it('an agent that is loaded with --require adds no traceparent to the requests of the thread', async () => {
  const NODE_OPTIONS = `${THREADS_ENV.NODE_OPTIONS} --require ${AGENT}`;
  await stage.app.restart({ env: { NODE_OPTIONS } });
  const webhook = await stage.makeWebhook({ path: '/untraced' });
  await stage.write(1);
  await stage.finished(webhook);
  expect(await threadsStarted(stage.app)).toBe(1);
  expect(stage.calls('/untraced')[0]?.headers).not.toHaveProperty('traceparent');
});

it('without the thread, the same is sent on the event loop of Strapi', async () => {
  await stage.app.restart({ env: THREADS_ENV, config: { engine: { thread: false } } });
  const webhook = await stage.makeWebhook({ path: '/same' });
  await stage.write(3);
  const deliveries = await stage.finished(webhook);
  expect(deliveries.map(({ state }) => state)).toEqual(Array(3).fill('delivered'));
  expect(await threadsStarted(stage.app)).toBe(0);
});
