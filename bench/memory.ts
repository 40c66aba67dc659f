/**
 * Measures how much memory a large backlog costs the sending process: the heap after a garbage collection, and the resident
 * memory, first with an empty table, then while the dispatcher sends the backlog to a slow endpoint.
 */
import { startStrapi, type App, type DatabaseKind } from '../tests/support/strapi';
import { smallContent } from './documents';
import { addWebhook, startDispatcher, stopDispatcher, writeAtOnce } from './in-strapi';
import type { BenchReceiver } from './receiver';

export type MemoryOptions = { database: DatabaseKind; pending: number; samples: number };
/** Megabytes: before the backlog, and the highest sample while it is sent. */
export type Memory = Record<'heap' | 'resident', { before: number; most: number }>;

const PAUSE_MS = 1000;
const EVENTS = 1000;

/** Runs inside Strapi. */
const used = async () => {
  require('node:v8').setFlagsFromString('--expose-gc');
  const gc = require('node:vm').runInNewContext('gc');
  for (let round = 0; round < 3; round += 1) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: (heapUsed + external) / 2 ** 20, resident: rss / 2 ** 20 };
};

/** Runs inside Strapi: copies deliveries of the same events until there are enough. */
const multiply = async (strapi: any, pending: number) => {
  const knex = strapi.db.connection;
  const table = 'workflow_webhooks_deliveries';
  const columns = Object.keys(await knex(table).first()).filter((name) => name !== 'id');
  for (;;) {
    const { total } = await knex(table).count({ total: '*' }).first();
    const missing = pending - Number(total);
    if (missing <= 0) return;
    const into = knex.raw(`?? (${columns.map(() => '??').join(', ')})`, [table, ...columns]);
    await knex(into).insert(knex(table).select(columns).limit(missing));
  }
};

const makeApp = async (receiver: BenchReceiver, database: DatabaseKind): Promise<App> => {
  const app = await startStrapi({ database, env: receiver.trust });
  const { uid } = smallContent();
  await addWebhook(app, { url: new URL('/slow/50', receiver.url).href, contentTypes: [uid] });
  return app;
};

/** Sends some deliveries before the first sample, so that the comparison shows the backlog and not the cost of sending. */
const sendSome = async (app: App, receiver: BenchReceiver) => {
  await writeAtOnce(app, { ...smallContent(), count: EVENTS });
  await receiver.until(EVENTS, 60_000);
  await receiver.take();
};

export const measureMemory = async (
  receiver: BenchReceiver,
  { database, pending, samples }: MemoryOptions,
): Promise<Memory> => {
  const app = await makeApp(receiver, database);
  try {
    await sendSome(app, receiver);
    await stopDispatcher(app);
    await writeAtOnce(app, { ...smallContent(), count: EVENTS });
    const before = await app.run(used);
    await app.run(multiply, pending);
    await startDispatcher(app);
    const most = { heap: 0, resident: 0 };
    for (let sample = 0; sample < samples; sample += 1) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      const now = await app.run(used);
      most.heap = Math.max(most.heap, now.heap);
      most.resident = Math.max(most.resident, now.resident);
    }
    await stopDispatcher(app);
    await receiver.take();
    return {
      heap: { before: before.heap, most: most.heap },
      resident: { before: before.resident, most: most.resident },
    };
  } finally {
    await app.stop();
  }
};
