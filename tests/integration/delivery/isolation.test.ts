/** A healthy webhook beside others that hang or have a large backlog: it waits for none of them. */
import type { Webhook } from '../../../server/contract/webhook';
import { countOf, fillBacklog } from './backlog';
import { reachable } from './reachable';
import { HOUR, MINUTE, Stage, until } from './stage';

const EVENTS = 40;
const MOUNTAIN = 100_000;
const CONCURRENCY = 32;

describe.each(reachable('sqlite', 'postgres'))('on %s', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({
      database,
      config: {
        delivery: { timeout: 5 * MINUTE, concurrency: CONCURRENCY, schedule: [0, HOUR] },
      },
    });
  });
  afterAll(() => stage?.stop());

  const writeTags = (name: string, count: number) =>
    stage.app.run(
      async (strapi, tags) => {
        for (let index = 0; index < tags.count; index += 1)
          await strapi
            .documents('api::tag.tag')
            .create({ data: { name: `${tags.name} ${index}` } });
      },
      { name, count },
    );

  const remove = async (webhooks: Webhook[]) => {
    for (const { id } of webhooks) await stage.api('DELETE', `/webhooks/${id}`);
  };

  const deliveredAtOnce = async (good: Webhook) => {
    const found = await stage.finished(good);
    expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
      Array(EVENTS).fill(['delivered', 1]),
    );
  };

  describe('a backlog', () => {
    /** The receiver is slow, so that the delivery is still there when the test reads it. */
    const withMountain = async (like: Record<string, string | number>) => {
      stage.receiver.on('/mountain').answer(200);
      const mountain = await stage.makeWebhook({ path: '/mountain', name: 'Mountain' });
      await fillBacklog(stage, mountain, { count: MOUNTAIN, like });
      stage.receiver.on('/mountain').answer({ status: 200, delayMs: 50 });
      return mountain;
    };

    it('of 100,000 waiting deliveries is still being sent when the healthy endpoint has got everything', async () => {
      const mountain = await withMountain({ state: 'pending', attempt_count: 0 });
      const good = await stage.makeWebhook({ path: '/good' });
      await stage.changeWebhook(mountain, { enabled: true, contentTypes: ['api::tag.tag'] });
      await stage.receiver.waitFor(20, { path: '/mountain' });
      await stage.write(EVENTS);
      await deliveredAtOnce(good);
      expect(await countOf(stage, mountain, 'pending', 'sending')).toBeGreaterThan(MOUNTAIN / 2);
      await remove([mountain, good]);
      expect(await countOf(stage, mountain, 'pending', 'retrying', 'sending')).toBe(0);
    });

    it('of retries does not delay first attempts, not even those of the same webhook', async () => {
      const mountain = await withMountain({ state: 'retrying', attempt_count: 1 });
      const good = await stage.makeWebhook({ path: '/good' });
      await stage.changeWebhook(mountain, { enabled: true });
      await stage.receiver.waitFor(20, { path: '/mountain' });
      await stage.write(EVENTS, 'First');
      await deliveredAtOnce(good);
      const firsts = () =>
        stage.calls('/mountain').filter(({ body }) => body.includes('"First ')).length;
      await until(
        async () => firsts(),
        (count) => count === EVENTS,
      );
      expect(await countOf(stage, mountain, 'retrying', 'sending')).toBeGreaterThan(MOUNTAIN / 2);
      await remove([mountain, good]);
    });
  });

  // Last, and never ended: what hangs goes on hanging until Strapi is stopped.
  describe.each([1, 50])('%d webhooks that hang', (count) => {
    it('occupy only their own slots: the healthy endpoint gets everything while none of theirs has ended', async () => {
      const hanging: Webhook[] = [];
      for (let index = 0; index < count; index += 1) {
        const path = `/hanging-${count}-${index}`;
        stage.receiver.on(path).answer('hang');
        hanging.push(await stage.makeWebhook({ path, contentTypes: ['api::tag.tag'] }));
      }
      const isHanging = ({ path }: { path: string }) => path.startsWith(`/hanging-${count}-`);
      await writeTags(`Of ${count}`, 20);
      await until(
        async () => stage.receiver.requests.filter(isHanging).length,
        // Of one: it is claimed for until three quarters of its lane are taken.
        (seen) => seen >= Math.max(12, count),
      );
      const good = await stage.makeWebhook({ path: `/good-${count}` });
      await stage.write(EVENTS);
      await deliveredAtOnce(good);
      // No call of theirs has ended meanwhile: the good webhook waited for none of them.
      const ended = await Promise.all(
        hanging.map((one) => countOf(stage, one, 'delivered', 'retrying', 'dead')),
      );
      expect(ended.reduce((sum, one) => sum + one, 0)).toBe(0);
      await remove([...hanging, good]);
    });
  });

  it("one transaction's deliveries are claimed only up to the limit of their webhook", async () => {
    stage.receiver.on('/burst').answer('hang');
    const burst = await stage.makeWebhook({ path: '/burst' });
    await stage.app.run(async (strapi) =>
      strapi.db.transaction(async () => {
        for (let index = 0; index < 100; index += 1)
          await strapi.documents('api::notice.notice').create({ data: { title: 'Burst' } });
      }),
    );
    await stage.receiver.waitFor(1, { path: '/burst' });
    const held = await countOf(stage, burst, 'sending');
    expect(held).toBeGreaterThan(0);
    expect(held).toBeLessThanOrEqual(16);
    expect(await countOf(stage, burst, 'pending')).toBe(100 - held);
  });
});
