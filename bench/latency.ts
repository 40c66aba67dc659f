/**
 * Measures the time from the commit of a change to its arrival, at a steady pace of creations. A callback of the transaction,
 * registered before all others, records the commit, so the moment is the same for both senders. The clock is the monotonic
 * one that all processes of a machine share.
 */
import type { BenchReceiver } from './receiver';
import type { Arrival } from './receiver-process';
import { turnOrder } from './statistics';
import type { Subject, Variant } from './variants';

export type LatencyOptions = { rounds: number; count: number; perSecond: number };
/** Milliseconds, a list for every round. */
export type Latencies = Partial<Record<Variant, number[][]>>;

type Task = { uid: string; data: object; count: number; perSecond: number; from: number };

/** Runs inside Strapi. Returns the time of each commit. */
const writeSteadily = async (strapi: any, task: Task): Promise<number[]> => {
  const { uid, data, count, perSecond, from } = task;
  const committed: number[] = [];
  const now = () => Number(process.hrtime.bigint()) / 1e6;
  const startedAt = now();
  for (let index = 0; index < count; index += 1) {
    const wait = startedAt + (index * 1000) / perSecond - now();
    // Yields to the event loop even if it is late: otherwise nothing could be sent.
    await new Promise((resolve) => (wait > 0 ? setTimeout(resolve, wait) : setImmediate(resolve)));
    await strapi.db.transaction(async ({ onCommit }: any) => {
      onCommit(() => committed.push(now()));
      await strapi.documents(uid).create({ data: { ...data, title: `bench-${from + index}` } });
    });
  }
  return committed;
};

const waits = (committed: readonly number[], arrivals: readonly Arrival[], from: number) =>
  arrivals.flatMap(({ at, number }) => {
    const commit = number === null ? undefined : committed[number - from];
    return commit === undefined ? [] : [at - commit];
  });

export const measureLatencies = async (
  subjects: readonly Subject[],
  receiver: BenchReceiver,
  { rounds, count, perSecond }: LatencyOptions,
): Promise<Latencies> => {
  const latencies: Latencies = {};
  let from = 1_000_000;
  await receiver.take();
  for (let round = 0; round < rounds; round += 1) {
    for (const { variant, app, contents } of turnOrder(subjects, round)) {
      from += count;
      const task = { ...contents.small, count, perSecond, from };
      const committed = await app.run(writeSteadily, task);
      await receiver.until(count);
      (latencies[variant] ??= []).push(waits(committed, await receiver.take(), from));
    }
  }
  return latencies;
};
