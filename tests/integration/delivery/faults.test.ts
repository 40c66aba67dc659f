/** Failures of the database connection, the database and the disk: changes are saved completely or not at all, and sending resumes by itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import { NOW_SQL } from '../../../server/store/dialect';
import { heldAnswer } from '../../support/receiver';
import { hasServer, startDatabaseServer, type DatabaseServer } from '../../support/database-server';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy';
import { Stage, until } from './stage';

const SERVERS = (['postgres', 'mysql'] as const).filter(hasServer);
/** More lines of ours than a person would read during an outage of a few seconds. */
const FLOOD = 12;

const ourLines = (stage: Stage) =>
  stage.app
    .logs()
    .split('\n')
    .filter((line) => line.includes('workflow-webhooks:'));

const errorLines = (stage: Stage) => ourLines(stage).filter((line) => /sending goes on/.test(line));

/** The titles of the saved notices, and those of the stored events. */
const kept = (stage: Stage) =>
  stage.app.run(async (strapi) => {
    const notices = await strapi.db.query('api::notice.notice').findMany({ select: ['title'] });
    const events = await strapi.db.connection('workflow_webhooks_events').select('payload');
    return {
      saved: notices.map(({ title }: { title: string }) => title).sort(),
      captured: events
        .map(({ payload }: { payload: string }) => JSON.parse(payload).entry.title)
        .sort(),
    };
  });

const expectWhole = async (stage: Stage) => {
  const { saved, captured } = await kept(stage);
  expect(captured).toEqual(saved);
  return saved as string[];
};

const isRefused = (work: Promise<unknown>) =>
  work.then(
    () => false,
    () => true,
  );

/** Without asking the database. */
const inFlight = (stage: Stage): Promise<number> =>
  stage.app.run((strapi) => strapi.plugin('workflow-webhooks').service('dispatcher').inFlight());

/** Counts what Strapi itself raises of saves: after it answered, and with a reading of the database that ends it if that fails. */
const countRaised = (stage: Stage) =>
  stage.app.run((strapi) => {
    const world = globalThis as { raised?: number };
    world.raised = 0;
    strapi.eventHub.on('entry.create', async () => {
      world.raised = (world.raised ?? 0) + 1;
    });
  });

const raised = (stage: Stage) =>
  stage.app.run(() => (globalThis as { raised?: number }).raised ?? 0);

/** After this time (ms), the answers are gathered and their recording has begun. */
const GATHERED_MS = 300;

describe.each(SERVERS)('on a %s that goes away and comes back', (kind) => {
  let server: DatabaseServer;
  let line: TcpProxy;
  let stage: Stage;

  beforeAll(async () => {
    server = await startDatabaseServer(kind);
    line = await startTcpProxy(server.port);
    stage = await Stage.start({ env: server.env(line.port) });
    await countRaised(stage);
  });
  afterEach(async () => {
    line.set('normal');
    await stage.clear();
  });
  afterAll(async () => {
    await stage?.stop();
    await line?.stop();
    await server?.remove();
  });

  if (kind === 'mysql')
    it.each(['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-07-01T12:00:00.250Z'])(
      'stores the right time at %s, although two of these times are the same local time at the end of summer time',
      async (time) => {
        const storedTime = await stage.app.run(
          (strapi, { sql, seconds }) =>
            strapi.db.connection.transaction(async (trx: any) => {
              await trx.raw(`set time_zone = 'SYSTEM', timestamp = ${seconds}`);
              const [rows] = await trx.raw(sql);
              await trx.raw('set time_zone = default, timestamp = default');
              return new Date(Number(rows[0].at)).toISOString();
            }),
          { sql: NOW_SQL.mysql, seconds: Date.parse(time) / 1000 },
        );
        expect(storedTime).toBe(new Date(time).toISOString());
      },
    );

  const away: [string, { begin(): unknown; end(): unknown }][] = [
    ['its line is cut', { begin: () => line.set('cut'), end: () => line.set('normal') }],
    ['it is stopped', { begin: () => server.end('fast'), end: () => server.start() }],
    ['it is killed', { begin: () => server.end('crash'), end: () => server.start() }],
  ];

  it.each(away)(
    'in mid-send, when %s: what was answered is recorded once it is back',
    async (_, outage) => {
      const webhook = await stage.makeWebhook();
      const held = heldAnswer(200);
      stage.receiver.on('/hook').answer(held.answer);
      const before = errorLines(stage).length;
      const raisedBefore = await raised(stage);
      await stage.write(3, 'Under way');
      await stage.receiver.waitFor(3, { path: '/hook' });
      await until(
        () => raised(stage),
        (count) => count >= raisedBefore + 3,
      );

      await outage.begin();
      // The write waits for a connection; the database decides whether it is saved or refused.
      const tried = isRefused(stage.write(1, 'Meanwhile'));
      held.release();
      await until(
        () => inFlight(stage),
        (count) => count === 0,
      );
      await sleep(GATHERED_MS);
      await outage.end();
      const isSaved = !(await tried);

      const found = await stage.finished(webhook);
      const count = isSaved ? 4 : 3;
      expect(found.map(({ state, attemptCount }) => [state, attemptCount])).toEqual(
        Array(count).fill(['delivered', 1]),
      );
      expect(stage.calls()).toHaveLength(count);

      // Connections that died in the pool may cost the first tries.
      await until(
        () => isRefused(stage.write(1, 'Afterwards')),
        (refused) => !refused,
      );
      await stage.receiver.waitFor(count + 1, { path: '/hook' });
      await stage.finished(webhook);
      await expectWhole(stage);
      expect(errorLines(stage).length - before).toBeLessThan(FLOOD);
    },
  );
});

