/** Strapi's own export, told of with what really went through it. */
import path from 'node:path';
import { Stage } from '../delivery/stage';
import {
  ARTICLE,
  command,
  documentsOf,
  envOf,
  heard,
  listen,
  sorted,
  temporary,
  write,
} from './scene';

describe('strapi export', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
    await listen(stage);
  });
  afterAll(() => stage?.stop());

  it('is told as started and completed, with the documents that went through it', async () => {
    await write(stage.app);
    const file = path.join(await temporary(), 'export');
    await command(await envOf(stage.app), 'export', '--no-encrypt', '--no-compress', '-f', file);
    await stage.turnNow(1000);
    const { data } = await heard(stage, 'replication.completed');
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
