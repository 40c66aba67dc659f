/**
 * Compares one dispatcher with four on the same database: deliveries of one webhook to an endpoint that takes 200 ms. Each
 * dispatcher is limited to 16 requests at a time, so that the limit is the endpoint and not the machine's cores. The clock
 * runs from the start of all dispatchers until the last delivery is recorded.
 */
import { startStrapi, type App, type DatabaseKind } from '../tests/support/strapi';
import { smallContent } from './documents';
import {
  addWebhook,
  recorded,
  setBack,
  startDispatcher,
  stopDispatcher,
  writeAtOnce,
} from './in-strapi';
import type { BenchReceiver } from './receiver';

export type Engine = 'database' | 'bullmq';
export type ProcessOptions = {
  database: Exclude<DatabaseKind, 'sqlite'>;
  engine: Engine;
  count: number;
  rounds: number;
};
/** Deliveries per second, a value for every round. */
export type ProcessRates = { one: number[]; four: number[] };

const AT_ONCE = 16;
const PROCESSES = 4;
const REDIS = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/0';

/** With BullMQ, the limit of a webhook applies to all processes together, so the limit of a process must be the lower one. */
const configOf = (engine: Engine, prefix: string) => ({
  delivery: {
    concurrency: AT_ONCE,
    concurrencyPerWebhook: engine === 'bullmq' ? AT_ONCE * PROCESSES : AT_ONCE,
  },
  engine: engine === 'bullmq' ? { driver: 'bullmq', redis: REDIS, prefix } : { driver: 'database' },
});

/** Runs inside Strapi: how another process reaches the same database. */
const environmentOf = (strapi: any) => {
  const { client, connection } = strapi.config.get('database.connection');
  return {
    DATABASE_CLIENT: client === 'mysql2' ? 'mysql' : client,
    DATABASE_HOST: connection.host,
    DATABASE_PORT: String(connection.port),
    DATABASE_USERNAME: connection.user,
    DATABASE_PASSWORD: connection.password,
    DATABASE_NAME: connection.database,
  };
};

const startAll = async (
  { database, engine }: ProcessOptions,
  trust: BenchReceiver['trust'],
): Promise<App[]> => {
  const config = configOf(engine, `bench-${process.pid}-${database}`);
  const first = await startStrapi({ database, config, env: trust });
  const apps = [first];
  const env = { ...(await first.run(environmentOf)), ...trust };
  while (apps.length < PROCESSES) apps.push(await startStrapi({ config, env }));
  return apps;
};

const drain = async (apps: App[], receiver: BenchReceiver, count: number): Promise<number> => {
  const [first] = apps as [App];
  await setBack(first);
  const startedAt = Number(process.hrtime.bigint()) / 1e6;
  await Promise.all(apps.map((app) => startDispatcher(app)));
  await receiver.until(count, 120_000);
  const endedAt = await recorded(first, 10);
  await Promise.all(apps.map((app) => stopDispatcher(app)));
  const came = (await receiver.take()).length;
  if (came !== count) throw new Error(`${came} requests arrived for ${count} deliveries.`);
  return (count * 1000) / (endedAt - startedAt);
};

const prepare = async (first: App, receiver: BenchReceiver, count: number) => {
  const content = smallContent();
  const url = new URL('/slow/200', receiver.url).href;
  await addWebhook(first, { url, contentTypes: [content.uid] });
  await writeAtOnce(first, { ...content, count });
};

export const measureProcesses = async (
  receiver: BenchReceiver,
  options: ProcessOptions,
): Promise<ProcessRates> => {
  const { count, rounds } = options;
  const apps = await startAll(options, receiver.trust);
  const rates: ProcessRates = { one: [], four: [] };
  try {
    await Promise.all(apps.map((app) => stopDispatcher(app)));
    await prepare(apps[0] as App, receiver, count);
    for (let round = 0; round < rounds; round += 1) {
      rates.one.push(await drain(apps.slice(0, 1), receiver, count));
      rates.four.push(await drain(apps, receiver, count));
    }
    return rates;
  } finally {
    // The first app last: it drops the database that all apps share.
    for (const app of [...apps].reverse()) await app.stop();
  }
};