describe('a full disk', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start();
  });
  afterAll(() => stage.stop());

  /** SQLite answers as it does where the disk is full, once its file has this many pages; null: as many as it likes. */
  const allowPages = (more: number | null) =>
    stage.app.run(
      async (strapi, args) => {
        const knex = strapi.db.connection;
        const [{ page_count: pages }] = await knex.raw('PRAGMA page_count');
        const most = args.more === null ? 1_000_000 : pages + args.more;
        await knex.raw(`PRAGMA max_page_count = ${most}`);
      },
      { more },
    );

  /** Saves until nothing more is taken. */
  const fill = async (title: string): Promise<number> => {
    for (let count = 0; count < 400; count += 1)
      if (await isRefused(stage.write(1, `${title} ${count}`))) return count;
    throw new Error('The disk is never full.');
  };

  it('refuses a change whole, keeps what was sent, and goes on when there is room', async () => {
    const webhook = await stage.makeWebhook();
    const held = heldAnswer(200);
    stage.receiver.on('/hook').answer(held.answer);
    await stage.write(3, 'Under way');
    await stage.receiver.waitFor(3, { path: '/hook' });

    await allowPages(20);
    const saved = await fill('Full');
    const refused = await stage.app.contentApi('POST', '/notices', { data: { title: 'By REST' } });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(await expectWhole(stage)).toHaveLength(3 + saved);

    held.release();
    await until(
      async () => errorLines(stage),
      (lines) => lines.length > 0,
    );
    expect(errorLines(stage)[0]).toContain('database or disk is full');

    await allowPages(null);
    const found = await stage.finished(webhook);
    expect(found).toHaveLength(3 + saved);
    expect(
      found.every(({ state, attemptCount }) => state === 'delivered' && attemptCount === 1),
    ).toBe(true);
    expect(stage.calls()).toHaveLength(3 + saved);
    await stage.write(1, 'Afterwards');
    await stage.receiver.waitFor(4 + saved, { path: '/hook' });
    await expectWhole(stage);
    expect(errorLines(stage).length).toBeLessThan(FLOOD);
    expect(errorLines(stage).every((line) => line.length < 500)).toBe(true);
  });
});

describe('SIGTERM in mid-send', () => {
  it('uses up no attempt, and the same request is sent after the start', async () => {
    const stage = await Stage.start();
    try {
      let isFirstLife = true;
      stage.receiver.on('/hook').answer(() => (isFirstLife ? 'hang' : 200));
      const webhook = await stage.makeWebhook();
      await stage.write();
      await stage.receiver.waitFor(1, { path: '/hook' });
      // `restart` ends it by SIGTERM.
      isFirstLife = false;
      await stage.app.restart();
      const [delivery] = await stage.finished(webhook);
      expect(delivery).toMatchObject({ state: 'delivered', attemptCount: 1 });
      expect((await stage.delivery(delivery!)).attempts).toHaveLength(1);
      const [first, second] = stage.calls();
      expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
      expect(second?.body).toBe(first?.body);
      expect(stage.calls()).toHaveLength(2);
    } finally {
      await stage.stop();
    }
  });
});
