/** A transfer from one Strapi into another that runs: both tell of it, with what really went through. */
import { Stage } from '../delivery/stage';
import {
  ARTICLE,
  command,
  documentsOf,
  envOf,
  receivedEvent,
  subscribe,
  sorted,
  transferToken,
  write,
} from './scene';

it('strapi transfer is told by the command, and by the destination to the webhooks it has afterwards', async () => {
  const [source, destination] = [await Stage.start(), await Stage.start()];
  try {
    await subscribe(source);
    await write(source.app);
    const to = ['--to', `${destination.app.url}/admin`];
    const token = ['--to-token', await transferToken(destination.app)];
    await command(await envOf(source.app), 'transfer', '--force', ...to, ...token);
    await source.turnNow(1000);
    await source.receiver.waitFor(4, { path: '/replication', timeoutMs: 20_000 });
    const { data } = await receivedEvent(source, 'replication.completed');
    const there = await documentsOf(destination.app, ARTICLE);
    expect(there).toHaveLength(3);
    expect(sorted(data.replication.replicatedIds[ARTICLE])).toEqual(there);
    const triggers = source
      .calls('/replication')
      .map(({ body }) => JSON.parse(body).data.replication.trigger);
    expect(triggers.sort()).toEqual(['cli', 'cli', 'remote', 'remote']);
  } finally {
    await source.stop();
    await destination.stop();
  }
});
