/** What the source tells of a pull: the other side is Strapi's own half of one, driven step by step. */
import { loadLibrary } from '../../../server/replication/data-transfer.service';
import { Stage, until } from '../delivery/stage';
import { writeMuch } from './jobs';
import { ARTICLE, listen, NOTICE, told, transferToken, write } from './scene';

type Stream = AsyncIterable<unknown> & { destroy(): void };
type Puller = {
  ws: { terminate(): void };
  bootstrap(): Promise<void>;
  createEntitiesReadStream(): Promise<Stream>;
  createLinksReadStream(): Promise<Stream>;
  createAssetsReadStream(): Promise<Stream>;
  createConfigurationReadStream(): Promise<Stream>;
  close(): Promise<void>;
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
  return puller;
};

const read = async (stream: Stream): Promise<void> => {
  for await (const item of stream) void item;
};

/** What is told of the one pull there was, as soon as it is over. */
const ending = (stage: Stage) =>
  until(
    async () => told(stage),
    (found) => found.some(({ type }) => type !== 'replication.started'),
  ).then((found) => found.at(-1)!.data.replication);

describe('a pull, at its source', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
    await listen(stage);
    await write(stage.app);
  });
  afterAll(() => stage?.stop());
  beforeEach(() => stage.receiver.clear());

  it('is told as completed where all that was begun was read', async () => {
    const puller = await pull(stage);
    await read(await puller.createEntitiesReadStream());
    await read(await puller.createLinksReadStream());
    await puller.close();
    expect(await ending(stage)).toMatchObject({
      status: 'Successful',
      trigger: 'remote',
      counts: { [ARTICLE]: 3, [NOTICE]: 1 },
      error: null,
    });
  });

  it('is told as completed where it was of files or of the configuration alone', async () => {
    const puller = await pull(stage);
    await read(await puller.createAssetsReadStream());
    await read(await puller.createConfigurationReadStream());
    await puller.close();
    expect(await ending(stage)).toMatchObject({ status: 'Successful', replicatedCount: 0 });
  });

  it('is told as failed where it was given up after the entries', async () => {
    const puller = await pull(stage);
    await read(await puller.createEntitiesReadStream());
    await puller.close();
    expect(await ending(stage)).toMatchObject({
      status: 'Failed',
      replicatedCount: 0,
      replicatedIds: {},
      error: 'The other side gave it up before it had read all of it. It says why.',
    });
  });

  it('is told as failed where it was given up in the middle', async () => {
    await writeMuch(stage.app);
    const puller = await pull(stage);
    await puller.createEntitiesReadStream();
    await puller.close();
    expect(await ending(stage)).toMatchObject({ status: 'Failed' });
  });

  it('is told as failed where it was given up before anything was read', async () => {
    const puller = await pull(stage);
    await puller.close();
    expect(await ending(stage)).toMatchObject({ status: 'Failed' });
  });
});
