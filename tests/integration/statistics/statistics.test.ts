/** GET /statistics: counted in parts of the log, with the same result on every database. */
import type { Statistics } from '../../../server/contract/delivery';
import { reachable } from '../delivery/reachable';
import { HOUR, MINUTE, Stage, until } from '../delivery/stage';

type Batch = { webhook: string; at: number; count: number; state?: string; attempts?: number };

/** Past deliveries, each with one attempt or more; the first one's took 1 ms, the next 2, and so on to 100 and from 1 again. */
const store = async (strapi: any, batch: Batch) => {
  const { webhook, at, count, state = 'delivered', attempts = 1 } = batch;
  const knex = strapi.db.connection;
  const delivery = (index: number) => ({
    event_id: `evt_${at}_${index}`,
    event: 'entry.create',
    webhook_id: webhook,
    webhook_name: 'Past',
    format: 'standard',
    serialization: 'json',
    state,
    attempt_count: attempts,
    due_at: at,
    trigger: 'automatic',
    is_test: false,
    created_at: at,
  });
  const last = await knex('workflow_webhooks_deliveries').max({ id: 'id' }).first();
  const rows = Array.from({ length: count }, (_, index) => delivery(index));
  await knex.batchInsert('workflow_webhooks_deliveries', rows, 500);
  const ids = await knex('workflow_webhooks_deliveries')
    .where('id', '>', last.id ?? 0)
    .orderBy('id')
    .pluck('id');
  const attempt = (delivery_id: number, index: number) => ({
    delivery_id,
    at,
    duration_ms: (index % 100) + 1,
    outcome: state === 'delivered' ? 'delivered' : 'refused',
    trigger: 'automatic',
    request: '{}',
  });
  for (let made = 0; made < attempts; made += 1)
    await knex.batchInsert('workflow_webhooks_attempts', ids.map(attempt), 500);
};

const forget = async (strapi: any) => {
  for (const table of ['attempts', 'deliveries', 'events'])
    await strapi.db.connection(`workflow_webhooks_${table}`).delete();
};

