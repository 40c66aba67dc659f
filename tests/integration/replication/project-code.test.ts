/** Replications of project code, reported through the plugin's service. */
import { Stage } from '../delivery/stage';
import { receivedEvent, subscribe, replicationEvents } from './scene';

const service = `strapi.plugin('workflow-webhooks').service('replication')`;

describe(`a project's own replications: ${service}`, () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
    await subscribe(stage);
  });
  afterAll(() => stage?.stop());
  beforeEach(() => stage.receiver.clear());

  it('send the events started and completed, and count each document once', async () => {
    const id = await stage.app.run(async (strapi) => {
      const job = await strapi
        .plugin('workflow-webhooks')
        .service('replication')
        .start({ name: 'Nightly', source: 'staging', destination: 'production' });
      job.replicated('api::article.article', 'a', 'b');
      job.replicated('api::article.article', 'b', 'c');
      job.replicated('api::notice.notice', 'a');
      await job.complete();
      return job.id;
    });
    // Two deliveries of one webhook: the second may arrive first.
    await stage.receiver.waitFor(2, { path: '/replication' });
    const [started, completed] = replicationEvents(stage);
    expect(started?.type).toBe('replication.started');
    expect(started?.data.replication).toMatchObject({
      id,
      name: 'Nightly',
      trigger: 'code',
      kind: 'transfer',
      source: 'staging',
      destination: 'production',
      status: 'In Progress',
      completedAt: null,
      replicatedCount: 0,
    });
    expect(completed?.data.replication).toMatchObject({
      id,
      status: 'Successful',
      counts: { 'api::article.article': 3, 'api::notice.notice': 1 },
      replicatedCount: 4,
      replicatedIds: { 'api::article.article': ['a', 'b', 'c'], 'api::notice.notice': ['a'] },
      error: null,
    });
  });

  it('send a failed event with the reason and the documents copied so far', async () => {
    const run = await stage.app.run(async (strapi) => {
      const job = await strapi
        .plugin('workflow-webhooks')
        .service('replication')
        .start({ name: 'Nightly', source: 'staging', destination: 'production', kind: 'export' });
      job.replicated('api::article.article', 'a');
      await job.fail(new Error('The disk is full.'));
      return job.id;
    });
    const { data } = await receivedEvent(stage, 'replication.failed', run);
    expect(data.replication).toMatchObject({
      status: 'Failed',
      kind: 'export',
      error: 'The disk is full.',
      replicatedCount: 1,
    });
  });

  it('are cancelled, not failed, if they were cancelled before they failed', async () => {
    const run = await stage.app.run(async (strapi) => {
      const job = await strapi
        .plugin('workflow-webhooks')
        .service('replication')
        .start({ name: 'Nightly', source: 'staging', destination: 'production' });
      await strapi.db
        .connection('workflow_webhooks_replication_runs')
        .where({ run_id: job.id })
        .update({ is_ending: true });
      await job.fail(new Error('The connection broke off.'));
      return job.id;
    });
    const { data } = await receivedEvent(stage, 'replication.failed', run);
    expect(data.replication).toMatchObject({ status: 'Cancelled', error: 'It was cancelled.' });
  });

  it('contain the counts of all documents and the ids of 10,000, and mark the list as cut', async () => {
    const run = await stage.app.run(async (strapi) => {
      const job = await strapi
        .plugin('workflow-webhooks')
        .service('replication')
        .start({ name: 'Large', source: 'staging', destination: 'production' });
      job.replicated(
        'api::article.article',
        ...Array.from({ length: 10_001 }, (_, index) => `document-${index}`),
      );
      await job.complete();
      return job.id;
    });
    const { data } = await receivedEvent(stage, 'replication.completed', run);
    expect(data.replication).toMatchObject({ replicatedCount: 10_001, idsTruncated: true });
    expect(data.replication.replicatedIds['api::article.article']).toHaveLength(10_000);
  });

  it('end only once, and are refused without their required fields', async () => {
    await expect(
      stage.app.run(async (strapi) => {
        const job = await strapi
          .plugin('workflow-webhooks')
          .service('replication')
          .start({ name: 'Twice', source: 'staging', destination: 'production' });
        await job.complete();
        await job.fail('again');
      }),
    ).rejects.toThrow(/is over already/);
    await expect(
      stage.app.run((strapi) =>
        strapi.plugin('workflow-webhooks').service('replication').start({ name: 'Half' }),
      ),
    ).rejects.toMatchObject({ name: 'ValidationError' });
  });

  it('send a failed event if their process dies before their end', async () => {
    await stage.app.run(async (strapi) => {
      await strapi
        .plugin('workflow-webhooks')
        .service('replication')
        .start({ name: 'Orphan', source: 'staging', destination: 'production' });
    });
    await stage.app.kill();
    await stage.app.restart();
    await stage.turnNow(60_000);
    // Requests that were sent just before the crash, and not settled yet, may arrive again.
    const [request] = await stage.receiver.waitFor(
      ({ body }) => JSON.parse(body).data.replication.name === 'Orphan' && body.includes('Failed'),
    );
    const { data } = JSON.parse(request!.body);
    expect(data.replication).toMatchObject({
      name: 'Orphan',
      error: 'The process that ran it ended before it was done.',
    });
  });
});
