/**
 * The queues that a developer would build instead of this plugin: each job is durable, is retried, and is one signed POST.
 * Nothing is logged. Each queue is configured for speed as far as its documentation goes.
 */
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';

export type Job = { id: string; url: string; body: string };
export type Post = (job: Job) => Promise<void>;
export type QueueEngine = {
  /** Stores the jobs; nothing is sent yet. */
  fill(jobs: Job[]): Promise<void>;
  /** Sends all stored jobs, at most `concurrency` at a time. Resolves when each is recorded as done. */
  drain(count: number, post: Post): Promise<void>;
  close(): Promise<void>;
};

export type Servers = { redis: string; postgres: string };
type Wish = Servers & { concurrency: number };

const ATTEMPTS = 10;
/** Jobs are added in one command for as many. */
const CHUNK = 500;

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

async function bullmq({ redis, concurrency }: Wish): Promise<QueueEngine> {
  const { Queue, Worker } = require('bullmq');
  const { Redis } = require('ioredis');
  const name = `bench-${randomUUID()}`;
  // Workers of BullMQ refuse a connection that gives up a command.
  const connect = () => new Redis(redis, { maxRetriesPerRequest: null });
  const connections = [connect(), connect()];
  const queue = new Queue(name, { connection: connections[0] });
  const opts = {
    attempts: ATTEMPTS,
    backoff: { type: 'exponential', delay: 5000 },
    removeOnComplete: true,
  };
  return {
    fill: async (jobs) => {
      for (const some of chunksOf(jobs, CHUNK))
        await queue.addBulk(some.map((data) => ({ name: 'deliver', data, opts })));
    },
    drain: async (count, post) => {
      const worker = new Worker(name, ({ data }: { data: Job }) => post(data), {
        connection: connections[1],
        concurrency,
      });
      await times(count, { emitter: worker, success: 'completed', failure: 'failed' });
      await worker.close();
    },
    close: async () => {
      await queue.obliterate({ force: true });
      await queue.close();
      for (const connection of connections) connection.disconnect();
    },
  };
}

/** @param hasLocalQueue takes jobs, and records them as done, many at a time; off by default. */
async function graphileWorker(
  { postgres, concurrency }: Wish,
  hasLocalQueue: boolean,
): Promise<QueueEngine> {
  const { Logger, makeWorkerUtils, run } = require('graphile-worker');
  const common = { connectionString: postgres, logger: new Logger(() => () => undefined) };
  const utils = await makeWorkerUtils(common);
  await utils.migrate();
  const batches = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
  return {
    fill: async (jobs) => {
      for (const some of chunksOf(jobs, CHUNK))
        await utils.addJobs(
          some.map((payload) => ({
            identifier: 'deliver',
            payload,
            maxAttempts: ATTEMPTS,
          })),
        );
    },
    drain: async (count, post) => {
      const events = new EventEmitter();
      const done = times(count, { emitter: events, success: 'job:complete', failure: 'job:error' });
      const runner = await run({
        ...common,
        events,
        noHandleSignals: true,
        // Each job under way uses a connection to take the next one and to record the last one.
        preset: {
          worker: {
            concurrentJobs: concurrency,
            maxPoolSize: concurrency + 2,
            ...(hasLocalQueue ? batches : {}),
          },
        },
        taskList: { deliver: post },
      });
      await done;
      await runner.stop();
    },
    close: () => utils.release(),
  };
}

/**
 * A loop of `fetch` and `complete`. The library's own loop (`work`) waits half a second or more between its batches, and
 * would be several times slower.
 */
async function pgBoss({ postgres, concurrency }: Wish): Promise<QueueEngine> {
  const PgBoss = require('pg-boss');
  const name = 'deliver';
  const boss = new PgBoss({ connectionString: postgres, max: concurrency });
  boss.on('error', (error: Error) => process.stderr.write(`pg-boss: ${error.message}\n`));
  await boss.start();
  await boss.createQueue(name, { name, retryLimit: ATTEMPTS, retryBackoff: true });
  return {
    fill: async (jobs) => {
      for (const some of chunksOf(jobs, CHUNK))
        await boss.insert(some.map((data) => ({ name, data })));
    },
    drain: async (count, post) => {
      for (let done = 0; done < count;) {
        const jobs: { id: string; data: Job }[] = await boss.fetch(name, {
          batchSize: 10 * concurrency,
        });
        await atOnce(jobs, concurrency, ({ data }) => post(data));
        await boss.complete(
          name,
          jobs.map(({ id }) => id),
        );
        done += jobs.length;
      }
    },
    close: () => boss.stop({ graceful: false, wait: true }),
  };
}

export const ENGINES = {
  bullmq,
  'graphile-worker': (wish: Wish) => graphileWorker(wish, false),
  'graphile-worker, local queue': (wish: Wish) => graphileWorker(wish, true),
  'pg-boss': pgBoss,
};
export type EngineName = keyof typeof ENGINES;

type Outcomes = { emitter: EventEmitter; success: string; failure: string };

/** Waits for as many successes. Rejects with the first failure: no job fails here. */
function times(count: number, { emitter, success, failure }: Outcomes): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = count;
    emitter.on(success, () => {
      left -= 1;
      if (left === 0) resolve();
    });
    emitter.on(failure, (...about: unknown[]) => reject(new Error(`A job failed: ${about}`)));
  });
}

async function atOnce<T>(items: readonly T[], most: number, work: (item: T) => Promise<void>) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: most }, worker));
}
