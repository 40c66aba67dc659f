/** Bad endpoints beside a good one: each fails as expected, and none delays the good one. */
import type { Webhook } from '../../../server/contract/webhook';
import type { Step } from '../../support/receiver';
import { MINUTE, Stage, until } from './stage';

const TAGS = 8;
const NOTICES = 100;

/** Saves notices for the good endpoint; all others were given tags. */
const tags = { contentTypes: ['api::tag.tag'], maxAttempts: 2 };

const writeTags = (stage: Stage, count: number) =>
  stage.app.run(async (strapi, last) => {
    for (let index = 0; index < last; index += 1) {
      await strapi.documents('api::tag.tag').create({ data: { name: `Tag ${index}` } });
    }
  }, count);

describe('endpoints of every bad kind', () => {
  /** The outcome of the one attempt of each kind, and whether another attempt follows. */
  const SCRIPTED: Record<string, { step: Step; outcome: string; state: string }> = {
    '/hanging': { step: 'hang', outcome: 'timeout', state: 'retrying' },
    '/dribbling': { step: 'dribble', outcome: 'delivered', state: 'delivered' },
    '/resetting': { step: 'reset', outcome: 'connection', state: 'retrying' },
    '/redirecting': { step: { redirect: '/hook' }, outcome: 'refused', state: 'dead' },
    '/huge': { step: 'huge', outcome: 'delivered', state: 'delivered' },
    '/late': { step: { status: 200, delayMs: 12_000 }, outcome: 'timeout', state: 'retrying' },
  };
  const ELSEWHERE: Record<string, { url: string; outcome: string; state: string }> = {
    refusing: { url: 'http://127.0.0.1:1/', outcome: 'connection', state: 'retrying' },
    unknown: { url: 'http://nobody.invalid/', outcome: 'connection', state: 'retrying' },
    plain: { url: '', outcome: 'connection', state: 'retrying' },
  };

  let stage: Stage;
  let good: Webhook;
  const bad = new Map<string, Webhook>();

  beforeAll(async () => {
    stage = await Stage.start({
      config: {
        delivery: {
          // A lane that fails sends one at a time: eight time-outs must fit into the patience of `until`.
          timeout: 5000,
          schedule: [0, 30 * MINUTE],
          concurrency: 8,
          concurrencyPerWebhook: 4,
          maxResponseBytes: 2000,
        },
        network: { allow: ['127.0.0.0/8', 'nobody.invalid'] },
      },
    });
    const plain = stage.receiver.url('/plain').replace('http:', 'https:');
    for (const [path, { step }] of Object.entries(SCRIPTED)) {
      stage.receiver.on(path).answer(step);
      bad.set(path, await stage.makeWebhook({ path, ...tags }));
    }
    for (const [name, { url }] of Object.entries(ELSEWHERE)) {
      bad.set(name, await stage.makeWebhook({ name, ...tags, url: url || plain }));
    }
    good = await stage.makeWebhook();
    await writeTags(stage, TAGS);
    await stage.receiver.waitFor(1, { path: '/hanging' });
    await stage.write(NOTICES);
    await stage.receiver.waitFor(NOTICES, { path: '/hook' });
  });
  afterAll(() => stage.stop());

  it('do not disturb the good one, which gets all its deliveries at the first attempt', async () => {
    const found = await stage.finished(good);
    expect(found).toHaveLength(NOTICES);
    expect(found.every((each) => each.state === 'delivered' && each.attemptCount === 1)).toBe(true);
    expect(new Set(stage.calls().map(({ headers }) => headers['webhook-id'])).size).toBe(NOTICES);
  });

  it.each(Object.entries({ ...SCRIPTED, ...ELSEWHERE }))(
    'end as they must: %s',
    async (name, { outcome, state }) => {
      const webhook = bad.get(name)!;
      const found = await stage.all(
        webhook,
        (each) => each.attemptCount > 0 && each.state !== 'sending',
      );
      expect(found).toHaveLength(TAGS);
      expect(new Set(found.map((each) => each.state))).toEqual(new Set([state]));
      // The last one: the first ones meet the rush of the start, in which a slow machine may run into the time-out.
      const { attempts } = await stage.delivery(found.at(-1)!);
      expect(attempts).toMatchObject([{ outcome }]);
      expect(attempts[0]?.error === null).toBe(attempts[0]?.response !== null);
    },
  );

  it('cannot fill the log: of 50 MB as much is stored as was configured', async () => {
    const [delivery] = await stage.deliveries(bad.get('/huge')!);
    const { attempts } = await stage.delivery(delivery!);
    expect(attempts[0]?.response?.body).toMatch(/^x{2000}\n\[the rest was not read\]$/);
  });

  it('are failing, except those that answered 2xx, and the good one is healthy', async () => {
    const { webhooks } = await stage.health();
    const stateOf = (webhook: Webhook) => webhooks.find(({ id }) => id === webhook.id)?.state;
    expect(stateOf(good)).toBe('healthy');
    for (const [name, webhook] of bad) {
      const isDelivered = SCRIPTED[name]?.state === 'delivered';
      expect([name, stateOf(webhook)]).toEqual([name, isDelivered ? 'healthy' : 'failing']);
    }
  });

  it('get their second attempt when it is due, and are sent everything when they recover', async () => {
    const webhook = bad.get('/hanging')!;
    stage.receiver.on('/hanging').answer(200);
    await stage.turn(40 * MINUTE);
    const found = await stage.finished(webhook);
    expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
      Array(TAGS).fill(['delivered', 2]),
    );
    expect((await stage.webhook(webhook)).health.state).toBe('healthy');
  });
});

describe('endpoints that hang for minutes, more than there are slots', () => {
  const HANGING = 5;
  const EVENTS = 50;
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({
      config: { delivery: { timeout: 5 * MINUTE, concurrency: 8, concurrencyPerWebhook: 8 } },
    });
  });
  afterAll(() => stage.stop());

  it('hold their slots and no others: the good endpoint gets everything meanwhile', async () => {
    const paths = Array.from({ length: HANGING }, (_, index) => `/hanging-${index}`);
    for (const path of paths) {
      stage.receiver.on(path).answer('hang');
      await stage.makeWebhook({ path, ...tags });
    }
    await writeTags(stage, EVENTS);
    await until(
      () => stage.health(),
      ({ inFlight }) => inFlight >= 8,
    );
    const good = await stage.makeWebhook();
    await stage.write(EVENTS);
    const found = await stage.finished(good);
    expect(found.map(({ state }) => state)).toEqual(Array(EVENTS).fill('delivered'));

    // No hanging call has ended meanwhile: the good webhook waited for none of them.
    const { inFlight, deliveries } = await stage.health();
    expect(inFlight).toBeGreaterThanOrEqual(8);
    expect(deliveries.delivered).toBe(EVENTS);
    expect(deliveries.retrying).toBe(0);
  });
});
