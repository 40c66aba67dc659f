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
});
