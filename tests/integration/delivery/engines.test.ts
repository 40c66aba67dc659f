/** Processes that share the work, and their behaviour when Redis is emptied, stops, or never runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisSpace } from '../../support/redis';
import { startRedisServer, type RedisServer } from '../../support/redis-server';
import { startStrapi, StartError, type App } from '../../support/strapi';
import { engineFor, engines, healthOf, startSecond, writeWith } from './cluster';
import { reachable } from './reachable';
import { Stage, until } from './stage';

/** Each process reads its webhooks again within a second; twice as long, because the machine may be busy. */
const EFFECTIVE_MS = 2000;

const sentIds = (stage: Stage, where?: string) =>
  stage.calls(where).map(({ headers }) => headers['webhook-id'] ?? '');

/** Waits until the other process stores deliveries for a webhook that this process created. */
const knownTo = async (app: App, stage: Stage, webhook: { id: string }) => {
  const before = (await stage.deliveries(webhook)).length;
  await until(
    async () => {
      await writeWith(app, 1, 'Known');
      return (await stage.deliveries(webhook)).length;
    },
    (count) => count > before,
  );
};

const SHARED = engines('postgres', 'mysql');

describe.each(SHARED)('on $database, engine $driver', ({ database, driver }) => {
  const engine = engineFor(driver);
  const config = { delivery: { concurrencyPerWebhook: 6 }, engine: engine.config };
  let stage: Stage;
  const others: App[] = [];

  beforeAll(async () => {
    // The first one stores and sends nothing, as a web instance beside workers.
    stage = await Stage.start({
      database,
      config: { ...config, engine: { ...engine.config, dispatch: false } },
    });
    for (let count = 0; count < 2; count += 1)
      others.push(await startSecond(stage.app, { config }));
  });
  afterEach(() => stage?.clear());
  afterAll(async () => {
    for (const other of others) await other.stop();
    await stage?.stop();
    await engine.close();
  });

  it('no delivery is sent twice, whichever processes store and send it', async () => {
    const webhook = await stage.makeWebhook();
    for (const other of others) await knownTo(other, stage, webhook);
    await Promise.all([
      stage.write(100),
      ...others.map((other, index) => writeWith(other, 100, `Of ${index}`)),
    ]);
    const found = await stage.finished(webhook);
    expect(found.length).toBeGreaterThanOrEqual(300);
    expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
      found.map(() => ['delivered', 1]),
    );
    expect(sentIds(stage).sort()).toEqual(found.map(({ eventId }) => eventId).sort());
  });

  it('a webhook that is disabled here is not sent by another, not even what that one has claimed', async () => {
    let open: (() => void)[] = [];
    const gate = () =>
      new Promise<number>((resolve) => {
        open.push(() => resolve(200));
      });
    stage.receiver.on('/hook').answer(gate);
    const webhook = await stage.makeWebhook();
    await stage.write(40);
    await stage.receiver.waitFor(6);
    await stage.changeWebhook(webhook, { enabled: false });
    await until(
      () => stage.deliveries(webhook),
      (found) =>
        found.filter(({ state }) => state === 'sending').length <= stage.calls().length &&
        found.some(({ state }) => state === 'pending'),
    );
    await sleep(EFFECTIVE_MS);
    const before = stage.calls().length;
    open.splice(0).forEach((answer) => answer());
    await stage.all(webhook, ({ state }) => state !== 'sending');
    expect(stage.calls()).toHaveLength(before);

    stage.receiver.on('/hook').answer(200);
    await stage.changeWebhook(webhook, { enabled: true });
    const found = await stage.finished(webhook);
    expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
      Array(40).fill(['delivered', 1]),
    );
    expect(sentIds(stage).sort()).toEqual(found.map(({ eventId }) => eventId).sort());
    open = [];
  });

  it('a new URL counts for every process', async () => {
    const webhook = await stage.makeWebhook({ path: '/old' });
    for (const other of others) await knownTo(other, stage, webhook);
    await stage.finished(webhook);
    await stage.changeWebhook(webhook, { url: stage.receiver.url('/new') });
    await sleep(EFFECTIVE_MS);
    const before = stage.calls('/old').length;
    await Promise.all(others.map((other) => writeWith(other, 10)));
    await stage.finished(webhook);
    expect(stage.calls('/old')).toHaveLength(before);
    expect(stage.calls('/new')).toHaveLength(20);
  });

  it('a rate limit holds over all', async () => {
    const webhook = await stage.makeWebhook({ rateLimit: 20 });
    const startedAt = Date.now();
    await stage.write(21);
    await stage.finished(webhook);
    const last = Math.max(...stage.calls().map(({ at }) => at));
    expect(last - startedAt).toBeGreaterThanOrEqual(20 * 50 - 20);
  });

  const limit = driver === 'bullmq' ? 6 : 12;
  it(`no more than ${limit} are under way at once to one webhook`, async () => {
    let underWay = 0;
    let most = 0;
    stage.receiver.on('/hook').answer(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setTimeout(resolve, 30));
      underWay -= 1;
      return 200;
    });
    const webhook = await stage.makeWebhook();
    await stage.write(120);
    await stage.finished(webhook);
    expect(most).toBeLessThanOrEqual(limit);
    expect(most).toBeGreaterThan(1);
  });
});

