/** Injects random faults into a run, one after the other, and ends each of them after a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NetworkState } from '../support/tcp-proxy';
import { killThread } from '../support/threads';
import type { SeededRandom } from './seeded-random';
import type { Cluster, Member } from './cluster';
import type { Endpoints } from './endpoints';
import type { Disturbance } from './history';
import { weightedFaults, type Fault, type Plan } from './plan';

/** How long an outage lasts, and how long the pause before the next fault is (ms). */
const OUTAGE_MS = { least: 200, most: 2500 };
const CALM_MS = { least: 300, most: 1800 };

const FAILURES: NetworkState[] = ['slow', 'cut', 'blackhole'];

export type Faults = {
  disturbances: Disturbance[];
  counts: Record<Fault, number>;
  /** Resolves when the plan is done and every fault has ended. */
  done: Promise<void>;
};

type FaultInput = { plan: Plan; cluster: Cluster; endpoints: Endpoints; random: SeededRandom };

export const startFaults = ({ plan, cluster, endpoints, random }: FaultInput): Faults => {
  const disturbances: Disturbance[] = [];
  const counts: Faults['counts'] = {
    kill: 0,
    threadKill: 0,
    databaseRestart: 0,
    databaseNetwork: 0,
    receiverNetwork: 0,
    redisRestart: 0,
    redisFlush: 0,
  };
  const restarts = new Set<Promise<void>>();

  const outage = async (kind: string, { begin, end }: Record<'begin' | 'end', () => unknown>) => {
    const disturbance = { kind, from: Date.now(), to: Number.POSITIVE_INFINITY };
    disturbances.push(disturbance);
    await begin();
    await sleep(random.between(OUTAGE_MS.least, OUTAGE_MS.most));
    await end();
    disturbance.to = Date.now();
  };

  /** The Strapi restarts in the background, so further faults may occur meanwhile. */
  const kill = async (member: Member) => {
    const from = Date.now();
    await cluster.kill(member);
    disturbances.push({ kind: 'kill', from, to: Date.now() });
    const back = sleep(random.between(0, 500))
      .then(() => cluster.restart(member))
      .finally(() => restarts.delete(back));
    restarts.add(back);
  };

  /** Ends the thread that sends, and nothing else. A Strapi that is killed meanwhile answers no more. */
  const threadKill = async () => {
    const up = cluster.members.filter(({ isUp }) => isUp);
    if (up.length === 0) return;
    const from = Date.now();
    await killThread(random.oneOf(up).app).catch(() => false);
    disturbances.push({ kind: 'threadKill', from, to: Date.now() });
  };

  const network = (kind: Fault, proxy: { set(state: NetworkState): void } | null) => {
    const state = random.oneOf(FAILURES);
    return outage(`${kind} ${state}`, {
      begin: () => proxy?.set(state),
      end: () => proxy?.set('normal'),
    });
  };

  const inject: Record<Fault, () => Promise<unknown>> = {
    kill: async () => {
      const up = cluster.members.filter(({ isUp }) => isUp);
      if (up.length > 0) await kill(random.oneOf(up));
      else counts.kill -= 1;
    },
    threadKill,
    databaseRestart: () => {
      const how = random.oneOf(['fast', 'crash'] as const);
      return outage(`databaseRestart ${how}`, {
        begin: () => cluster.server?.end(how),
        end: () => cluster.server?.start(),
      });
    },
    databaseNetwork: () => network('databaseNetwork', cluster.databaseNetwork),
    receiverNetwork: () => network('receiverNetwork', endpoints.network),
    redisRestart: () =>
      outage('redisRestart', {
        begin: () => cluster.redis?.end(),
        end: () => cluster.redis?.start(),
      }),
    redisFlush: () => outage('redisFlush', { begin: () => cluster.redis?.flush(), end: () => {} }),
  };

  const isOver = (began: number) =>
    plan.kills === null ? Date.now() - began >= (plan.forMs ?? 0) : counts.kill >= plan.kills;

  const injectFaults = async () => {
    const bag = weightedFaults(plan);
    const began = Date.now();
    while (!isOver(began)) {
      await sleep(random.between(CALM_MS.least, CALM_MS.most));
      const fault = random.oneOf(bag);
      counts[fault] += 1;
      await inject[fault]();
    }
    await Promise.all(restarts);
  };
  return { disturbances, counts, done: injectFaults() };
};
