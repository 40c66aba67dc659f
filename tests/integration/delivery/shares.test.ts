/** Retries get their share of a webhook's slots, however many first attempts wait. */
import { engineFor, engines } from './cluster';
import { countOf, fillBacklog } from './backlog';
import { Stage, until } from './stage';

const MOUNTAIN = 5000;
const LEFT = 8;

describe.each(engines('sqlite', 'postgres'))('on $database, engine $driver', (setting) => {
  const engine = engineFor(setting.driver);
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({
      database: setting.database,
      config: { delivery: { concurrencyPerWebhook: 4 }, engine: engine.config },
    });
  });
  afterAll(async () => {
    await stage?.stop();
    await engine.close();
  });

  /** The newest become what a process held that was killed; their leases have ended. */
  const leave = (webhookId: string) =>
    stage.app.run(
      async (strapi, args) => {
        const rows = () => strapi.db.connection('workflow_webhooks_deliveries');
        const newest = await rows()
          .where('webhook_id', args.webhookId)
          .orderBy('id', 'desc')
          .limit(args.left);
        const ids = newest.map(({ id }: { id: number }) => id);
        await rows().whereIn('id', ids).update({ state: 'sending', claim_id: 'of-a-dead-process' });
        return ids as number[];
      },
      { webhookId, left: LEFT },
    );

  const countDelivered = (ids: number[]): Promise<number> =>
    stage.app.run(
      async (strapi, some) =>
        (
          await strapi.db
            .connection('workflow_webhooks_deliveries')
            .whereIn('id', some)
            .where('state', 'delivered')
        ).length,
      ids,
    );

  it('the deliveries of a dead process are sent long before the end of the backlog', async () => {
    const mountain = await stage.makeWebhook();
    await fillBacklog(stage, mountain, {
      count: MOUNTAIN,
      like: { state: 'pending', attempt_count: 0 },
    });
    const ids = await leave(mountain.id);
    stage.receiver.on('/hook').answer({ status: 200, delayMs: 20 });
    await stage.changeWebhook(mountain, { enabled: true });
    await until(
      () => countDelivered(ids),
      (count) => count === LEFT,
    );
    expect(await countOf(stage, mountain, 'pending')).toBeGreaterThan(MOUNTAIN / 2);
  });
});
