/** A private key prefix for a test, on the running Redis or on another one. */
import { randomBytes } from 'node:crypto';
import type IORedis from 'ioredis';

const URL_HERE = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/0';

export async function isRedisReachable(): Promise<boolean> {
  const { Redis } = await import('ioredis');
  const client = new Redis(URL_HERE, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
}

// Loaded on first use: most tests need no client.
const connect = (url: string): IORedis => {
  const { Redis } = require('ioredis') as { Redis: new (url: string) => IORedis };
  return new Redis(url);
};

/** All keys below a unique prefix. */
export class RedisSpace {
  readonly prefix = `test-${process.pid}-${randomBytes(4).toString('hex')}`;
  private connection: IORedis | null = null;

  constructor(readonly url = URL_HERE) {}

  /** Connects on first use: a test that does not run must not keep the runner alive. */
  private get client(): IORedis {
    if (this.connection) return this.connection;
    this.connection = connect(this.url);
    this.connection.on('error', () => undefined);
    return this.connection;
  }

  /** For the plugin's configuration. */
  get engine() {
    return { driver: 'bullmq', redis: this.url, prefix: this.prefix };
  }

  async keys(): Promise<string[]> {
    const found: string[] = [];
    let cursor = '0';
    do {
      const [next, keys] = await this.client.scan(
        cursor,
        'MATCH',
        `${this.prefix}:*`,
        'COUNT',
        500,
      );
      cursor = next;
      found.push(...keys);
    } while (cursor !== '0');
    return found;
  }

  /** Deletes all keys with the prefix, as a flush of Redis would. */
  async empty(): Promise<void> {
    const keys = await this.keys();
    if (keys.length > 0) await this.client.del(keys);
  }

  async close(): Promise<void> {
    await this.empty().catch(() => undefined);
    this.connection?.disconnect();
    this.connection = null;
  }
}
