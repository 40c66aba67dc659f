/** The plugin's own replications: from one real Strapi to another, with events that contain the copied documents. */
import { Stage, until } from '../delivery/stage';
import { makeJob, runJob } from './jobs';
import {
  ARTICLE,
  documentsOf,
  receivedEvent,
  subscribe,
  NOTICE,
  sorted,
  replicationEvents,
  write,
} from './scene';

describe('a replication', () => {
  let source: Stage;
  let destination: Stage;
  beforeAll(async () => {
    [source, destination] = [await Stage.start(), await Stage.start()];
    await subscribe(source);
    await write(source.app);
  });
  afterAll(async () => {
    await source?.stop();
    await destination?.stop();
  });

  it('copies the content, and sends the events started and completed with correct counts and ids', async () => {
    const job = await makeJob(source, destination);
    expect(await runJob(source, job)).toMatchObject({
      trigger: 'manual',
      state: 'completed',
      error: null,
      counts: { [ARTICLE]: 3, [NOTICE]: 1 },
    });
    const there = await documentsOf(destination.app, ARTICLE);
    expect(there).toEqual(await documentsOf(source.app, ARTICLE));
    const { data } = await receivedEvent(source, 'replication.completed');
    expect(data.replication).toMatchObject({
      name: 'To live',
      kind: 'transfer',
      trigger: 'manual',
      destination: `${destination.app.url}/admin`,
      status: 'Successful',
      counts: { [ARTICLE]: 3, [NOTICE]: 1 },
    });
    expect(sorted(data.replication.replicatedIds[ARTICLE])).toEqual(there);
    const own = await until(
      async () =>
        replicationEvents(source).filter(
          ({ data: { replication } }) => replication.id === data.replication.id,
        ),
      ({ length }) => length >= 2,
    );
    expect(own.map(({ type }) => type)).toEqual(['replication.started', 'replication.completed']);
  });
});
