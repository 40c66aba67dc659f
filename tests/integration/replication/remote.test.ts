/** A transfer from one running Strapi into another: both send events with the copied documents. */
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

it('strapi transfer sends events from the command, and from the destination to the webhooks that it has afterwards', async () => {
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
