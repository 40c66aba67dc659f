/** The connections to Redis: two for a process that sends, one for any other, whatever the number of webhooks. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Bullmq from 'bullmq';
import type * as Ioredis from 'ioredis';

type Redis = Ioredis.Redis;
export type Packages = { bullmq: typeof Bullmq; Redis: typeof Ioredis.Redis };

const INSTALL = 'Install them beside this plugin: npm install bullmq@6 ioredis@5';

/** Both are optional, so they are looked for where the project keeps its own packages, and only when they are needed. */
export const loadPackages = (projectRoot: string): Packages => {
  const load = createRequire(path.join(projectRoot, 'package.json'));
  const needed = (name: string) => {
    try {
      return load(name);
    } catch (error) {
      const why = (error as Error).message.split('\n')[0];
      throw new Error(
        `workflow-webhooks: the engine "bullmq" needs the packages bullmq and ioredis. ${INSTALL} (${why})`,
        { cause: error },
      );
    }
  };
  const bullmq: typeof Bullmq = needed('bullmq');
  if (typeof bullmq.createRedisBackend !== 'function')
    throw new Error(`workflow-webhooks: the engine "bullmq" needs version 6 of bullmq. ${INSTALL}`);
  return { bullmq, Redis: needed('ioredis').Redis };
};

type Options = {
  Redis: Packages['Redis'];
  url: string;
  log: { warn(message: string): void; info(message: string): void };
};

const SECOND = 1000;

/** A command fails at once where there is no connection: nothing is kept for later that the database knows anyway. */
const SETTINGS = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  connectTimeout: 5 * SECOND,
  commandTimeout: 5 * SECOND,
  retryStrategy: (times: number) => Math.min(times * 100, SECOND),
};

const ignore = () => undefined;

export const createRedis = ({ Redis, url, log }: Options) => {
  const { hostname, port } = new URL(url);
  const place = `${hostname}:${port || 6379}`;
  let client: Redis | null = null;
  let subscriber: Redis | null = null;
  let isDown = false;

  const isReady = () => client?.status === 'ready';

  /** Told once, not at every try: it is tried again every second. */
  const tellDown = (error?: Error) => {
    if (isDown || client === null) return;
    isDown = true;
    log.warn(
      `workflow-webhooks: Redis at ${place} cannot be reached${error ? ` (${error.message})` : ''}. Deliveries are stored as ever, and sent when it is back.`,
    );
  };

  const tellUp = () => {
    if (isDown) log.info(`workflow-webhooks: Redis at ${place} answers again.`);
    isDown = false;
  };

  /** `onReady` is called at every connection, the first and each that follows. */
  const open = (onReady: () => void) => {
    if (client) return;
    client = new Redis(url, SETTINGS);
    client.on('error', tellDown);
    client.on('close', () => tellDown());
    client.on('ready', () => {
      tellUp();
      onReady();
    });
    client.connect().catch(ignore);
  };

  const listen = (channel: string, hear: (message: string) => void) => {
    if (subscriber) return;
    subscriber = new Redis(url, {
      ...SETTINGS,
      enableOfflineQueue: true,
      maxRetriesPerRequest: null,
      commandTimeout: undefined as never,
    });
    subscriber.on('error', ignore);
    subscriber.on('message', (_channel, message) => hear(message));
    subscriber.subscribe(channel).catch(ignore);
  };

  const close = () => {
    const both = [client, subscriber];
    client = null;
    subscriber = null;
    for (const one of both) one?.disconnect();
  };

  return {
    isReady,
    open,
    listen,
    close,
    /** Only between `open` and `close`. */
    client: (): Redis => {
      if (!client) throw new Error('The connection to Redis is closed.');
      return client;
    },
  };
};

export type RedisConnections = ReturnType<typeof createRedis>;
