/** A log of a million deliveries does not slow down the work: frequent queries read only the rows that they need. */
import { fillBacklog, countOf } from './backlog';
import { reachable } from './reachable';
import { MINUTE, SECOND, Stage, until } from './stage';

type Read = { sql: string; plan: string[] };

/** Short enough that the heartbeat, a third of a lease apart, comes while a request hangs. */
const config = { delivery: { timeout: 8 * SECOND, retentionCount: 1000, schedule: [0, MINUTE] } };

describe('every SQLite query of the dispatcher and its housekeeping', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({ config });
  });
  afterEach(() => stage.clear());
  afterAll(() => stage?.stop());

  const listen = () =>
    stage.app.run((strapi) => {
      const statements = new Map<string, unknown[]>();
      (globalThis as any).statements = statements;
      strapi.db.connection.on('query', ({ sql, bindings }: any) => {
        if (/^(select|update|delete)/.test(sql) && sql.includes('workflow_webhooks_'))
          statements.set(sql, bindings);
      });
    });

  /** Each statement that was heard of the outbox's tables, with the way that SQLite takes to its rows. */
  const reads = (): Promise<Read[]> =>
    stage.app.run(async (strapi) => {
      const found = [];
      for (const [sql, bindings] of (globalThis as any).statements as Map<string, any[]>) {
        if (!/workflow_webhooks_(deliveries|attempts|events)/.test(sql)) continue;
        const lines = await strapi.db.connection.raw(`explain query plan ${sql}`, bindings);
        found.push({ sql, plan: lines.map(({ detail }: { detail: string }) => detail) });
      }
      return found;
    });

  const keep = () =>
    stage.app.run((strapi) => strapi.plugin('workflow-webhooks').service('pruner').keep());

  /** Deliveries whose webhook went without a word, as in a restore. */
  const orphan = (id: string) =>
    stage.app.run(
      (strapi, documentId) =>
        strapi.db.query('plugin::workflow-webhooks.webhook').delete({ where: { documentId } }),
      id,
    );

  it('uses an index on an id or a webhook, and never scans all rows', async () => {
    await listen();
    stage.receiver.on('/hanging').answer('hang');
    stage.receiver.on('/failing').answer(500);
    const failing = await stage.makeWebhook({ path: '/failing' });
    await stage.write(3);
    await stage.all(failing, ({ attemptCount }) => attemptCount === 1);
    const hanging = await stage.makeWebhook({ path: '/hanging' });
    await stage.write(3);
    const isHeartbeat = ({ sql }: Read) => /^update \S+ set `due_at` = \? where/.test(sql);
    await until(reads, (statements) => statements.some(isHeartbeat));
    await stage.changeWebhook(hanging, { enabled: false });
    await orphan(failing.id);
    await stage.turnNow(2 * MINUTE);
    await keep();
    expect(await countOf(stage, failing, 'cancelled')).toBe(6);
    const statements = await reads();
    const through = statements.filter(({ plan }) =>
      // A claim looks through "front": at most a thousand rows, which the index gives it. "last_of_state" and
      // "first_of_state" are one row, and "waiting" has one for each webhook and state.
      plan.some((line) =>
        /^SCAN (?!CONSTANT|front|last_of_state|first_of_state|waiting)|\(created_at[<>]/.test(line),
      ),
    );
    expect(through).toEqual([]);
    const changed = statements.filter(({ sql }) =>
      /^update `workflow_webhooks_deliveries`/.test(sql),
    );
    for (const { sql, plan } of changed)
      expect([sql, plan[0]]).toEqual([sql, expect.stringContaining('INTEGER PRIMARY KEY')]);
  });

  it('is counted in pieces of the log, of one webhook as of all', async () => {
    const webhook = await stage.makeWebhook();
    await stage.write(3);
    await stage.finished(webhook);
    await listen();
    await stage.api('GET', `/statistics?webhook=${webhook.id}`);
    const pieces = (await reads()).filter(({ sql }) => sql.includes('bucket'));
    expect(pieces.map(({ plan }) => plan[0])).toEqual([
      expect.stringContaining('INTEGER PRIMARY KEY (rowid>? AND rowid<?)'),
      expect.stringContaining('(delivery_id>? AND delivery_id<?)'),
    ]);
  });
});

describe.each(reachable('sqlite', 'postgres', 'mysql'))('on %s', (database) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start({ database });
  });
  afterEach(() => stage.clear());
  afterAll(() => stage?.stop());

  it('many waiting deliveries of one document delay no other document', async () => {
    const webhook = await stage.makeWebhook({ path: '/crowd' });
    const like = { state: 'pending', attempt_count: 0, document_id: 'crowd' };
    await fillBacklog(stage, webhook, { count: 2500, like });
    // Another process sends the first of the crowd. The last five are of other documents.
    await stage.app.run(async (strapi, webhookId) => {
      const rows = () =>
        strapi.db.connection('workflow_webhooks_deliveries').where('webhook_id', webhookId);
      const ids = (await rows().orderBy('id').select('id')).map(({ id }: any) => id as number);
      const later = strapi.plugin('workflow-webhooks').service('clock').now() + 3_600_000;
      await rows()
        .where('id', ids[0])
        .update({ state: 'sending', claim_id: 'other.1', due_at: later });
      for (const id of ids.slice(-5))
        await rows()
          .where('id', id)
          .update({ document_id: `other-${id}` });
    }, webhook.id);
    await stage.changeWebhook(webhook, { enabled: true });
    await until(
      () => countOf(stage, webhook, 'delivered'),
      (count) => count === 5,
    );
    expect(stage.calls('/crowd')).toHaveLength(1 + 5);
    expect(await countOf(stage, webhook, 'pending')).toBe(2500 - 1 - 5);
  });

  it('any number of waiting deliveries of a deleted webhook is cancelled, and nothing else', async () => {
    const kept = await stage.makeWebhook({ path: '/kept' });
    await fillBacklog(stage, kept, { count: 20, like: { state: 'retrying' } });
    const gone = await stage.makeWebhook({ path: '/gone' });
    await fillBacklog(stage, gone, { count: 1200, like: { state: 'retrying' } });
    await stage.app.run(
      (strapi, documentId) =>
        strapi.db.query('plugin::workflow-webhooks.webhook').delete({ where: { documentId } }),
      gone.id,
    );
    await stage.turnNow(2 * MINUTE);
    await stage.app.run((strapi) => strapi.plugin('workflow-webhooks').service('pruner').keep());
    expect(await countOf(stage, gone, 'cancelled')).toBe(1200);
    expect(await countOf(stage, kept, 'retrying')).toBe(20);
  });
});
