/** The dispatcher beside an outbox that is a list: who is sent to, and when. */
import { scene, type Scene, type Wish } from './dispatching';

const SECOND = 1000;

let stage: Scene;
const begin = async (wish: Wish) => {
  stage = scene(wish);
  await stage.dispatcher.start();
};
afterEach(() => stage.end());

describe('a rate limit', () => {
  it('is reached by a receiver that takes longer to answer than the limit between two requests', async () => {
    const webhook = { id: 'slow', rateLimit: 1 };
    await begin({ webhooks: [webhook], answer: () => ({ status: 200, ms: 3 * SECOND }) });
    stage.store('slow', 100);
    await stage.pass(20 * SECOND);
    expect(stage.sent.length).toBeGreaterThanOrEqual(19);
    expect(stage.sent.length).toBeLessThanOrEqual(21);
  });

  it('holds after a pause, too: what waited leaves one by one', async () => {
    const busy = { status: 429, headers: { 'retry-after': '60' } };
    await begin({
      webhooks: [{ id: 'busy', rateLimit: 20 }],
      config: { schedule: [0, 120 * SECOND] },
      answer: ({ id }) => (id === 1 && stage.sent.length === 1 ? busy : 200),
    });
    stage.store('busy', 100);
    await stage.pass(60 * SECOND);
    const before = stage.sent.length;
    expect(before).toBeLessThan(5);
    await stage.pass(2 * SECOND);
    const times = stage.sent.slice(before).map(({ at }) => at);
    expect(times.length).toBeGreaterThan(20);
    const most = times.map((at) => times.filter((one) => one >= at && one < at + 200).length);
    expect(Math.max(...most)).toBeLessThanOrEqual(5);
  });
});

describe('a database that takes nothing for longer than a lease', () => {
  const STATEMENTS = ['settle', 'extend', 'claim', 'release', 'dueWebhooks', 'webhooks'];
  const cut = () => {
    let isDown = true;
    for (const name of STATEMENTS) stage.failing.set(name, () => isDown);
    return () => (isDown = false);
  };

  it.each([0, 400, 1000, 4000, 7000])(
    'has nothing sent twice that was answered meanwhile, when it is back after 40 s and %d ms',
    async (more) => {
      await begin({ webhooks: [{ id: 'one' }], answer: () => ({ status: 200, ms: 300 }) });
      stage.store('one', 30);
      await stage.pass(200);
      const mend = cut();
      await stage.pass(40 * SECOND + more);
      mend();
      await stage.pass(20 * SECOND);
      expect(stage.sent).toHaveLength(30);
      expect(stage.rows.filter(({ state }) => state === 'delivered')).toHaveLength(30);
    },
  );

  it.each([0, 1000, 2000, 3000, 4000, 5000, 6000])(
    'has nothing sent twice that is claimed while it is being recorded, after 40 s and %d ms',
    async (more) => {
      await begin({ webhooks: [{ id: 'one' }], recordingMs: 2000 });
      stage.store('one', 4);
      await stage.pass(200);
      const mend = cut();
      await stage.pass(40 * SECOND + more);
      mend();
      await stage.pass(60 * SECOND);
      expect(stage.sent).toHaveLength(4);
      expect(stage.rows.filter(({ state }) => state === 'delivered')).toHaveLength(4);
    },
  );

  it('has nothing sent twice that is still under way or waits for its turn', async () => {
    await begin({
      webhooks: [{ id: 'one', rateLimit: 0.02 }, { id: 'slow' }],
      answer: () => ({ status: 200, ms: 45 * SECOND }),
    });
    stage.store('one', 2);
    stage.store('slow', 4);
    await stage.pass(1000);
    const mend = cut();
    await stage.pass(42 * SECOND);
    mend();
    await stage.pass(120 * SECOND);
    expect(stage.sent).toHaveLength(6);
    expect(stage.rows.filter(({ state }) => state === 'delivered')).toHaveLength(6);
  });
});

