/** Several instances share the health of a webhook: they count together, notify once, and all respect it. */
import { startStrapi, type App } from '../../support/strapi';
import { reachable } from './reachable';
import { Stage, until } from './stage';

const FAILURES = 20;

describe.each(reachable('postgres'))('two Strapis on one database of %s', (database) => {
  let stage: Stage;
  let other: App;

  beforeAll(async () => {
    const config = { delivery: { schedule: [0, 3_600_000] } };
    stage = await Stage.start({ database, config });
    const connection = await stage.app.run((strapi) =>
      strapi.config.get('database.connection.connection'),
    );
    const { host, port, user, password, database: name } = connection as Record<string, string>;
    other = await startStrapi({
      config,
      env: {
        DATABASE_CLIENT: database,
        DATABASE_HOST: host ?? '',
        DATABASE_PORT: String(port),
        DATABASE_USERNAME: user ?? '',
        DATABASE_PASSWORD: password ?? '',
        DATABASE_NAME: name ?? '',
      },
    });
  });
  afterAll(async () => {
    await other?.stop();
    await stage?.stop();
  });

  const writeWithOther = (count: number) =>
    other.run(async (strapi, last) => {
      for (let index = 0; index < last; index += 1)
        await strapi.documents('api::notice.notice').create({ data: { title: `Other ${index}` } });
    }, count);

  it('counts the failures of both processes, and notifies once', async () => {
    stage.receiver.on('/hook').answer(500);
    const news = { events: ['webhook.failing', 'webhook.disabled'], contentTypes: [] };
    await stage.makeWebhook({ path: '/watch', ...news });
    const webhook = await stage.makeWebhook();
    // The other instance reads the new webhook within a second.
    await until(
      async () => {
        await writeWithOther(1);
        return (await stage.deliveries(webhook)).length;
      },
      (count) => count > 0,
    );
    await Promise.all([stage.write(FAILURES), writeWithOther(FAILURES)]);
    const found = await stage.all(webhook, ({ state }) => state === 'retrying');
    const { health } = await stage.webhook(webhook);
    expect(health).toMatchObject({ state: 'failing', consecutiveFailures: found.length });
    await stage.receiver.waitFor(1, { path: '/watch' });
    expect(stage.calls('/watch').map(({ body }) => JSON.parse(body).type)).toEqual([
      'webhook.failing',
    ]);
  });

  it('is healthy after the last success, even if both processes record at the same moment', async () => {
    const now = Date.now();
    const record = (app: App, tally: object) =>
      app.run(
        (strapi, args) =>
          strapi.db.connection.transaction((trx: any) =>
            strapi
              .plugin('workflow-webhooks')
              .service('health')
              .record(new Map([['shared', args.tally]]), { trx, now: args.now }),
          ),
        { now, tally: { successes: 0, failures: 0, disable: null, ...tally } },
      );
    await record(stage.app, { successes: 1, succeededAt: now });
    await record(other, { failures: 1, failedAt: now + 200 });
    await record(stage.app, { successes: 1, succeededAt: now + 400 });
    const known = await other.run(async (strapi) => {
      const { health } = (
        await strapi.plugin('workflow-webhooks').service('health').all(['shared'])
      ).get('shared');
      return health;
    });
    expect(known).toMatchObject({ consecutiveFailures: 0, failingSince: null });
  });

  it('is disabled for both: what the other one stores then is kept, and not sent', async () => {
    stage.receiver.on('/gone').answer(410);
    const webhook = await stage.makeWebhook({ path: '/gone' });
    await stage.write();
    await stage.all(webhook, ({ state }) => state === 'dead');
    await until(
      async () => {
        await writeWithOther(1);
        return (await stage.deliveries(webhook)).map(({ state }) => state);
      },
      (states) => states.includes('cancelled'),
    );
    expect((await stage.webhook(webhook)).enabled).toBe(false);
    await stage.receiver.waitFor(({ body }) => JSON.parse(body).type === 'webhook.disabled', {
      path: '/watch',
    });
    const gone = stage.calls('/watch').map(({ body }) => JSON.parse(body));
    const disabled = gone.filter(({ type }) => type === 'webhook.disabled');
    expect(disabled.map(({ data }) => data.documentId)).toEqual([webhook.id]);
  });
});
