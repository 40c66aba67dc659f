/** A machine whose clock is off by minutes shares the work with a correct one, without harm. */
import path from 'node:path';
import { readdirSync } from 'node:fs';
import { unpacked } from '../../support/debian';
import type { App } from '../../support/strapi';
import { healthOf, startSecond, writeWith } from './cluster';
import { reachable } from './reachable';
import { Stage, until } from './stage';

const library = (): string => {
  const root = path.join(unpacked('libfaketime'), 'usr/lib');
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((file) =>
    file.endsWith('libfaketime.so.1'),
  );
  if (!found) throw new Error(`There is no libfaketime.so.1 below ${root}.`);
  return path.join(root, found);
};

const config = { delivery: { concurrencyPerWebhook: 3, schedule: [0, 2000] } };
const MINUTES = 10 * 60;

describe.each(reachable('postgres', 'mysql'))('on %s', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({ database, config });
  });
  afterEach(() => stage?.clear());
  afterAll(() => stage?.stop());

  describe.each([-MINUTES, MINUTES])('with a clock that is off by %d s', (seconds) => {
    let other: App;

    beforeAll(async () => {
      other = await startSecond(stage.app, {
        config,
        env: {
          LD_PRELOAD: library(),
          FAKETIME: `${seconds > 0 ? '+' : ''}${seconds}s`,
          FAKETIME_DONT_FAKE_MONOTONIC: '1',
        },
      });
    });
    afterAll(() => other?.stop());

    it('health shows the difference', async () => {
      const off = (await healthOf(other)).clockSkewMs + seconds * 1000;
      expect(Math.abs(off)).toBeLessThan(30_000);
      expect(Math.abs((await stage.health()).clockSkewMs)).toBeLessThan(30_000);
    });

    it('nothing is sent twice, and signed times are right', async () => {
      // Slow enough that each holds leases while the other looks for some that are over.
      stage.receiver.on('/hook').answer({ status: 200, delayMs: 300 });
      const webhook = await stage.makeWebhook({ signing: 'standard' });
      await until(
        async () => {
          await writeWith(other, 1);
          return (await stage.deliveries(webhook)).length;
        },
        (count) => count > 0,
      );
      await Promise.all([stage.write(15), writeWith(other, 15)]);
      const found = await stage.finished(webhook);
      const sent = stage.calls().map(({ headers }) => headers['webhook-id'] ?? '');
      expect(sent.sort()).toEqual(found.map(({ eventId }) => eventId).sort());
      for (const { headers, at } of stage.calls()) {
        expect(Math.abs(Number(headers['webhook-timestamp']) * 1000 - at)).toBeLessThan(120_000);
      }
    });

    it('retries come in time, whichever process made the attempt before', async () => {
      const failed = new Set<string>();
      stage.receiver.on('/hook').answer(({ headers }) => {
        const id = headers['webhook-id'] ?? '';
        return failed.has(id) ? 200 : (failed.add(id), 503);
      });
      const webhook = await stage.makeWebhook();
      await Promise.all([stage.write(4), writeWith(other, 4)]);
      const found = await stage.finished(webhook);
      expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
        found.map(() => ['delivered', 2]),
      );
    });
  });
});

describe('where the connections to the database are busy', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start();
  });
  afterAll(() => stage?.stop());

  it('a clock that was measured well is not set by an answer that was long in coming', async () => {
    const shift = await stage.app.run(async (strapi) => {
      const clock = strapi.plugin('workflow-webhooks').service('clock');
      await clock.align();
      const before = clock.skew();
      // SQLite has one connection: a query waits for it, and gets the time of the end.
      const busy = strapi.db.connection.transaction(
        () => new Promise((resolve) => setTimeout(resolve, 2000)),
      );
      await clock.align();
      await busy;
      return clock.skew() - before;
    });
    expect(Math.abs(shift)).toBeLessThan(100);
  });
});
