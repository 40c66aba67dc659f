/** The events of a pull at its source: the test drives Strapi's own pull step by step. */
import { setImmediate } from 'node:timers/promises';
import { loadLibrary } from '../../../server/strapi/transfer.service';
import { Stage, until } from '../delivery/stage';
import { writeMuch } from './jobs';
import { ARTICLE, subscribe, NOTICE, replicationEvents, transferToken, write } from './scene';

type Socket = { terminate(): void; emit(event: string, ...args: unknown[]): boolean };
type Stream = AsyncIterable<unknown> & { destroy(): void };
type Puller = {
  ws: Socket;
  bootstrap(): Promise<void>;
  createEntitiesReadStream(): Promise<Stream>;
  createLinksReadStream(): Promise<Stream>;
  createAssetsReadStream(): Promise<Stream>;
  createConfigurationReadStream(): Promise<Stream>;
  close(): Promise<void>;
};

/** Strapi misses a message that comes in one piece with the answer before it: each comes alone. */
const oneByOne = (socket: Socket) => {
  const emit = socket.emit.bind(socket);
  let before: Promise<unknown> = Promise.resolve();
  socket.emit = (event, ...args) => {
    if (event !== 'message') return emit(event, ...args);
    before = before.then(() => setImmediate()).then(() => emit(event, ...args));
    return true;
  };
};

/** A pull that has begun. */
const pull = async ({ app }: Stage): Promise<Puller> => {
  const token = await transferToken(app, 'pull');
  const { providers } = loadLibrary().strapi as unknown as {
    providers: { createRemoteStrapiSourceProvider(options: object): Puller };
  };
  const url = new URL(`${app.url}/admin`);
  const puller = providers.createRemoteStrapiSourceProvider({
    url,
    auth: { type: 'token', token },
  });
  await puller.bootstrap();
  oneByOne(puller.ws);
  return puller;
};

const read = async (stream: Stream): Promise<void> => {
  for await (const item of stream) void item;
};

const GONE = 'The connection to the other side broke off before it was done.';

/** The events of the only pull, as soon as it is over. */
const ending = (stage: Stage) =>
  until(
    async () => replicationEvents(stage),
    (found) => found.some(({ type }) => type !== 'replication.started'),
  ).then((found) => found.at(-1)!.data.replication);

describe('a pull, at its source', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
    await subscribe(stage);
    await write(stage.app);
  });
  afterAll(() => stage?.stop());
  beforeEach(() => stage.receiver.clear());

  it('sends a completed event if everything was read', async () => {
    const puller = await pull(stage);
    await read(await puller.createEntitiesReadStream());
    await read(await puller.createLinksReadStream());
    await puller.close();
    const replication = await ending(stage);
    expect(replication).toMatchObject({
      status: 'Successful',
      trigger: 'remote',
      counts: { [ARTICLE]: 3, [NOTICE]: 1 },
      error: null,
    });
    // Strapi reads its administrators and tokens too, and leaves them out at the other end.
    const uids = [replication.counts, replication.replicatedIds].flatMap(Object.keys);
    expect(uids.filter((uid) => uid.startsWith('admin::'))).toEqual([]);
  });

  it('sends a completed event if it contained only files or the configuration', async () => {
    const puller = await pull(stage);
    await read(await puller.createAssetsReadStream());
    await read(await puller.createConfigurationReadStream());
    await puller.close();
    expect(await ending(stage)).toMatchObject({ status: 'Successful', replicatedCount: 0 });
  });

  it('sends a failed event if it was given up after the entries', async () => {
    const puller = await pull(stage);
    await read(await puller.createEntitiesReadStream());
    await puller.close();
    expect(await ending(stage)).toMatchObject({
      status: 'Failed',
      replicatedCount: 0,
      error: 'The other side gave it up before it had read all of it. It says why.',
    });
  });

  it('sends a failed event if it was given up in the middle', async () => {
    await writeMuch(stage.app);
    const puller = await pull(stage);
    await puller.createEntitiesReadStream();
    await puller.close();
    expect(await ending(stage)).toMatchObject({ status: 'Failed' });
  });

  it('sends a failed event if it was given up before anything was read', async () => {
    const puller = await pull(stage);
    await puller.close();
    expect(await ending(stage)).toMatchObject({ status: 'Failed' });
  });

  it('sends a failed event if the other side disappears in the middle', async () => {
    const puller = await pull(stage);
    await puller.createEntitiesReadStream();
    puller.ws.terminate();
    expect(await ending(stage)).toMatchObject({ status: 'Failed', error: GONE });
  });

  it('sends a failed event if the other side disappears between two stages', async () => {
    const [puller, other] = [await pull(stage), await pull(stage)];
    await read(await puller.createEntitiesReadStream());
    puller.ws.terminate();
    expect(await ending(stage)).toMatchObject({ status: 'Failed', error: GONE });
    // Other pulls go on.
    stage.receiver.clear();
    await read(await other.createConfigurationReadStream());
    await other.close();
    expect(await ending(stage)).toMatchObject({ status: 'Successful' });
  });
});
