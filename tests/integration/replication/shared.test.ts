/** Several Strapis on one database: one of them starts a due run, and each of them can end it. */
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy';
import type { App } from '../../support/strapi';
import { startSecond, turnClock } from '../delivery/cluster';
import { reachable } from '../delivery/reachable';
import { Stage } from '../delivery/stage';
import {
  reachesState,
  startsCopying,
  finishedJob,
  jobOf,
  makeJob,
  eventNamesOf,
  writeMuch,
} from './jobs';
import { ARTICLE, documentsOf, subscribe } from './scene';

const MINUTE = 60_000;
const MANY = 20;

describe.each(reachable('postgres', 'mysql'))('on %s', (database) => {
  let stage: Stage;
  let other: App;
  let destination: Stage;
  let slow: TcpProxy;

  beforeAll(async () => {
    [stage, destination] = [await Stage.start({ database }), await Stage.start()];
    other = await startSecond(stage.app, {});
    slow = await startTcpProxy(Number(new URL(destination.app.url).port));
    slow.set('slow');
    await writeMuch(stage.app);
    await subscribe(stage);
  });
  afterAll(async () => {
    await other?.stop();
    await stage?.stop();
    await destination?.stop();
    await slow?.stop();
  });
  afterEach(() => stage.receiver.clear());

  it('its scheduled run is started by one of them, once', async () => {
    // Once a day: the next turn of a job that runs every minute could come during the test.
    const job = await makeJob(stage, destination, { cron: '0 3 * * *' });
    const ahead = Date.parse(job.nextRunAt!) - Date.now() + 1000;
    expect(ahead).toBeGreaterThan(0);
    await Promise.all([stage.turnNow(ahead), turnClock(other, ahead)]);
    const { lastRun } = await reachesState(stage, job, 'completed');
    expect(lastRun).toMatchObject({ trigger: 'scheduled', counts: { [ARTICLE]: MANY } });
    expect(await documentsOf(destination.app, ARTICLE)).toHaveLength(MANY);
    expect(await stage.api('GET', `/replications/${job.id}/runs`)).toHaveLength(1);
    expect(Date.parse((await jobOf(stage, job)).nextRunAt!)).toBeGreaterThan(Date.now());
    expect(await eventNamesOf(stage, lastRun!)).toEqual([
      'replication.started',
      'replication.completed',
    ]);
    await stage.api('DELETE', `/replications/${job.id}`);
  });

  it('the other instance can cancel a run, and sees its progress', async () => {
    const job = await makeJob(stage, destination, {
      destination: `http://127.0.0.1:${slow.port}/admin`,
    });
    await stage.api('POST', `/replications/${job.id}/run`);
    const ask = async (method: string, path = '') =>
      (await other.request(method, `/workflow-webhooks/replications/${job.id}${path}`)).body.data;
    await startsCopying(stage, job);
    expect((await ask('GET')).lastRun).toMatchObject({ state: 'running' });
    await ask('POST', '/cancel');
    const { lastRun } = await finishedJob(stage, job);
    expect(lastRun?.state).toBe('cancelled');
    expect(await eventNamesOf(stage, lastRun!)).toEqual([
      'replication.started',
      'replication.failed',
    ]);
    await stage.api('DELETE', `/replications/${job.id}`);
  });

  it('the run of a killed instance is ended by the other one, once', async () => {
    const job = await makeJob(stage, destination, {
      destination: `http://127.0.0.1:${slow.port}/admin`,
    });
    await other.request('POST', `/workflow-webhooks/replications/${job.id}/run`);
    await startsCopying(stage, job);
    await other.kill();
    await stage.turnNow(MINUTE);
    const { lastRun } = await reachesState(stage, job, 'failed');
    expect(lastRun?.error).toMatch(/The process that ran it ended/);
    expect(await eventNamesOf(stage, lastRun!)).toEqual([
      'replication.started',
      'replication.failed',
    ]);
  });
});
