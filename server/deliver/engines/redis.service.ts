/** The packages that the engine "bullmq" needs, and the connections to Redis. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Bullmq from 'bullmq';
import type * as Ioredis from 'ioredis';

type Redis = Ioredis.Redis;
export type Packages = { bullmq: typeof Bullmq; Redis: typeof Ioredis.Redis };

const INSTALL = 'Install them beside this plugin: npm install bullmq@6 ioredis@5';

/** Both packages are optional, so they are loaded from the project's own packages, and only if they are needed. */
export function loadPackages(projectRoot: string): Packages {
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
}

type RedisOptions = {
  Redis: Packages['Redis'];
  url: string;
  log: { warn(message: string): void; info(message: string): void };
};

const SECOND = 1000;

const CONNECTION = {
  lazyConnect: true,
  autoResendUnfulfilledCommands: false,
  connectTimeout: 5 * SECOND,
  retryStrategy: (times: number) => Math.min(times * 100, SECOND),
};

/** A command fails at once if there is no connection: nothing is lost, because the database holds everything that is sent to Redis. */
const COMMANDS = {
  ...CONNECTION,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 5 * SECOND,
};

const LISTENING = { ...CONNECTION, enableOfflineQueue: true, maxRetriesPerRequest: null };

/** Errors of connections, which the connections' own events report. */
export const ignore = () => undefined;

/** Two connections for a process that sends, one for any other, whatever the number of webhooks. */
export function createRedis({ Redis, url, log }: RedisOptions) {
  const { hostname, port } = new URL(url);
  const place = `${hostname}:${port || 6379}`;
  let client: Redis | null = null;
  let subscriber: Redis | null = null;
  let isDown = false;

  /** Logged once, and not for each of the connection's tries. */
  const logDown = (error?: Error) => {
    if (isDown || client === null) return;
    isDown = true;
    log.warn(
      `workflow-webhooks: Redis at ${place} cannot be reached${error ? ` (${error.message})` : ''}. Deliveries are stored as ever, and sent when it is back.`,
    );
  };

  const logUp = () => {
    if (isDown) log.info(`workflow-webhooks: Redis at ${place} answers again.`);
    isDown = false;
  };

  return {
    isReady: () => client?.status === 'ready',
    /** `onReady` is called at every connection, the first and all later ones. */
    open: (onReady: () => void) => {
      if (client) return;
      client = new Redis(url, COMMANDS);
      client.on('error', logDown);
      client.on('close', () => logDown());
      client.on('ready', () => {
        logUp();
        onReady();
      });
      client.connect().catch(ignore);
    },
    listen: (channel: string, onMessage: (message: string) => void) => {
      if (subscriber) return;
      subscriber = new Redis(url, LISTENING);
      subscriber.on('error', ignore);
      subscriber.on('message', (_channel, message) => onMessage(message));
      subscriber.subscribe(channel).catch(ignore);
    },
    close: () => {
      const both = [client, subscriber];
      client = null;
      subscriber = null;
      for (const one of both) one?.disconnect();
    },
    /** Only between `open` and `close`. */
    client: (): Redis => {
      if (!client) throw new Error('The connection to Redis is closed.');
      return client;
    },
  };
}

export type RedisConnections = ReturnType<typeof createRedis>;
