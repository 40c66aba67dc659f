/** The events of a push at its destination: the test drives Strapi's own push step by step. */
import { loadLibrary } from '../../../server/strapi/transfer.service';
import { Stage } from '../delivery/stage';
import { receivedEvent, subscribe, replicationEvents, transferToken } from './scene';

type Pusher = {
  ws: { terminate(): void };
  bootstrap(): Promise<void>;
  close(): Promise<void>;
};

/** A push that has begun. */
const push = async ({ app }: Stage): Promise<Pusher> => {
  const pusher = loadLibrary().strapi.providers.createRemoteStrapiDestinationProvider({
    url: new URL(`${app.url}/admin`),
    auth: { type: 'token', token: await transferToken(app) },
    strategy: 'restore',
    restore: { entities: { include: [] } },
  }) as Pusher;
  await pusher.bootstrap();
  return pusher;
};

/** The next COMMIT is lost. With SQLite's one connection it is the one of whoever holds the open transaction. */
const loseCommit = ({ app }: Stage) =>
  app.run((strapi) => {
    const { prototype } = strapi.db.connection.client.constructor;
    const query = prototype._query;
    prototype._query = async function lost(connection: unknown, statement: { sql: string }) {
      if (!statement.sql.startsWith('COMMIT')) return query.call(this, connection, statement);
      prototype._query = query;
      await query.call(this, connection, { ...statement, sql: 'ROLLBACK;' });
      throw new Error('The disk is full.');
    };
  });

it('a push whose COMMIT is lost sends a failed event', async () => {
  const stage = await Stage.start();
  try {
    await subscribe(stage);
    const pusher = await push(stage);
    await loseCommit(stage);
    await expect(pusher.close()).rejects.toThrow('The disk is full.');
    pusher.ws.terminate();
    const { data } = await receivedEvent(stage, 'replication.failed');
    expect(data.replication).toMatchObject({
      status: 'Failed',
      trigger: 'remote',
      replicatedCount: 0,
      error: 'What was copied could not be stored. The other side says why.',
    });
    await stage.receiver.waitFor(2, { path: '/replication' });
    expect(replicationEvents(stage)).toHaveLength(2);
  } finally {
    await stage.stop();
  }
});
