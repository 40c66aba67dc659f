/** Which databases and engines can be tested: the machine has their programs, and the plugin supports the engine. */
import { configSchema } from '../../server/config/index';
import { hasServer } from '../support/database-server';
import { hasRedis } from '../support/redis-server';
import type { Database, Engine } from './plan';

const supportsBullmq = () =>
  configSchema.safeParse({
    engine: { driver: 'bullmq', redis: 'redis://127.0.0.1:6379/0', prefix: 'chaos' },
  }).success;

export const isAvailable = ({
  database,
  engine,
}: {
  database: Database;
  engine: Engine;
}): boolean =>
  (database === 'sqlite' || hasServer(database)) &&
  (engine === 'database' || (hasRedis() && supportsBullmq()));
