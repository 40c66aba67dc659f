/** Simultaneous writes to one webhook: its request slots and its pause. */
import { startStrapi, type App } from '../../support/strapi';
import { reachable } from './reachable';

const NOW = 1_800_000_000_000;
const INTERVAL = 50;
const CLAIMS = 40;

describe.each(reachable('sqlite', 'postgres', 'mysql'))('on %s', (database) => {
  let app: App;

  beforeAll(async () => {
    app = await startStrapi({ database });
  });
  afterAll(() => app?.stop());

  /** So many calls at once, like several instances that pace the same webhook. */
  const take = (webhookId: string, count: number): Promise<number[]> =>
    app.run(
      (strapi, { webhookId, count, ...place }) => {
        const health = strapi.plugin('workflow-webhooks').service('health');
        const one = () => health.takeSlots(webhookId, { ...place, count: 1 });
        return Promise.all(Array.from({ length: count }, one));
      },
      { webhookId, count, interval: INTERVAL, now: NOW },
    );
  const inARow = Array.from({ length: CLAIMS }, (_, index) => NOW + index * INTERVAL);

  it.each(['a new webhook', 'a known one'])('many take places of %s at once', async (which) => {
    const first = which === 'a new webhook' ? [] : await take(which, 1);
    const places = await take(which, CLAIMS - first.length);
    expect([...first, ...places].sort((one, other) => one - other)).toEqual(inARow);
  });

  it('a pause is never made shorter by another answer that asks for less', async () => {
    const parked = (until: number): Promise<number> =>
      app.run(
        async (strapi, { until, now }) => {
          const health = strapi.plugin('workflow-webhooks').service('health');
          const failed = new Map([['paused', { successes: 0, failures: 1, disable: null }]]);
          await strapi.db.connection.transaction(async (trx: unknown) => {
            await health.record(failed, { trx, now });
            await health.park('paused', until, trx);
          });
          return (await health.all(['paused'])).get('paused').parkedUntil;
        },
        { until, now: NOW },
      );
    expect(await parked(NOW + 60_000)).toBe(NOW + 60_000);
    expect(await parked(NOW + 1000)).toBe(NOW + 60_000);
    expect(await parked(NOW + 90_000)).toBe(NOW + 90_000);
  });
});
