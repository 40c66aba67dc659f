/** Several Strapis on one database, behind network connections that can be disturbed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDatabaseServer, type DatabaseServer } from '../support/database-server';
import { startRedisServer, type RedisServer } from '../support/redis-server';
import { startStrapi, type App } from '../support/strapi';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { THREADS_ENV } from '../support/threads';
import type { Disturbance } from './history';
import { TIMEOUT_MS, type Plan } from './plan';

const PATIENCE_MS = 120_000;
const LOOK_MS = 50;

export type Member = {
  readonly app: App;
  isUp: boolean;
  /** Whether the run ends this Strapi on purpose. */
  isExpected: boolean;
};

export type Collapse = Disturbance & { lastLines: string };

export type Cluster = {
  members: Member[];
  server: DatabaseServer | null;
  databaseNetwork: TcpProxy | null;
  redis: RedisServer | null;
  kill(member: Member): Promise<void>;
  /** Retries until Strapi starts: its database may be unreachable. */
  restart(member: Member): Promise<void>;
  /** The Strapis that ended by themselves, with their last log lines. */
  collapses: Collapse[];
  stop(): Promise<void>;
};

const engineOf = ({ engine, seed }: Plan, redis: RedisServer | null) =>
  redis ? { driver: engine, redis: redis.url, prefix: `chaos-${seed}` } : { driver: engine };

const configOf = (plan: Plan, redis: RedisServer | null) => ({
  delivery: {
    timeout: TIMEOUT_MS,
    schedule: [0, 300, 800, 1500],
    concurrency: 24,
    concurrencyPerWebhook: 8,
    disableAfter: 0,
  },
  engine: engineOf(plan, redis),
});

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const lastLinesOf = (app: App) => app.logs().trimEnd().split('\n').slice(-12).join('\n');

const createMembers = (collapses: Collapse[]) => {
  const kill = async (member: Member) => {
    member.isUp = false;
    member.isExpected = true;
    await member.app.kill();
  };
  const restart = async (member: Member) => {
    const deadline = Date.now() + PATIENCE_MS;
    while (!member.isUp) {
      try {
        await member.app.restart();
        member.isExpected = false;
        member.isUp = true;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(200);
      }
    }
  };
  /** Detects a Strapi that ended although nobody killed it. */
  const check = (member: Member) => {
    if (!member.isUp || member.isExpected || isAlive(member.app.pid)) return;
    member.isUp = false;
    const now = Date.now();
    const lastLines = lastLinesOf(member.app);
    collapses.push({ kind: 'collapse', from: now - LOOK_MS, to: now, lastLines });
    restart(member).catch(() => undefined);
  };
  return { kill, restart, look: check };
};

export const startCluster = async (plan: Plan): Promise<Cluster> => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'workflow-webhooks-chaos-'));
  const server = plan.database === 'sqlite' ? null : await startDatabaseServer(plan.database);
  const databaseNetwork = server && (await startTcpProxy(server.port));
  const redis = plan.engine === 'bullmq' ? await startRedisServer() : null;
  const options = {
    dataDir,
    config: configOf(plan, redis),
    env: {
      ...THREADS_ENV,
      ...(server && databaseNetwork ? server.env(databaseNetwork.port) : {}),
    },
  };
  const members: Member[] = [];
  const collapses: Collapse[] = [];
  const { kill, restart, look } = createMembers(collapses);
  const watch = setInterval(() => members.forEach(look), LOOK_MS);

  const stop = async () => {
    clearInterval(watch);
    for (const member of members) member.isExpected = true;
    await Promise.all(members.map(({ app }) => app.stop().catch(() => app.kill())));
    await databaseNetwork?.stop();
    await server?.remove();
    await redis?.remove();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    // One after the other: the first Strapi must create the tables alone.
    for (let count = 0; count < plan.processes; count += 1)
      members.push({ app: await startStrapi(options), isUp: true, isExpected: false });
  } catch (error) {
    await stop();
    throw error;
  }
  return { members, server, databaseNetwork, redis, kill, restart, collapses, stop };
};
