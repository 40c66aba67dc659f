/**
 * Strapi stops, gracefully or not, and starts again, or its lease runs out: no stored delivery is lost, and no unsent attempt
 * is counted.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Delivery } from '../../../server/contract/delivery';
import { heldAnswer } from '../../support/receiver';
import { HOUR, MINUTE, Stage, until } from './stage';

const PLAYGROUND = path.resolve(__dirname, '../../../playground');

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start({ config: { delivery: { concurrencyPerWebhook: 4 } } });
});
afterEach(() => stage.clear());
afterAll(() => stage.stop());

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The same as `docker stop` or a deployment. */
const stopGently = async () => {
  const { pid } = stage.app;
  process.kill(pid, 'SIGTERM');
  await until(
    async () => isAlive(pid),
    (alive) => !alive,
  );
};

const idsOf = (deliveries: Delivery[]) => deliveries.map(({ eventId }) => eventId).sort();
const sentIds = (where: string) =>
  stage.calls(where).map(({ headers }) => headers['webhook-id'] ?? '');

describe('a graceful stop', () => {
  it('waits for answers, takes back hanging requests, uses up no attempt and loses nothing', async () => {
    let isFirstLife = true;
    stage.receiver.on('/slow').answer({ status: 200, delayMs: 1000 });
    stage.receiver.on('/hanging').answer(() => (isFirstLife ? 'hang' : 200));
    const slow = await stage.makeWebhook({ path: '/slow' });
    const hanging = await stage.makeWebhook({ path: '/hanging' });
    await stage.write(10);
    await stage.receiver.waitFor(4, { path: '/slow' });
    await stage.receiver.waitFor(4, { path: '/hanging' });
    await stopGently();
    const before = stage.calls('/slow').length;
    expect(before).toBeLessThan(10);
    isFirstLife = false;
    await stage.app.restart();

    for (const webhook of [slow, hanging]) {
      const found = await stage.finished(webhook);
      expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
        Array(10).fill(['delivered', 1]),
      );
    }
    // The answered deliveries of the first process were recorded, and not sent again by the second.
    expect(sentIds('/slow').sort()).toEqual(idsOf(await stage.deliveries(slow)));
    expect(new Set(sentIds('/hanging'))).toEqual(new Set(idsOf(await stage.deliveries(hanging))));
    const [first] = await stage.deliveries(hanging);
    expect((await stage.delivery(first!)).attempts).toHaveLength(1);
  });
});

describe('kill -9 in the middle of a stream of writes', () => {
  /** Four editors who save until Strapi is gone. Returns the saves that Strapi confirmed. */
  const writeOn = async (): Promise<string[]> => {
    const saved: string[] = [];
    const save = () => stage.app.contentApi('POST', '/notices', { data: { title: 'Notice' } });
    const edit = async (): Promise<void> => {
      const answer = await save().catch(() => null);
      if (answer === null || saved.length > 5000) return;
      saved.push(answer.body.data.documentId);
      await edit();
    };
    await Promise.all([edit(), edit(), edit(), edit()]);
    return saved;
  };
  const documentIds = (): Promise<string[]> =>
    stage.app.run(async (strapi) => {
      const rows = await strapi.db.query('api::notice.notice').findMany({ orderBy: { id: 'asc' } });
      return rows.map(({ documentId }: { documentId: string }) => documentId);
    });

  it.each([25, 60])(
    'after %d answers loses no event of a saved document, and every duplicate has the same id',
    async (answers) => {
      const earlier = new Set(await documentIds());
      let isFirstLife = true;
      const isAnswered = () => !isFirstLife || stage.calls().length <= answers;
      stage.receiver.on('/hook').answer(() => (isAnswered() ? 200 : 'hang'));
      const webhook = await stage.makeWebhook();
      const writing = writeOn();
      // Four more are under way, unanswered; the writing goes on.
      await stage.receiver.waitFor(answers + 4, { path: '/hook' });
      await stage.app.kill();
      const saved = await writing;
      isFirstLife = false;
      await stage.app.restart();
      // The leases of the killed process end.
      await stage.turnNow(MINUTE);

      const found = await stage.finished(webhook);
      const documents = (await documentIds()).filter((id) => !earlier.has(id));
      expect(saved.length).toBeGreaterThan(answers);
      expect(documents).toEqual(expect.arrayContaining(saved));
      expect(found.map(({ documentId }) => documentId).sort()).toEqual(documents.sort());
      expect(new Set(found.map(({ state }) => state))).toEqual(new Set(['delivered']));
      expect(new Set(sentIds('/hook'))).toEqual(new Set(idsOf(found)));

      const bodies = new Map<string, Set<string>>();
      for (const { headers, body } of stage.calls()) {
        const id = headers['webhook-id'] ?? '';
        bodies.set(id, (bodies.get(id) ?? new Set()).add(body));
      }
      expect(stage.calls().length).toBeGreaterThanOrEqual(bodies.size + 4);
      expect([...bodies.values()].every(({ size }) => size === 1)).toBe(true);
    },
  );
});