const hasRedis = SHARED.some(({ driver }) => driver === 'bullmq');
const databases = hasRedis ? reachable('postgres') : [];

describe.each(databases)('Redis that goes away, on %s', (database) => {
  let server: RedisServer;
  let space: RedisSpace;
  let stage: Stage;

  beforeAll(async () => {
    server = await startRedisServer();
    await server.end();
    space = new RedisSpace(server.url);
    const config = { delivery: { concurrencyPerWebhook: 4 }, engine: space.engine };
    stage = await Stage.start({ database, config });
  });
  afterEach(() => stage?.clear());
  afterAll(async () => {
    await stage?.stop();
    await space?.close();
    await server?.remove();
  });

  const delivered = async (webhook: { id: string }, count: number) => {
    const found = await stage.finished(webhook);
    expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
      Array(count).fill(['delivered', 1]),
    );
    expect(sentIds(stage).sort()).toEqual(found.map(({ eventId }) => eventId).sort());
  };

  const isReachable = (wanted: boolean) =>
    until(
      () => healthOf(stage.app),
      ({ engine }) => engine.isReachable === wanted,
    );

  it('was not there when Strapi started: content is saved, and sent once it is there', async () => {
    expect((await stage.health()).engine).toEqual({
      driver: 'bullmq',
      isRunning: true,
      dispatch: true,
      isReachable: false,
    });
    const webhook = await stage.makeWebhook();
    await stage.write(5);
    expect(stage.calls()).toEqual([]);
    await server.start();
    await isReachable(true);
    await delivered(webhook, 5);
  });

  it('is emptied in the middle: nothing is lost, and nothing sent twice', async () => {
    stage.receiver.on('/hook').answer({ status: 200, delayMs: 50 });
    const webhook = await stage.makeWebhook();
    await stage.write(60);
    await space.empty();
    await stage.receiver.waitFor(20);
    await space.empty();
    await delivered(webhook, 60);
  });

  it('ends in the middle and starts again, without what it held: nothing is lost, and nothing sent twice', async () => {
    stage.receiver.on('/hook').answer({ status: 200, delayMs: 50 });
    const webhook = await stage.makeWebhook();
    await stage.write(30);
    await server.end();
    await isReachable(false);
    await stage.write(30);
    await server.start();
    await delivered(webhook, 60);
    const lines = stage.app.logs().match(/Redis at .* cannot be reached/g) ?? [];
    expect(lines.length).toBeLessThanOrEqual(3);
  });

  it('keeps no queue of a webhook that is gone, and few tickets however much waits', async () => {
    stage.receiver.on('/hook').answer('hang');
    const webhook = await stage.makeWebhook();
    await stage.write(400);
    await stage.receiver.waitFor(4);
    const waiting = (await space.keys()).filter((key) => /:first\.\d+\.\d+$/.test(key));
    expect(waiting.length).toBeLessThanOrEqual(300);
    await stage.api('DELETE', `/webhooks/${webhook.id}`);
    stage.receiver.clear();
    await until(
      () => space.keys(),
      (keys) => keys.every((key) => !key.includes(webhook.id)),
    );
  });
});

describe('a start with the engine bullmq', () => {
  const refused = async (config: object, env = {}) => {
    const started = await startStrapi({ config, env }).catch((error: unknown) => error);
    if (started instanceof StartError) return started.message;
    await (started as App).stop();
    throw new Error('Strapi started.');
  };

  it('is refused without its packages, and says what to install', async () => {
    const text = await refused(
      { engine: { driver: 'bullmq', redis: 'redis://canary:canary@127.0.0.1:1/0' } },
      { NODE_OPTIONS: `--require ${require.resolve('./without-bullmq.js')}` },
    );
    expect(text).toContain('npm install bullmq@6 ioredis@5');
    expect(text).not.toContain('canary');
  });
});
