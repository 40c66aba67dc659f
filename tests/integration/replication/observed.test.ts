/** Strapi's own export, import, push and pull: their events contain the copied documents, or the reason of the failure. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Stage, until } from '../delivery/stage';
import {
  ARTICLE,
  command,
  documentsOf,
  envOf,
  receivedEvent,
  subscribe,
  sorted,
  replicationEvents,
  temporary,
  transferToken,
  write,
} from './scene';

describe('strapi export', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
    await subscribe(stage);
  });
  afterAll(() => stage?.stop());

  it('sends the events started and completed, with the copied documents', async () => {
    await write(stage.app);
    const file = path.join(await temporary(), 'export');
    await command(await envOf(stage.app), 'export', '--no-encrypt', '--no-compress', '-f', file);
    await stage.turnNow(1000);
    const { data } = await receivedEvent(stage, 'replication.completed');
    expect(data.replication).toMatchObject({
      kind: 'export',
      trigger: 'cli',
      status: 'Successful',
    });
    const there = await documentsOf(stage.app, ARTICLE);
    expect(sorted(data.replication.replicatedIds[ARTICLE])).toEqual(there);
    expect(data.replication.counts[ARTICLE]).toBe(there.length);
  });
});

/** In the middle of the articles, so that some of them have been read by then. */
const damage = async (file: string) => {
  const bytes = await readFile(file);
  const at = bytes.lastIndexOf('"type":"api::article.article"');
  bytes.write('}}}', at);
  await writeFile(file, bytes);
};

type Run = { kind: string; trigger: string };

/** The event of this name about such a run: the receiver gets the events of other tests' runs too. */
const eventsOf = (stage: Stage, name: string, { kind, trigger }: Run) =>
  until(
    async () =>
      replicationEvents(stage).filter(
        ({ type, data: { replication } }) =>
          type === name && replication.kind === kind && replication.trigger === trigger,
      ),
    (found) => found.length > 0,
  ).then(([event]) => event!.data.replication);

const completed = (stage: Stage, kind: string, trigger: string) =>
  eventsOf(stage, 'replication.completed', { kind, trigger });

describe('into this Strapi', () => {
  let here: Stage;
  let other: Stage;
  beforeAll(async () => {
    [here, other] = [await Stage.start(), await Stage.start()];
    for (const stage of [here, other]) await subscribe(stage);
    await write(other.app, 4);
  });
  afterAll(async () => {
    await here?.stop();
    await other?.stop();
  });

  it('strapi import sends its events to the webhooks that exist afterwards', async () => {
    const file = path.join(await temporary(), 'export');
    await command(await envOf(other.app), 'export', '--no-encrypt', '--no-compress', '-f', file);
    const env = await envOf(here.app);
    await here.app.kill();
    await command(env, 'import', '--force', '-f', `${file}.tar`);
    await here.app.restart();
    await here.turnNow(1000);
    // The webhook came along, and so its address is the other one's.
    const { replicatedIds, counts } = await completed(other, 'import', 'cli');
    const there = await documentsOf(here.app, ARTICLE);
    expect(there).toEqual(await documentsOf(other.app, ARTICLE));
    expect(sorted(replicatedIds[ARTICLE])).toEqual(there);
    expect(counts[ARTICLE]).toBe(4);
  });

  it('a pull sends events on both sides, with the documents that it read', async () => {
    const from = ['--from', `${other.app.url}/admin`];
    const token = ['--from-token', await transferToken(other.app, 'pull')];
    other.receiver.clear();
    const env = await envOf(here.app);
    await here.app.kill();
    // Files are left out: with them a pull stands still now and then, also of Strapi alone.
    await command(env, 'transfer', '--force', ...from, ...token, '--exclude', 'files');
    await here.app.restart();
    await here.turnNow(1000);
    const there = await documentsOf(other.app, ARTICLE);
    for (const trigger of ['remote', 'cli']) {
      const { replicatedIds } = await completed(other, 'transfer', trigger);
      expect(sorted(replicatedIds[ARTICLE])).toEqual(there);
    }
    expect(await documentsOf(here.app, ARTICLE)).toEqual(there);
  });

  it('an aborted import sends a failed event, and keeps the existing content', async () => {
    const file = path.join(await temporary(), 'export');
    await command(await envOf(other.app), 'export', '--no-encrypt', '--no-compress', '-f', file);
    await damage(`${file}.tar`);
    const before = await documentsOf(here.app, ARTICLE);
    const env = await envOf(here.app);
    await here.app.kill();
    await expect(command(env, 'import', '--force', '-f', `${file}.tar`)).rejects.toBeDefined();
    await here.app.restart();
    await here.turnNow(1000);
    const failed = await eventsOf(other, 'replication.failed', { kind: 'import', trigger: 'cli' });
    expect(failed).toMatchObject({ status: 'Failed', error: expect.stringContaining('JSON') });
    expect(await documentsOf(here.app, ARTICLE)).toEqual(before);
  });

  it('a push with a wrong token sends a failed event with the reason', async () => {
    const to = ['--to', `${here.app.url}/admin`, '--to-token', 'wrong'];
    await expect(
      command(await envOf(other.app), 'transfer', '--force', ...to),
    ).rejects.toBeDefined();
    await other.turnNow(1000);
    const failed = await eventsOf(other, 'replication.failed', {
      kind: 'transfer',
      trigger: 'cli',
    });
    expect(failed).toMatchObject({ status: 'Failed', counts: {} });
    expect(failed.error).toMatch(/token|auth/i);
    expect(failed.error).not.toContain('wrong');
  });
});