describe('an app that loads and does not listen, as a command does', () => {
  const SCRIPT = `
    const { createStrapi } = require('@strapi/strapi');
    (async () => {
      const strapi = await createStrapi({ appDir: process.cwd(), distDir: process.cwd() }).load();
      await strapi.documents('api::notice.notice').create({ data: { title: 'By a command' } });
      const dispatcher = strapi.plugin('workflow-webhooks').service('dispatcher');
      console.log('RUNNING=' + dispatcher.isRunning());
      await strapi.destroy();
      process.exit(0);
    })();`;

  it('stores deliveries and sends none; the next start sends them', async () => {
    const webhook = await stage.makeWebhook();
    const env = await stage.app.run(() => process.env as Record<string, string>);
    await stopGently();
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', SCRIPT], {
      cwd: PLAYGROUND,
      env: { ...env, NODE_CHANNEL_FD: undefined },
    });
    expect(stdout).toContain('RUNNING=false');
    expect(stage.calls()).toEqual([]);
    await stage.app.restart();
    await stage.finished(webhook);
    expect(stage.calls().map(({ body }) => JSON.parse(body).data.entry.title)).toEqual([
      'By a command',
    ]);
  });
});

describe('a start with other settings', () => {
  const reasons = async (webhook: { id: string }) => {
    const [delivery] = await stage.finished(webhook);
    const { attempts, state, attemptCount, reason } = await stage.delivery(delivery!);
    return { state, attemptCount, reason, outcome: attempts[0]?.outcome };
  };
  const dead = (outcome: string, reason: string) => ({
    state: 'dead',
    attemptCount: 1,
    outcome,
    reason: expect.stringContaining(reason),
  });

  it('sends nothing that it may not or cannot, says why, and sends it once it can again', async () => {
    const credentials = (name: string) =>
      stage.api('POST', '/authorizations', { name, kind: 'bearer', token: 'secret-4711' });
    const [kept, gone] = [await credentials('Kept'), await credentials('Gone')];
    const plain = await stage.makeWebhook({ path: '/plain' });
    const signed = await stage.makeWebhook({ path: '/signed', signing: 'standard' });
    const authorized = await stage.makeWebhook({ path: '/authorized', authorization: kept.id });
    const orphan = await stage.makeWebhook({ path: '/orphan', authorization: gone.id });
    const header = await stage.makeWebhook({
      path: '/header',
      headers: { 'x-key': { value: 'secret-4712', secret: true } },
    });
    // The API refuses to delete what is in use; somebody did it in the database.
    await stage.app.run(
      (strapi, documentId) =>
        strapi.db
          .query('plugin::workflow-webhooks.authorization')
          .delete({ where: { documentId } }),
      gone.id as string,
    );
    const before = { config: { delivery: { concurrencyPerWebhook: 4 } }, env: {} };
    await stage.app.restart({
      config: { ...before.config, network: { allow: [] } },
      env: { ENCRYPTION_KEY: 'quite another key' },
    });
    await stage.write();

    const unreadable = 'cannot be read with the encryption key of this server';
    expect(await reasons(plain)).toEqual(
      dead('blocked', '127.0.0.1 is a private or local address'),
    );
    expect(await reasons(signed)).toEqual(dead('auth', `The signing secret ${unreadable}`));
    expect(await reasons(authorized)).toEqual(dead('auth', unreadable));
    expect(await reasons(header)).toEqual(dead('auth', `A secret header ${unreadable}`));
    expect(await reasons(orphan)).toEqual(dead('auth', 'is gone. Choose another one.'));
    expect(stage.receiver.requests).toEqual([]);

    await stage.app.restart(before);
    await stage.changeWebhook(orphan, { authorization: kept.id });
    expect(await stage.api('POST', '/deliveries/resend', { states: ['dead'] })).toEqual({
      count: 5,
    });
    for (const webhook of [plain, signed, authorized, header, orphan]) {
      expect(await stage.finished(webhook)).toMatchObject([{ state: 'delivered' }]);
    }
    expect(stage.calls('/orphan')[0]?.headers.authorization).toBe('Bearer secret-4711');
  });
});

describe('a lease that ran out', () => {
  /** Does the same as another instance that found the lease expired. */
  const deliverElsewhere = (webhookId: string) =>
    stage.app.run(
      (strapi, id) =>
        strapi.db
          .connection('workflow_webhooks_deliveries')
          .where('webhook_id', id)
          .update({
            state: 'delivered',
            claim_id: null,
            attempt_count: 1,
            delivered_at: strapi.plugin('workflow-webhooks').service('clock').now(),
          }),
      webhookId,
    );

  it('is lost: a late result of its holder does not overwrite that of the next process', async () => {
    const held = heldAnswer(500);
    stage.receiver.on('/hook').answer(held.answer);
    const webhook = await stage.makeWebhook();
    await stage.write();
    await stage.receiver.waitFor(1);
    await deliverElsewhere(webhook.id);
    const [delivered] = await stage.finished(webhook);
    held.release();
    await until(
      () => stage.health(),
      ({ inFlight }) => inFlight === 0,
    );
    const later = await stage.makeWebhook({ path: '/later' });
    await stage.write();
    await stage.finished(later);
    expect(delivered?.state).toBe('delivered');
    // The attempt counts where the next holder made it, and not once more here.
    expect(await stage.delivery(delivered!)).toMatchObject({
      ...delivered,
      attemptCount: 1,
      attempts: [],
    });
  });

  it('is renewed by its holder if no other process took it: requests in flight are not sent again', async () => {
    const held = heldAnswer(200);
    stage.receiver.on('/hook').answer(held.answer, 200);
    const webhook = await stage.makeWebhook();
    await stage.write();
    await stage.receiver.waitFor(1);
    await stage.turnNow(HOUR);
    await stage.write();
    await stage.receiver.waitFor(2);
    held.release();
    const found = await stage.finished(webhook);
    expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
      Array(2).fill(['delivered', 1]),
    );
    expect(stage.calls()).toHaveLength(2);
  });
});
