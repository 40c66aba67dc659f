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
