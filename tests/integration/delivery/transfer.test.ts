/** A real export, import and transfer: configuration and content are transferred, open deliveries stay. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { DatabaseKind } from '../../support/strapi';
import { NODE_ARGUMENTS } from '../../support/strapi-process';
import { reachable } from './reachable';
import { HOUR, Stage } from './stage';

const PLAYGROUND = path.resolve(__dirname, '../../../playground');
const STRAPI = path.resolve(__dirname, '../../../node_modules/@strapi/strapi/bin/strapi.js');
const WEBHOOK = 'plugin::workflow-webhooks.webhook';

type Env = Record<string, string | undefined>;

/** A command of Strapi's, as somebody types it in the project's folder. */
const strapi = async (env: Env, ...args: string[]) => {
  const child = { ...env, NODE_CHANNEL_FD: undefined, CI: 'true' };
  return promisify(execFile)(process.execPath, [...NODE_ARGUMENTS, STRAPI, ...args], {
    cwd: PLAYGROUND,
    env: child,
  });
};

/** Strapi writes a log of a transfer into the project's folder, whatever one says. */
const transferLogs = async () =>
  (await readdir(PLAYGROUND)).filter((file) => /^transfer_\d+\.log$/.test(file));

const envOf = (stage: Stage): Promise<Env> =>
  stage.app.run(() => process.env as Record<string, string>);

/** A webhook with the id that it has in another environment, as it got there by an earlier transfer. */
const giveId = (stage: Stage, from: string, to: string) =>
  stage.app.run(
    (app, args) =>
      app.db
        .query('plugin::workflow-webhooks.webhook')
        .update({ where: { documentId: args.from }, data: { documentId: args.to } }),
    { from, to },
  );

const keepHouse = (stage: Stage) =>
  stage.app.run((app) => app.plugin('workflow-webhooks').service('pruner').keep());

const titles = (stage: Stage, where: string) =>
  stage.calls(where).map(({ body }) => JSON.parse(body).data.entry.title);

const all = async (stage: Stage) =>
  (await stage.deliveries()).map(({ eventId, state }) => ({ eventId, state }));

describe.each(reachable('sqlite', 'postgres'))('on %s', (database: DatabaseKind) => {
  let folder: string;
  let source: Stage;
  let here: Stage;
  let exported: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-transfer-'));
    exported = path.join(folder, 'export');
    [source, here] = [await Stage.start({ database }), await Stage.start({ database })];
    // Every receiver fails while the data is transferred.
    for (const stage of [source, here])
      for (const where of ['/shared', '/own']) stage.receiver.on(where).answer(503);
  });
  afterAll(async () => {
    await source?.stop();
    await here?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('an import loses nothing that was to be delivered, and brings nothing of others', async () => {
    const theirs = await source.makeWebhook({ path: '/shared' });
    await source.write(2, 'Theirs');
    await source.attempted(theirs, 1);
    await strapi(await envOf(source), 'export', '--no-encrypt', '--no-compress', '-f', exported);

    const shared = await here.makeWebhook({ path: '/shared' });
    await giveId(here, shared.id, theirs.id);
    const own = await here.makeWebhook({ path: '/own' });
    await here.write(2, 'Ours');
    await here.attempted({ id: theirs.id }, 1);
    await here.attempted(own, 1);
    const before = await here.deliveries();
    expect(before).toHaveLength(4);

    const env = await envOf(here);
    await here.app.kill();
    await strapi(env, 'import', '--force', '-f', `${exported}.tar`);
    await here.app.restart();

    // The webhook that both had is theirs now, and so is its address.
    expect(await here.api('GET', '/webhooks')).toMatchObject([
      { id: theirs.id, url: source.receiver.url('/shared') },
    ]);
    expect(await all(here)).toEqual(before.map(({ eventId }) => ({ eventId, state: 'retrying' })));
    source.receiver.clear();
    await here.turn(2 * HOUR);
    const sent = await here.finished({ id: theirs.id });
    expect(sent.map(({ state, attemptCount }) => [state, attemptCount])).toEqual([
      ['delivered', 2],
      ['delivered', 2],
    ]);
    expect(titles(source, '/shared').sort()).toEqual(['Ours 1', 'Ours 2']);
    const [first] = sent;
    expect((await here.delivery(first!)).attempts).toHaveLength(2);

    await keepHouse(here);
    expect(await here.finished(own)).toMatchObject(
      Array(2).fill({
        state: 'cancelled',
        reason: 'The webhook was deleted before this was sent.',
      }),
    );
    expect(here.calls('/own').map(({ body }) => body)).toHaveLength(2);
  });

  it('webhooks can be left out of a transfer, and stay as they were', async () => {
    const own = await here.makeWebhook({ path: '/kept' });
    const env = await envOf(here);
    await here.app.kill();
    await strapi(
      env,
      ...['import', '--force', '-f', `${exported}.tar`],
      ...['--exclude-content-types', WEBHOOK],
    );
    await here.app.restart();
    expect(await here.webhook(own)).toMatchObject({ url: here.receiver.url('/kept') });
    await here.write(1, 'After');
    await here.finished(own);
    expect(titles(here, '/kept')).toEqual(['After 1']);
  });

  it('a push into a running app leaves what it has to deliver, too', async () => {
    here.receiver.on('/pushed').answer(503);
    const own = await here.makeWebhook({ path: '/pushed' });
    await here.write(2, 'Waiting');
    await here.attempted(own, 1);
    const before = await all(here);
    const token = await here.app.run(async (app): Promise<string> => {
      const { accessKey } = await app.service('admin::transfer').token.create({
        name: 'push',
        description: '',
        permissions: ['push'],
        lifespan: null,
      });
      return accessKey;
    });
    const to = ['--to', `${here.app.url}/admin`, '--to-token', token];
    const logs = await transferLogs();
    await strapi(await envOf(source), 'transfer', '--force', ...to);
    const written = (await transferLogs()).filter((file) => !logs.includes(file));
    for (const file of written) await rm(path.join(PLAYGROUND, file));
    expect(await all(here)).toEqual(before);
    expect(await here.api('GET', '/webhooks')).toHaveLength(1);
    await here.turn(HOUR);
    await keepHouse(here);
    expect(await here.finished(own)).toMatchObject(Array(2).fill({ state: 'cancelled' }));
  });
});