describe.each(reachable('sqlite', 'postgres', 'mysql'))('statistics on %s', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({ database });
  });
  afterEach(async () => {
    await stage.clear();
    await stage.app.run(forget);
  });
  afterAll(() => stage?.stop());

  const ask = (query = ''): Promise<Statistics> => stage.api('GET', `/statistics${query}`);
  const past = (batch: Batch) => stage.app.run(store, batch);
  /** Answers are kept for a moment. */
  const seen = (query: string, isSo: (statistics: Statistics) => boolean) =>
    until(() => ask(query), isSo);

  it('are zero before anything was sent', async () => {
    const statistics = await seen('', ({ hasDeliveries }) => !hasDeliveries);
    expect(statistics.buckets.length).toBeGreaterThan(40);
    expect(statistics.buckets.every(({ latency }) => latency === null)).toBe(true);
    expect(statistics).toMatchObject({
      latency: null,
      endpoints: [],
      queue: { pending: 0, sending: 0, retrying: 0, oldestWaitingMs: null, inFlight: 0 },
      webhooks: { total: 0, failing: 0, disabled: 0 },
      engine: { driver: 'database', isRunning: true, dispatch: true },
    });
  });

  it('count what was sent, refused, is dead and waits, and leave tests out', async () => {
    stage.receiver.on('/fails').answer(500);
    stage.receiver.on('/moved').answer({ redirect: 'https://example.com/' });
    const good = await stage.makeWebhook({ path: '/good' });
    const fails = await stage.makeWebhook({ path: '/fails' });
    const moved = await stage.makeWebhook({ path: '/moved' });
    await stage.write(3);
    await stage.finished(good);
    await stage.finished(moved);
    await stage.all(fails, ({ state }) => state === 'retrying');
    await stage.api('POST', `/webhooks/${good.id}/test`, {});

    const all = await seen('', ({ states }) => states.retrying === 3);
    expect(all.states).toMatchObject({ delivered: 3, dead: 3, retrying: 3, pending: 0 });
    expect(all.buckets.at(-1)?.states).toEqual(all.states);
    expect(all.outcomes).toMatchObject({ delivered: 3, refused: 6 });
    expect(all.latency?.p99).toBeGreaterThanOrEqual(all.latency?.p50 ?? Infinity);
    expect(all.queue).toMatchObject({ retrying: 3, oldestWaitingMs: expect.any(Number) });
    expect(all.endpoints.map(({ id, failed }) => [id, failed])).toEqual(
      expect.arrayContaining([
        [fails.id, 3],
        [moved.id, 3],
        [good.id, 0],
      ]),
    );
    expect(all.endpoints.at(-1)).toMatchObject({ id: good.id, delivered: 3 });

    const one = await ask(`?webhook=${good.id}`);
    expect(one.states).toMatchObject({ delivered: 3, dead: 0, retrying: 0 });
    expect(one.queue.retrying).toBe(0);
    expect(one.webhooks.total).toBe(1);
  });

  it('put each delivery into the bucket of its time, with the latency of its attempts', async () => {
    const { id } = await stage.makeWebhook();
    const now = await stage.app.run((strapi) =>
      strapi.plugin('workflow-webhooks').service('clock').now(),
    );
    const recent = Math.floor((now - HOUR / 2) / MINUTE) * MINUTE;
    await past({ webhook: id, at: now - 3 * HOUR, count: 7 });
    await past({ webhook: id, at: recent, count: 60 });
    await past({ webhook: id, at: recent + MINUTE - 1, count: 40, state: 'dead' });
    await past({ webhook: id, at: recent + MINUTE, count: 5 });

    const from = new Date(now - HOUR).toISOString();
    const hour = await seen(`?from=${from}`, ({ states }) => states.delivered === 65);
    expect(hour.bucketMs).toBe(MINUTE);
    expect(hour.states).toMatchObject({ delivered: 65, dead: 40 });
    const bucketAt = (at: number) =>
      hour.buckets.find((bucket) => bucket.at === new Date(at).toISOString());
    expect(bucketAt(recent)?.states).toMatchObject({ delivered: 60, dead: 40 });
    expect(bucketAt(recent + MINUTE)).toMatchObject({
      states: { delivered: 5, dead: 0 },
      latency: { p50: 3, p95: 5, p99: 5 },
    });
    expect(bucketAt(recent - MINUTE)).toMatchObject({ latency: null });

    const to = new Date(now - 2 * HOUR).toISOString();
    const earlier = await ask(`?from=${new Date(now - 4 * HOUR).toISOString()}&to=${to}`);
    expect(earlier.states.delivered).toBe(7);
    expect(earlier.latency).toEqual({ p50: 4, p95: 7, p99: 7 });
  });

  it('count all of many, piece by piece, and measure a part of them', async () => {
    const { id } = await stage.makeWebhook();
    const now = await stage.app.run((strapi) =>
      strapi.plugin('workflow-webhooks').service('clock').now(),
    );
    await past({ webhook: id, at: now - 10 * MINUTE, count: 45_000 });
    const statistics = await seen('', ({ states }) => states.delivered === 45_000);
    expect(statistics.sampledEvery).toBe(3);
    expect(statistics.outcomes.delivered).toBe(45_000);
    expect(statistics.latency?.p50).toBeGreaterThan(45);
    expect(statistics.latency?.p50).toBeLessThan(55);
    expect(statistics.latency?.p99).toBeGreaterThan(95);
  });

  it('count all attempts, also where each delivery was tried many times', async () => {
    const { id } = await stage.makeWebhook();
    const now = await stage.app.run((strapi) =>
      strapi.plugin('workflow-webhooks').service('clock').now(),
    );
    await past({ webhook: id, at: now - 10 * MINUTE, count: 6000, state: 'dead', attempts: 10 });
    const statistics = await seen('', ({ states }) => states.dead === 6000);
    expect(statistics.outcomes.refused).toBe(60_000);
    expect(statistics.sampledEvery).toBe(3);
    expect(statistics.latency?.p95).toBeGreaterThan(90);
  });
});

describe('the question', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start();
  });
  afterAll(() => stage?.stop());

  const refusalOf = async (query: string) => {
    const answer = await stage.app.request('GET', `/workflow-webhooks/statistics?${query}`);
    return { status: answer.status, ...answer.body.error?.details?.errors?.[0] };
  };

  it.each([
    ['from=yesterday', ['from'], 'Expected a time such as'],
    ['to=2026', ['to'], 'Expected a time such as'],
    ['from=2026-11-22T00:00:00Z&to=2026-11-21T00:00:00Z', ['from'], 'before "to"'],
    ['from=2020-01-01T00:00:00Z&to=2026-11-21T00:00:00Z', ['from'], 'at most 400 days'],
    [`webhook=${'x'.repeat(65)}`, ['webhook'], 'at most 64 characters'],
    ['webhook=a&webhook=b', ['webhook'], 'the id of one webhook'],
  ])('that makes no sense is refused with the reason: %s', async (query, at, message) => {
    expect(await refusalOf(query)).toMatchObject({
      status: 400,
      path: at,
      message: expect.stringContaining(message),
    });
  });

  it('of a webhook that is not there is answered with zeros', async () => {
    const { states, endpoints } = await stage.api<Statistics>('GET', '/statistics?webhook=nobody');
    expect([Object.values(states), endpoints]).toEqual([[0, 0, 0, 0, 0, 0], []]);
  });

  it('is for those who may read deliveries', async () => {
    const path = '/workflow-webhooks/statistics';
    const reader = await stage.app.createAdmin(['plugin::workflow-webhooks.delivery.read']);
    const other = await stage.app.createAdmin(['plugin::workflow-webhooks.webhook.read']);
    expect((await reader.request('GET', path)).status).toBe(200);
    expect((await other.request('GET', path)).status).toBe(403);
  });
});
