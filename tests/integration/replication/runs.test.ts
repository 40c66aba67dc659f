/**
 * The plugin's own replications, from one real Strapi to another. A run copies the content and sends events with the copied
 * documents. A failing run has a clear error and one event.
 */
import { freePort } from '../../support/own-process';
import { Stage, until } from '../delivery/stage';
import { reachesState, finishedJob, jobOf, makeJob, runJob, eventNamesOf } from './jobs';
import {
  ARTICLE,
  documentsOf,
  NOTICE,
  receivedEvent,
  replicationEvents,
  sorted,
  subscribe,
  transferToken,
  write,
} from './scene';

let source: Stage;
let destination: Stage;

beforeAll(async () => {
  [source, destination] = [await Stage.start(), await Stage.start()];
  await subscribe(source);
  await write(source.app);
});
afterAll(async () => {
  await source?.stop();
  await destination?.stop();
});
beforeEach(() => source.receiver.clear());

it('a replication copies the content, and sends the events started and completed with correct counts and ids', async () => {
  const job = await makeJob(source, destination);
  expect(await runJob(source, job)).toMatchObject({
    trigger: 'manual',
    state: 'completed',
    error: null,
    counts: { [ARTICLE]: 3, [NOTICE]: 1 },
  });
  const there = await documentsOf(destination.app, ARTICLE);
  expect(there).toEqual(await documentsOf(source.app, ARTICLE));
  const { data } = await receivedEvent(source, 'replication.completed');
  expect(data.replication).toMatchObject({
    name: 'To live',
    kind: 'transfer',
    trigger: 'manual',
    destination: `${destination.app.url}/admin`,
    status: 'Successful',
    counts: { [ARTICLE]: 3, [NOTICE]: 1 },
  });
  expect(sorted(data.replication.replicatedIds[ARTICLE])).toEqual(there);
  const own = await until(
    async () =>
      replicationEvents(source).filter(
        ({ data: { replication } }) => replication.id === data.replication.id,
      ),
    ({ length }) => length >= 2,
  );
  expect(own.map(({ type }) => type)).toEqual(['replication.started', 'replication.completed']);
});

describe('a replication that fails', () => {
  it('for a wrong token says so, and sends an event of the failure', async () => {
    const job = await makeJob(source, destination, { token: 'not-the-token' });
    const last = await runJob(source, job);
    expect(last).toMatchObject({ state: 'failed', counts: {} });
    expect(last.error).toMatch(/^The destination refused the token\./);
    const { data } = await receivedEvent(source, 'replication.failed', last.id);
    expect(data.replication).toMatchObject({ status: 'Failed', error: last.error });
    expect(JSON.stringify(replicationEvents(source))).not.toContain('not-the-token');
    expect(source.app.logs()).not.toContain('not-the-token');
  });

  it('for a wrong token completes once the right one is entered, and the mask keeps that', async () => {
    const job = await makeJob(source, destination, { token: 'wrong', only: ['config'] });
    const put = (token: string) =>
      source.api('PUT', `/replications/${job.id}`, {
        name: job.name,
        destination: job.destination,
        only: job.only,
        token,
      });
    await put(await transferToken(destination.app));
    await put('********');
    expect(await runJob(source, job)).toMatchObject({ state: 'completed', error: null });
  });

  it('for a token that may only pull says so', async () => {
    const token = await transferToken(destination.app, 'pull');
    const job = await makeJob(source, destination, { token });
    expect((await runJob(source, job)).error).toMatch(
      /^The token of the destination may not push\./,
    );
  });

  it('for a destination that does not answer says so', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}/admin`;
    const job = await makeJob(source, destination, { destination: nobody });
    expect((await runJob(source, job)).error).toMatch(/^The destination could not be reached\./);
  });

  it('for a URL that is no admin panel says so', async () => {
    const job = await makeJob(source, destination, { destination: `${destination.app.url}/cms` });
    expect((await runJob(source, job)).error).toMatch(/^At this URL nobody takes a transfer\./);
  });

  it('is cancelled while it runs, with an event', async () => {
    const job = await makeJob(source, destination);
    await source.api('POST', `/replications/${job.id}/run`);
    await source.api('POST', `/replications/${job.id}/cancel`);
    const { lastRun } = await finishedJob(source, job);
    expect(lastRun).toMatchObject({ state: 'cancelled', error: 'It was cancelled.' });
    const { data } = await receivedEvent(source, 'replication.failed', lastRun?.id);
    expect(data.replication.status).toBe('Cancelled');
    await expect(source.api('POST', `/replications/${job.id}/cancel`)).rejects.toThrow(
      /does not run just now/,
    );
  });

  it('is found with one event if its instance was killed in the middle', async () => {
    const job = await makeJob(source, destination);
    await source.api('POST', `/replications/${job.id}/run`);
    await source.app.kill();
    await source.app.restart();
    expect((await jobOf(source, job)).lastRun?.state).toBe('running');
    await source.turnNow(60_000);
    const { lastRun } = await reachesState(source, job, 'failed');
    expect(lastRun?.error).toBe('The process that ran it ended before it was done.');
    expect(await eventNamesOf(source, lastRun!)).toEqual([
      'replication.started',
      'replication.failed',
    ]);
    // It can be run again.
    expect((await runJob(source, job)).state).toBe('completed');
  });
});

it('content types that differ are named', async () => {
  const other = await Stage.start({ env: { PLAYGROUND_WITH_STAGES: '1' } });
  try {
    const { state, error } = await runJob(other, await makeJob(other, destination));
    expect(state).toBe('failed');
    expect(error).toMatch(/are not the same: .*api::article\.article.*strapi_stage.* is here only/);
  } finally {
    await other.stop();
  }
});

it('a turn that comes is taken by exactly one run', async () => {
  const job = await makeJob(source, destination, { cron: '0 3 * * *' });
  const at = Date.parse((await jobOf(source, job)).nextRunAt!);
  await source.turnNow(at - Date.now() + 1000);
  expect((await finishedJob(source, job)).lastRun).toMatchObject({
    trigger: 'scheduled',
    state: 'completed',
  });
  const { nextRunAt } = await jobOf(source, job);
  expect(Date.parse(nextRunAt!) - at).toBe(24 * 60 * 60_000);
  expect(await source.api('GET', `/replications/${job.id}/runs`)).toHaveLength(1);
});
