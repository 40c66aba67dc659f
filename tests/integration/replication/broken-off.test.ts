/** Replications that lose one side in the middle, and several instances with the same schedule. */
import { databaseEnv, turnClock } from '../delivery/cluster';
import { reachable } from '../delivery/reachable';
import { Stage, until } from '../delivery/stage';
import { startStrapi, type App } from '../../support/strapi';
import { finishedJob, jobOf, makeJob } from './jobs';
import { receivedEvent, subscribe, write } from './scene';

/** Enough that it takes a while to copy them. */
const writeMany = (app: App) =>
  app.run(async (strapi) => {
    const rows = Array.from({ length: 3000 }, (_, index) => ({
      documentId: `many${String(index).padStart(20, '0')}`,
      title: `Notice ${index}`,
    }));
    for (let from = 0; from < rows.length; from += 100)
      await strapi.db
        .query('api::notice.notice')
        .createMany({ data: rows.slice(from, from + 100) });
  });

it('a destination that is killed in the middle makes the run fail with an event, and keeps nothing', async () => {
  const [source, destination] = [await Stage.start(), await Stage.start()];
  try {
    await subscribe(source);
    await writeMany(source.app);
    const job = await makeJob(source, destination);
    await source.api('POST', `/replications/${job.id}/run`);
    const seen = await until(
      () => jobOf(source, job),
      ({ lastRun }) => lastRun?.state !== 'running' || lastRun.progress.stage === 'entities',
    );
    expect(seen.lastRun?.state).toBe('running');
    await destination.app.kill();
    const { lastRun } = await finishedJob(source, job);
    expect(lastRun?.state).toBe('failed');
    expect(lastRun?.error).toMatch(/^The connection to the destination broke off\./);
    const { data } = await receivedEvent(source, 'replication.failed');
    const { counts, replicatedIds } = data.replication;
    expect(data.replication).toMatchObject({
      ...{ id: lastRun?.id, status: 'Failed' },
      replicatedCount: 0,
    });
    expect([counts, replicatedIds, lastRun?.counts]).toEqual([{}, {}, {}]);
  } finally {
    await source.stop();
    await destination.stop();
  }
});

it.each(reachable('postgres', 'mysql'))(
  'one of two instances on %s runs the replication',
  async (kind) => {
    const [source, destination] = [await Stage.start({ database: kind }), await Stage.start()];
    const other = await startStrapi({ env: await databaseEnv(source.app) });
    try {
      await subscribe(source);
      await write(source.app);
      const job = await makeJob(source, destination, { cron: '0 3 * * *' });
      const by = Date.parse(job.nextRunAt!) - Date.now() + 1000;
      await Promise.all([source.turnNow(by), turnClock(other, by)]);
      expect((await finishedJob(source, job)).lastRun).toMatchObject({
        trigger: 'scheduled',
        state: 'completed',
      });
      await receivedEvent(source, 'replication.completed');
      expect(await source.api('GET', `/replications/${job.id}/runs`)).toHaveLength(1);
      // One instance cancels the run of the other.
      await source.api('POST', `/replications/${job.id}/run`);
      const { status } = await other.request(
        'POST',
        `/workflow-webhooks/replications/${job.id}/cancel`,
      );
      expect(status).toBe(200);
      expect((await finishedJob(source, job)).lastRun?.state).toBe('cancelled');
    } finally {
      await other.stop();
      await source.stop();
      await destination.stop();
    }
  },
);
