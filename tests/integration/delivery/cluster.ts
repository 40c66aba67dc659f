/** Several Strapis on one database, and the combinations of database and engine that this machine supports. */
import type { Health } from '../../../server/contract/delivery';
import { isFound } from '../../support/found-servers';
import { RedisSpace } from '../../support/redis';
import { startStrapi, type App, type DatabaseKind } from '../../support/strapi';
import { reachable } from './reachable';

export type Driver = 'database' | 'bullmq';
export type Setting = { database: DatabaseKind; driver: Driver };

/** Each database with the database engine, and the database servers also with BullMQ if Redis answers. */
export const engines = (...kinds: DatabaseKind[]): Setting[] => {
  const databases = reachable(...kinds);
  const servers = isFound('redis') ? databases.filter((database) => database !== 'sqlite') : [];
  return [
    ...databases.map((database) => ({ database, driver: 'database' as const })),
    ...servers.map((database) => ({ database, driver: 'bullmq' as const })),
  ];
};

/** The engine's configuration; `close` removes its keys from Redis. */
export const engineFor = (driver: Driver) => {
  const space = driver === 'bullmq' ? new RedisSpace() : null;
  return { config: space?.engine ?? { driver }, space, close: async () => space?.close() };
};

/** The environment for another process on the app's database. */
export const databaseEnv = async (app: App): Promise<Record<string, string>> => {
  const { client, connection } = await app.run((strapi) =>
    strapi.config.get('database.connection'),
  );
  if (client === 'sqlite')
    return { DATABASE_CLIENT: client, DATABASE_FILENAME: connection.filename as string };
  return {
    DATABASE_CLIENT: client,
    DATABASE_HOST: connection.host,
    DATABASE_PORT: String(connection.port),
    DATABASE_USERNAME: connection.user,
    DATABASE_PASSWORD: connection.password ?? '',
    DATABASE_NAME: connection.database,
  };
};

type Beside = { config?: object; env?: Record<string, string> };

/** Starts another Strapi on the database of the first one. */
export const startSecond = async (first: App, { config = {}, env = {} }: Beside): Promise<App> =>
  startStrapi({ config, env: { ...(await databaseEnv(first)), ...env } });

export const writeWith = (app: App, count: number, title = 'Other') =>
  app.run(
    async (strapi, args) => {
      for (let index = 0; index < args.count; index += 1)
        await strapi
          .documents('api::notice.notice')
          .create({ data: { title: `${args.title} ${index + 1}` } });
    },
    { count, title },
  );

export const turnClock = (app: App, ms: number) =>
  app.run((strapi, by) => strapi.plugin('workflow-webhooks').service('clock').turn(by), ms);

export const healthOf = (app: App): Promise<Health> =>
  app.run((strapi) => strapi.plugin('workflow-webhooks').service('deliveries').report());
