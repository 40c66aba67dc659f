/** Which databases and engines can be had: the machine has their programs, and the plugin knows the engine. */
import { configSchema } from '../../server/config/schema';
import { hasServer } from '../support/database-server';
import { hasRedis } from '../support/redis-server';
import type { Database, Engine } from './plan';

const knowsBullmq = () =>
  configSchema.safeParse({
    engine: { driver: 'bullmq', redis: 'redis://127.0.0.1:6379/0', prefix: 'chaos' },
  }).success;

export const isHere = ({ database, engine }: { database: Database; engine: Engine }): boolean =>
  (database === 'sqlite' || hasServer(database)) &&
  (engine === 'database' || (hasRedis() && knowsBullmq()));
