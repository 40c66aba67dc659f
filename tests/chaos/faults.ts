/** What goes wrong in a run: one thing after another, by the dice, each put right again after a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Weather } from '../support/tcp-proxy';
import type { Chance } from './chance';
import type { Cluster, Member } from './cluster';
import type { Endpoints } from './endpoints';
import type { Disturbance } from './history';
import { bagOf, type Fault, type Plan } from './plan';

/** How long an outage lasts, and how long nothing new goes wrong (ms). */
const OUTAGE_MS = { least: 200, most: 2500 };
const CALM_MS = { least: 300, most: 1800 };

const BAD: Weather[] = ['slow', 'cut', 'deaf'];

export type Faults = {
  disturbances: Disturbance[];
  counts: Record<Fault, number>;
  /** Until the plan is fulfilled and everything is right again. */
  done: Promise<void>;
};

type Stage = { plan: Plan; cluster: Cluster; endpoints: Endpoints; chance: Chance };

export const startFaults = ({ plan, cluster, endpoints, chance }: Stage): Faults => {
  const disturbances: Disturbance[] = [];
  const counts: Faults['counts'] = {
    kill: 0,
    databaseRestart: 0,
    databaseNetwork: 0,
    receiverNetwork: 0,
    redisRestart: 0,
    redisFlush: 0,
  };
  const healing = new Set<Promise<void>>();

  const outage = async (kind: string, { begin, end }: Record<'begin' | 'end', () => unknown>) => {
    const disturbance = { kind, from: Date.now(), to: Number.POSITIVE_INFINITY };
    disturbances.push(disturbance);
    await begin();
    await sleep(chance.between(OUTAGE_MS.least, OUTAGE_MS.most));
    await end();
    disturbance.to = Date.now();
  };

  /** It comes back by itself; meanwhile others may be hit. */
  const kill = async (member: Member) => {
    const from = Date.now();
    await cluster.kill(member);
    disturbances.push({ kind: 'kill', from, to: Date.now() });
    const back = sleep(chance.between(0, 500))
      .then(() => cluster.restart(member))
      .finally(() => healing.delete(back));
    healing.add(back);
  };

  const network = (kind: Fault, proxy: { be(weather: Weather): void } | null) => {
    const weather = chance.oneOf(BAD);
    return outage(`${kind} ${weather}`, {
      begin: () => proxy?.be(weather),
      end: () => proxy?.be('clear'),
    });
  };

  const strike: Record<Fault, () => Promise<unknown>> = {
    kill: async () => {
      const up = cluster.members.filter(({ isUp }) => isUp);
      if (up.length > 0) await kill(chance.oneOf(up));
      else counts.kill -= 1;
    },
    databaseRestart: () => {
      const how = chance.oneOf(['fast', 'crash'] as const);
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

  const rage = async () => {
    const bag = bagOf(plan);
    const began = Date.now();
    while (!isOver(began)) {
      await sleep(chance.between(CALM_MS.least, CALM_MS.most));
      const fault = chance.oneOf(bag);
      counts[fault] += 1;
      await strike[fault]();
    }
    await Promise.all(healing);
  };
  return { disturbances, counts, done: rage() };
};
