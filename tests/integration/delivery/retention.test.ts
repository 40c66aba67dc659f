/** The length of the log: by age and by count, in small batches, and never at the expense of open deliveries. */
import { countOf, fillBacklog } from './backlog';
import { reachable } from './reachable';
import { DAY, HOUR, MINUTE, Stage } from './stage';

const KEPT = 25;
/** The default. */
const RETENTION = 30 * DAY;
const BATCH = 200;

describe.each(reachable('sqlite', 'postgres', 'mysql'))('on %s', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({
      database,
      config: { delivery: { retentionCount: KEPT, schedule: [0, HOUR] } },
    });
  });
  afterEach(() => stage.clear());
  afterAll(() => stage?.stop());

  const prune = () =>
    stage.app.run((strapi) => strapi.plugin('workflow-webhooks').service('pruner').prune());
  const rowsOf = (table: string): Promise<number> =>
    stage.app.run(
      async (strapi, name) =>
        Number((await strapi.db.connection(`workflow_webhooks_${name}`).count({ n: '*' }))[0].n),
      table,
    );

  it('keeps the newest of the finished ones, as many as configured, and all that are not finished', async () => {
    stage.receiver.on('/waiting').answer(500);
    const waiting = await stage.makeWebhook({ path: '/waiting' });
    await stage.write(3, 'Waiting');
    await stage.all(waiting, ({ attemptCount }) => attemptCount === 1);
    await stage.changeWebhook(waiting, { enabled: false });
    const fine = await stage.makeWebhook();
    await stage.write(KEPT + 10);
    const all = await stage.finished(fine);
    await prune();
    expect((await stage.deliveries(fine)).map(({ id }) => id)).toEqual(
      all.slice(10).map(({ id }) => id),
    );
    expect(await countOf(stage, waiting, 'retrying')).toBe(3);
    // Attempts and events went with them, but for those of what waits.
    expect(await rowsOf('attempts')).toBe(KEPT + 3);
    expect(await rowsOf('events')).toBe(KEPT + 3);
    await prune();
    expect(await countOf(stage, fine, 'delivered')).toBe(KEPT);
  });

  it('forgets thousands in small batches, while others are sent', async () => {
    const webhook = await stage.makeWebhook();
    await fillBacklog(stage, webhook, { count: 4000, like: { state: 'delivered' } });
    const fine = await stage.makeWebhook({ path: '/fine' });
    await stage.app.run((strapi) => {
      const deleted: number[] = [];
      (globalThis as any).deleted = deleted;
      strapi.db.connection.on('query', ({ sql, bindings }: any) => {
        if (/^delete from .workflow_webhooks_/.test(sql)) deleted.push(bindings.length);
      });
      // Left alone, so that something is sent meanwhile.
      (globalThis as any).pruning = strapi.plugin('workflow-webhooks').service('pruner').prune();
    });
    await stage.write(5);
    await stage.finished(fine);
    await stage.app.run(() => (globalThis as any).pruning);
    await prune();
    const sizes = await stage.app.run(() => (globalThis as any).deleted as number[]);
    expect(sizes.length).toBeGreaterThan(20);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(BATCH);
    const left =
      (await countOf(stage, webhook, 'delivered')) + (await countOf(stage, fine, 'delivered'));
    expect(left).toBe(KEPT);
    expect(await countOf(stage, fine, 'delivered')).toBe(5);
  });

  it('keeps what is over as long as configured from that moment on, however long it took', async () => {
    stage.receiver.on('/dying').answer(500);
    stage.receiver.on('/delivered').answer(500, 200);
    stage.receiver.on('/cancelled').answer(500);
    stage.receiver.on('/deleted').answer(500);
    const dying = await stage.makeWebhook({ path: '/dying', maxAttempts: 2 });
    const delivered = await stage.makeWebhook({ path: '/delivered' });
    const cancelled = await stage.makeWebhook({ path: '/cancelled' });
    const deleted = await stage.makeWebhook({ path: '/deleted' });
    const all = [dying, delivered, cancelled, deleted];
    await stage.write();
    for (const webhook of all) await stage.attempted(webhook, 1);
    for (const webhook of [cancelled, deleted])
      await stage.changeWebhook(webhook, { enabled: false });
    const states = () =>
      Promise.all(all.map(async (webhook) => (await stage.deliveries(webhook))[0]?.state));

    await stage.turn(RETENTION + HOUR);
    for (const webhook of [dying, delivered]) await stage.finished(webhook);
    await stage.api('POST', '/deliveries/cancel', { webhook: cancelled.id, states: ['retrying'] });
    await stage.api('DELETE', `/webhooks/${deleted.id}`);
    await prune();
    expect(await states()).toEqual(['dead', 'delivered', 'cancelled', 'cancelled']);
    await stage.turn(RETENTION - HOUR);
    await prune();
    expect(await states()).toEqual(['dead', 'delivered', 'cancelled', 'cancelled']);
    await stage.turn(HOUR + MINUTE);
    await prune();
    expect(await states()).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('leaves alone what is resent while it looks', async () => {
    const webhook = await stage.makeWebhook();
    await fillBacklog(stage, webhook, { count: 500, like: { state: 'dead' } });
    const [pruned] = await Promise.all([
      prune(),
      stage.api('POST', '/deliveries/resend', { webhook: webhook.id, states: ['dead'] }),
    ]);
    expect(pruned).toBeFalsy();
    const resent = await countOf(stage, webhook, 'retrying');
    await prune();
    expect(await countOf(stage, webhook, 'retrying')).toBe(resent);
  });
});