describe('a webhook whose deliveries cannot be claimed', () => {
  it('keeps no other waiting, and is asked for again at the next look', async () => {
    await begin({ webhooks: [{ id: 'bad' }, { id: 'good' }, { id: 'other' }] });
    let isBad = true;
    stage.failing.set('claim', (webhookId) => isBad && webhookId === 'bad');
    for (const id of ['bad', 'good', 'other']) stage.store(id, 20);
    stage.dispatcher.wake();
    await stage.pass(300);
    expect(stage.sentTo('good')).toHaveLength(20);
    expect(stage.sentTo('other')).toHaveLength(20);
    expect(stage.asked.length).toBeLessThan(30);
    isBad = false;
    await stage.pass(1000);
    expect(stage.sentTo('bad')).toHaveLength(20);
  });
});

describe('a receiver that asks for a pause', () => {
  it('is sent what waits for it when the pause is over, whatever rang meanwhile', async () => {
    const busy = { status: 429, headers: { 'retry-after': '60' } };
    await begin({
      webhooks: [{ id: 'busy' }],
      perWebhook: 2,
      config: { schedule: [0, 600 * SECOND] },
      answer: () => (stage.sent.length === 9 ? busy : 200),
    });
    stage.store('busy', 8);
    // The alarm would ring in the pause for nothing, so it is cancelled before.
    stage.store('busy', 1, { state: 'retrying', due_at: Date.now() + 30 * SECOND });
    await stage.pass(5 * SECOND);
    stage.rows[8]!.state = 'cancelled';
    stage.store('busy', 60);
    await stage.pass(59 * SECOND);
    const before = stage.sent.length;
    expect(before).toBeLessThan(12);
    await stage.pass(3 * SECOND);
    expect(stage.sent).toHaveLength(68);
  });
});

describe('a database that answers nothing at the start', () => {
  it('is asked again: sending has started, and goes on when it answers', async () => {
    stage = scene({ webhooks: [{ id: 'one' }] });
    let isDown = true;
    stage.failing.set('webhooks', () => isDown);
    await stage.dispatcher.start();
    expect(stage.dispatcher.isRunning()).toBe(true);
    expect(stage.errors).toContain('No webhooks today');
    stage.store('one', 3);
    await stage.pass(2 * SECOND);
    expect(stage.sent).toEqual([]);
    isDown = false;
    await stage.pass(SECOND);
    expect(stage.sent).toHaveLength(3);
  });
});

describe('first attempts of one document', () => {
  const title = ({ id }: { id: number }) => id;

  it('are made one after the other, and those of others beside them', async () => {
    await begin({
      webhooks: [{ id: 'one' }],
      perWebhook: 8,
      answer: () => ({ status: 200, ms: 50 }),
    });
    stage.store('one', 2, { document_id: 'a' });
    stage.store('one', 2, { document_id: 'b' });
    stage.store('one', 2, { document_id: null });
    stage.dispatcher.wake();
    await stage.pass(20);
    expect(stage.sent.map(title)).toEqual([1, 3, 5, 6]);
    await stage.pass(50);
    expect(stage.sent.map(title)).toEqual([1, 3, 5, 6, 2, 4]);
  });

  it('wait for the answer to the first attempt of the one before, not for its retry', async () => {
    await begin({ webhooks: [{ id: 'one' }], answer: ({ id }) => (id === 1 ? 500 : 200) });
    stage.store('one', 2, { document_id: 'a' });
    stage.dispatcher.wake();
    await stage.pass(100);
    expect(stage.sent.map(title)).toEqual([1, 2]);
  });

  it('do not wait for attempts that are no first ones', async () => {
    await begin({ webhooks: [{ id: 'one' }], answer: () => ({ status: 200, ms: 50 }) });
    stage.store('one', 1, { document_id: 'a', state: 'retrying', attempt_count: 1 });
    stage.store('one', 1, { document_id: 'a' });
    stage.dispatcher.wake();
    await stage.pass(20);
    expect(stage.sent.map(title).sort()).toEqual([1, 2]);
  });
});
