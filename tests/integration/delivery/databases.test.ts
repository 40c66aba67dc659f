/** The same deliveries on every available database and engine, and with several Strapis on one database. */
import type { App } from '../../support/strapi';
import { engineFor, engines, startSecond, turnClock, writeWith } from './cluster';
import { countOf, fillBacklog } from './backlog';
import { heldAnswer } from '../../support/receiver';
import { HOUR, MINUTE, Stage, until } from './stage';

const EVENTS = 60;
const MOUNTAIN = 5000;
const LEFT = 8;
const FINISHED = ['delivered', 'dead'];

const settings = {
  delivery: {
    maxBodyBytes: 20_000_000,
    timeout: 30_000,
    concurrencyPerWebhook: 4,
    retentionDays: 1,
  },
};

const sentIds = (stage: Stage) => stage.calls().map(({ headers }) => headers['webhook-id'] ?? '');

const COMBINATIONS = engines('sqlite', 'postgres', 'mysql');

describe.each(COMBINATIONS)('on $database, engine $driver', ({ database, driver }) => {
  const engine = engineFor(driver);
  const config = { ...settings, engine: engine.config };
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({ database, config });
  });
  afterEach(() => stage?.clear());
  afterAll(async () => {
    await stage?.stop();
    await engine.close();
  });

  it('every delivery is sent once, in any language, and is in the log', async () => {
    const webhook = await stage.makeWebhook({ format: 'sitecore', serialization: 'xml' });
    await stage.write(EVENTS, 'Grüße \ud83d\udc4b');
    const found = await stage.finished(webhook);
    expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
      Array(EVENTS).fill(['delivered', 1]),
    );
    expect(sentIds(stage).sort()).toEqual(found.map(({ eventId }) => eventId).sort());
    const { attempts, createdAt, deliveredAt } = await stage.delivery(found[0]!);
    expect(attempts).toMatchObject([{ outcome: 'delivered', response: { status: 200 } }]);
    expect(attempts[0]?.request.body).toContain('Grüße \ud83d\udc4b 1');
    expect(Date.parse(deliveredAt!)).toBeGreaterThanOrEqual(Date.parse(createdAt));
  });

  it('a delivery that fails is tried again, with the same body, and may be sent again by hand', async () => {
    stage.receiver.on('/hook').answer(503, 200);
    const webhook = await stage.makeWebhook();
    await stage.write();
    await stage.attempted(webhook, 1);
    await stage.turn(15 * MINUTE);
    const { id, state } = await stage.attempted(webhook, 2);
    expect(state).toBe('delivered');
    await stage.api('POST', `/deliveries/${id}/resend`);
    const { attempts } = await stage.attempted(webhook, 3);
    expect(new Set(attempts.map(({ request }) => request.body)).size).toBe(1);
    expect(await stage.api('POST', '/deliveries/resend', { states: ['delivered'] })).toEqual({
      count: expect.any(Number),
    });
    await stage.attempted(webhook, 4);
  });

  /** Each quote takes four bytes of a statement on MySQL, whose limit is 16 MB; Strapi's own row takes two. Engines store nothing of it. */
  if (driver === 'database')
    it('a document is saved and sent that is larger than a statement may be', async () => {
      const webhook = await stage.makeWebhook();
      const updates = await stage.makeWebhook({ path: '/updates', events: ['entry.update'] });
      const documentId = await stage.app.run(async (strapi) => {
        const data = { title: 'Large', text: '"'.repeat(4_500_000) };
        return (await strapi.documents('api::notice.notice').create({ data })).documentId;
      });
      await stage.write(2);
      const [large] = await stage.finished(webhook);
      expect((await stage.deliveries(webhook)).map(({ state }) => state)).toEqual(
        Array(3).fill('delivered'),
      );
      await stage.api('POST', `/deliveries/${large!.id}/resend`);
      await stage.receiver.waitFor(4);
      const { attempts } = await until(
        () => stage.delivery(large!),
        ({ state, attemptCount }) => state === 'delivered' && attemptCount === 2,
      );
      const sent = stage.calls().filter(({ body }) => body.length > 1000);
      expect(sent.map(({ body }) => JSON.parse(body).data.entry.text.length)).toEqual(
        Array(2).fill(4_500_000),
      );
      expect(sent[0]!.body === sent[1]!.body).toBe(true);
      const shown = attempts.map(({ request }) => request.body);
      if (database === 'mysql') expect(shown).toEqual(Array(2).fill('[not kept: 9 MB]'));
      else expect(shown.map((body) => body === sent[0]!.body)).toEqual([true, true]);
      await stage.app.run(
        (strapi, documentId) =>
          strapi
            .documents('api::notice.notice')
            .update({ documentId, data: { text: `'${'"'.repeat(4_500_000)}` } }),
        documentId,
      );
      // Its body names the new text twice and the old one once, and more than 20 MB are not sent.
      const [update] = await stage.finished(updates);
      expect(update).toMatchObject({
        state: 'dead',
        reason: expect.stringMatching(/^The body has 27/),
      });
    });

  it('an attempt that the database does not take is recorded without its bodies, and no other waits', async () => {
    const table = 'workflow_webhooks_attempts';
    const refusing = {
      sqlite: [
        `create trigger refusing before insert on ${table} when new.body like '%Poison%' begin select raise(abort, 'No.'); end`,
        'drop trigger refusing',
      ],
      postgres: [
        `alter table ${table} add constraint refusing check (body not like '%Poison%')`,
        `alter table ${table} drop constraint refusing`,
      ],
      mysql: [
        `alter table ${table} add constraint refusing check (body not like '%Poison%')`,
        `alter table ${table} drop constraint refusing`,
      ],
    }[database];
    const run = (sql: string) =>
      stage.app.run((strapi, text) => strapi.db.connection.raw(text).then(() => null), sql);
    const webhook = await stage.makeWebhook();
    await run(refusing[0]!);
    await stage.write(3);
    await stage.write(1, 'Poison');
    await stage.write(3);
    const found = await stage.finished(webhook).finally(() => run(refusing[1]!));
    expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
      Array(7).fill(['delivered', 1]),
    );
    expect(stage.calls()).toHaveLength(7);
    const { attempts } = await stage.delivery(found[3]!);
    expect(attempts).toMatchObject([
      {
        request: { body: '[not kept: 1 KB]' },
        response: { status: 200, body: '[not kept: 0 KB]' },
      },
    ]);
  });

  it('a webhook that is gone is disabled, and stays so', async () => {
    stage.receiver.on('/hook').answer(410);
    const webhook = await stage.makeWebhook();
    await stage.write();
    await stage.finished(webhook);
    expect(await stage.webhook(webhook)).toMatchObject({
      enabled: false,
      health: { state: 'disabled' },
    });
  });

  // Retries get their share of a webhook's slots, however many first attempts wait.
  if (database !== 'mysql')
    describe('a large backlog', () => {
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
            await rows()
              .whereIn('id', ids)
              .update({ state: 'sending', claim_id: 'of-a-dead-process' });
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

  it('the log forgets what is old', async () => {
    const webhook = await stage.makeWebhook();
    await stage.write(3);
    await stage.finished(webhook);
    await stage.turn(25 * HOUR);
    await stage.app.run((strapi) => strapi.plugin('workflow-webhooks').service('pruner').prune());
    expect(await stage.deliveries(webhook)).toEqual([]);
  });

  // SQLite is for one process.
  if (database !== 'sqlite')
    describe('two Strapis on one database', () => {
      let other: App;

      const writeWithOther = (count: number) => writeWith(other, count);
      const turnOther = (ms: number) => turnClock(other, ms);
      const dispatcherOfOther = (act: 'start' | 'stop') =>
        other.run(
          (strapi, verb) => strapi.plugin('workflow-webhooks').service('dispatcher')[verb](),
          act,
        );

      beforeAll(async () => {
        other = await startSecond(stage.app, { config });
      });
      afterAll(() => other?.stop());

      it('send each delivery once, whichever of the two stored it', async () => {
        const webhook = await stage.makeWebhook();
        // The other instance reads the new webhook within a second.
        await until(
          async () => {
            await writeWithOther(1);
            return (await stage.deliveries(webhook)).length;
          },
          (count) => count > 0,
        );
        await Promise.all([stage.write(EVENTS), writeWithOther(EVENTS)]);
        const found = await stage.finished(webhook);
        expect(found.length).toBeGreaterThan(2 * EVENTS);
        expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
          found.map(() => ['delivered', 1]),
        );
        expect(sentIds(stage).sort()).toEqual(found.map(({ eventId }) => eventId).sort());
      });

      it('do not overwrite each other: an expired lease is lost, and a later result of its holder is ignored', async () => {
        const held = heldAnswer(500);
        stage.receiver.on('/hook').answer(held.answer, 200);
        const webhook = await stage.makeWebhook();
        // So the instance whose clock stays is the holder, with either engine.
        await dispatcherOfOther('stop');
        await stage.write();
        await stage.receiver.waitFor(1);
        await dispatcherOfOther('start');
        await turnOther(HOUR);
        await stage.receiver.waitFor(2);
        const [delivered] = await stage.finished(webhook);
        held.release();
        await until(
          () => stage.health(),
          ({ inFlight }) => inFlight === 0,
        );
        const later = await stage.makeWebhook({ path: '/later' });
        await stage.write();
        await stage.finished(later);
        await turnOther(-HOUR);
        expect(delivered?.state).toBe('delivered');
        const { attempts, ...after } = await stage.delivery(delivered!);
        expect(after).toMatchObject({ ...delivered, attemptCount: 1 });
        expect(attempts.map(({ outcome }) => outcome)).toEqual(['delivered']);
      });

      it('send the first attempts of a document in order, whichever of the two stored what', async () => {
        const held = heldAnswer(200);
        const titleOf = ({ body }: { body: string }) => JSON.parse(body).data.entry.title as string;
        stage.receiver
          .on('/hook')
          .answer((request) => (titleOf(request) === 'one 1' ? held.answer() : 200));
        const [one = '', two = ''] = await stage.write(2);
        const webhook = await stage.makeWebhook({ events: ['entry.update'] });
        const rename = (app: App, documentId: string, title: string) =>
          app.run(
            (strapi, args) =>
              strapi
                .documents('api::notice.notice')
                .update({ documentId: args.documentId, data: { title: args.title } }),
            { documentId, title },
          );
        // The other instance reads the new webhook within a second.
        let tries = 0;
        await until(
          async () => {
            await rename(other, two, `try ${(tries += 1)}`);
            return (await stage.deliveries(webhook)).length;
          },
          (count) => count > 0,
        );
        await rename(stage.app, one, 'one 1');
        await stage.receiver.waitFor((request) => titleOf(request) === 'one 1');
        await rename(other, one, 'one 2');
        await rename(stage.app, one, 'one 3');
        for (const [app, title] of [[other, 'two 1'] as const, [stage.app, 'two 2'] as const]) {
          await rename(app, two, title);
          await stage.receiver.waitFor((request) => titleOf(request) === title);
        }
        const ones = () =>
          stage
            .calls()
            .map(titleOf)
            .filter((title) => title.startsWith('one'));
        expect(ones()).toEqual(['one 1']);
        held.release();
        await stage.finished(webhook);
        expect(ones()).toEqual(['one 1', 'one 2', 'one 3']);
      });

      it('take over from each other: the deliveries of a killed process are sent by the other one', async () => {
        let isKilled = false;
        stage.receiver.on('/hook').answer(() => (isKilled ? 200 : 'hang'));
        const webhook = await stage.makeWebhook();
        // So the killed instance holds all of them, with either engine.
        await dispatcherOfOther('stop');
        await stage.write(4);
        await stage.receiver.waitFor(4);
        const held = await stage.deliveries(webhook);
        expect(held.map(({ state }) => state)).toEqual(Array(4).fill('sending'));
        await stage.app.kill();
        isKilled = true;
        await dispatcherOfOther('start');
        await turnOther(MINUTE);
        await stage.receiver.waitFor(8, { timeoutMs: MINUTE });
        await stage.app.restart();

        const found = await stage.all(webhook, ({ state }) => FINISHED.includes(state));
        expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
          Array(4).fill(['delivered', 1]),
        );
        const ids = found.map(({ eventId }) => eventId);
        expect(sentIds(stage).sort()).toEqual([...ids, ...ids].sort());
      });
    });
});
