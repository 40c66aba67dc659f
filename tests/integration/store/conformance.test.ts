/** The store behaves the same on every database. */
import path from 'node:path';
import { startStrapi, type App } from '../../support/strapi';
import { reachable } from '../delivery/reachable';
import { CASES } from './cases';

const NOW = 1_800_000_000_000;
const INTERVAL = 50;
const CLAIMS = 40;
const file = path.join(__dirname, 'cases.ts');

describe.each(reachable('sqlite', 'postgres', 'mysql'))('the store on %s', (database) => {
  let app: App;

  beforeAll(async () => {
    // Nothing but the cases claims what they store.
    app = await startStrapi({ database, config: { engine: { dispatch: false } } });
  });
  afterAll(() => app?.stop());

  if (database === 'postgres')
    it('looks at each due delivery once to claim it, also in a table without statistics', async () => {
      const loops = await app.run(async (strapi, path) => {
        const tsx = require('tsx/cjs/api');
        return tsx.require(path, path).loopsOfClaim(strapi, 100);
      }, file);
      expect(loops).toBeLessThanOrEqual(100);
    });

  if (database === 'postgres')
    it('does nothing that waits for a COMMIT if the COMMIT fails', async () => {
      const hasRun = await app.run(async (strapi, path) => {
        const tsx = require('tsx/cjs/api');
        return tsx.require(path, path).runsAfterFailedCommit(strapi);
      }, file);
      expect(hasRun).toBe(false);
    });

  it.each(Object.keys(CASES))('%s', (title) =>
    app.run(
      async (strapi, args) => {
        const tsx = require('tsx/cjs/api');
        await tsx.require(args.file, args.file).runCase(strapi, args.title);
      },
      { file, title },
    ),
  );

  describe('simultaneous writes to the health of a webhook', () => {
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
});
