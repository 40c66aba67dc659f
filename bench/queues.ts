/**
 * Compares the drain with durable queues that a developer would build instead, each in a process of its own: the same requests
 * over HTTPS to the same receiver, signed, through axios, the same number at a time. The plugin also reads each event, builds
 * its body, and records every attempt in its log; a queue only records that the job is done. The clock runs from the start of
 * the workers until everything is recorded.
 */
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { DatabaseKind } from '../tests/support/strapi';
import { makeDatabase, isReachable } from '../tests/support/strapi-database';
import { isRedisReachable } from '../tests/support/redis';
import { sentRequest, type BareTask } from './bare-client';
import { drainOurs, storeBacklog } from './drain';
import type { EngineName } from './queue-engines';
import type { QueueAnswer, QueueTask } from './queue-process';
import type { BenchReceiver } from './receiver';
import { turnOrder } from './statistics';
import { startSubject, type Subject } from './variants';

export type QueueOptions = { database: DatabaseKind; rounds: number; count: number };
/** Deliveries per second, a value for every round; a queue whose server does not answer is missing. */
export type QueueRates = { ours: number[]; queues: Map<EngineName, number[]> };

/** What the plugin has under way at once to one webhook, by default. */
const CONCURRENCY = 16;
const REDIS = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/0';

type Rival = { name: EngineName; rate(request: BareTask): Promise<number>; stop(): Promise<void> };

async function reachableEngines(): Promise<EngineName[]> {
  const names: EngineName[] = (await isRedisReachable()) ? ['bullmq'] : [];
  if (await isReachable('postgres'))
    names.push('graphile-worker', 'graphile-worker, local queue', 'pg-boss');
  return names;
}

function asker(child: ChildProcess) {
  return (task: QueueTask): Promise<QueueAnswer> =>
    new Promise((resolve, reject) => {
      child.once('message', (answer: QueueAnswer) =>
        answer.error === undefined ? resolve(answer) : reject(new Error(answer.error)),
      );
      child.send(task);
    });
}

function urlOf(env: Record<string, string>): string {
  const user = encodeURIComponent(env.DATABASE_USERNAME ?? '');
  const password = encodeURIComponent(env.DATABASE_PASSWORD ?? '');
  return `postgres://${user}:${password}@${env.DATABASE_HOST}:${env.DATABASE_PORT}/${env.DATABASE_NAME}`;
}

async function startRival(
  name: EngineName,
  { receiver, count }: { receiver: BenchReceiver; count: number },
): Promise<Rival> {
  const database = name === 'bullmq' ? null : await makeDatabase('postgres');
  const child = fork(path.join(__dirname, 'queue-process.ts'), {
    env: { ...process.env, ...receiver.trust },
  });
  const ask = asker(child);
  const servers = { redis: REDIS, postgres: database ? urlOf(database.env) : '' };
  await ask({ do: 'open', engine: name, concurrency: CONCURRENCY, ...servers });
  return {
    name,
    rate: async ({ url, body }) => {
      await ask({ do: 'fill', count, url, body });
      const { ms } = await ask({ do: 'drain', count });
      const came = (await receiver.take()).length;
      if (came !== count) throw new Error(`${name}: ${came} requests arrived for ${count} jobs.`);
      return (count * 1000) / ms;
    },
    stop: async () => {
      await ask({ do: 'close' }).catch(() => undefined);
      child.kill();
      await database?.drop();
    },
  };
}

async function ourRate({ app }: Subject, receiver: BenchReceiver): Promise<number> {
  const { startedAt, endedAt } = await drainOurs(app, receiver);
  return ((await receiver.take()).length * 1000) / (endedAt - startedAt);
}

export async function measureQueues(
  receiver: BenchReceiver,
  { database, rounds, count }: QueueOptions,
): Promise<QueueRates> {
  const subject = await startSubject('one', { receiver, database });
  const rivals: Rival[] = [];
  const rates: QueueRates = { ours: [], queues: new Map() };
  try {
    for (const name of await reachableEngines())
      rivals.push(await startRival(name, { receiver, count }));
    await storeBacklog(subject, count);
    await receiver.take();
    await ourRate(subject, receiver);
    const request = await subject.app.run(sentRequest);
    for (const { name } of rivals) rates.queues.set(name, []);
    const turn = async (rival: Rival | null, isCounted: boolean) => {
      const rate = await (rival ? rival.rate(request) : ourRate(subject, receiver));
      if (isCounted) (rival ? rates.queues.get(rival.name) : rates.ours)?.push(rate);
    };
    // The first round is not counted: it is the warm-up.
    for (let round = -1; round < rounds; round += 1) {
      for (const rival of turnOrder([null, ...rivals], round + 1)) await turn(rival, round >= 0);
    }
    return rates;
  } finally {
    for (const rival of rivals) await rival.stop();
    await subject.app.stop();
  }
}
