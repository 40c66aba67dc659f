/** One run: start, write, inject faults, wait until all is sent, and check that every guarantee held. */
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from './seeded-random';
import { startCluster, type Cluster } from './cluster';
import { startEndpoints, type Endpoints } from './endpoints';
import { startFaults } from './faults';
import {
  figuresOf,
  problemsOf,
  type Figures,
  type History,
  type Problem,
  type Stored,
} from './history';
import type { Fault, Plan } from './plan';
import { committedOps, startWriter } from './writers';

/** How long to wait after the last fault: longer than a lease and than the longest pause between attempts (ms). */
const DRAIN_LIMIT_MS = 90_000;
const WRITERS = 3;
/** Each process reads the webhooks again within a second (ms). */
const WEBHOOK_CACHE_MS = 1500;

export type Result = {
  plan: Plan;
  figures: Figures;
  /** `collapse`: a Strapi that ended by itself. Strapi does so if it cannot reach the database for its own events. */
  faults: Record<Fault | 'collapse', number>;
  problems: Problem[];
  seconds: number;
};

const isOurs = (lastLines: string) => /workflow[-_]webhooks/.test(lastLines);

/** Runs inside Strapi: the deliveries of the outbox, with the document of each event. */
const storedRows = async (strapi: any): Promise<Stored[]> => {
  const knex = strapi.db.connection;
  const rows = await knex('workflow_webhooks_deliveries as delivery')
    .join('workflow_webhooks_events as event', 'event.event_id', 'delivery.event_id')
    .select('delivery.*', 'event.payload');
  const attempts = await knex('workflow_webhooks_attempts')
    .groupBy('delivery_id')
    .select('delivery_id')
    .count({ count: '*' });
  const recorded = new Map(attempts.map((row: any) => [row.delivery_id, Number(row.count)]));
  return rows.map((row: any) => ({
    eventId: row.event_id,
    endpoint: row.webhook_id,
    op: JSON.parse(row.payload).entry.title,
    documentId: row.document_id,
    state: row.state,
    reason: row.reason,
    attemptCount: row.attempt_count,
    recordedAttempts: recorded.get(row.id) ?? 0,
  }));
};

/** Runs inside Strapi: how long after its answer each delivery was recorded as delivered (ms). */
const recordingTimes = async (strapi: any): Promise<number[]> => {
  const rows = await strapi.db
    .connection('workflow_webhooks_deliveries as delivery')
    .join('workflow_webhooks_attempts as attempt', 'attempt.delivery_id', 'delivery.id')
    .where('attempt.outcome', 'delivered')
    .select('delivery.delivered_at', 'attempt.at', 'attempt.duration_ms');
  return rows.map((row: any) => Number(row.delivered_at) - Number(row.at) - row.duration_ms);
};

/** After an outage of the database, the dispatcher retries a failed record after up to five seconds. */
const LEAST_RECORDING_MS = 10_000;

/** Twice the 95th percentile: the machine may be busy, and the times during outages say nothing about it. */
const recordingOf = (times: number[]): number => {
  const inOrder = [...times].sort((one, other) => one - other);
  return Math.max(LEAST_RECORDING_MS, 2 * (inOrder[Math.floor(inOrder.length * 0.95)] ?? 0));
};

const openCount = async (strapi: any): Promise<number> => {
  const [row] = await strapi.db
    .connection('workflow_webhooks_deliveries')
    .whereIn('state', ['pending', 'sending', 'retrying'])
    .count({ count: '*' });
  return Number(row.count);
};

/** Waits until every open delivery is sent. The checks report those that are not. */
const drain = async (cluster: Cluster) => {
  const deadline = Date.now() + DRAIN_LIMIT_MS;
  const [member] = cluster.members;
  const open = () => member?.app.run(openCount).catch(() => 1);
  while (((await open()) ?? 0) > 0 && Date.now() < deadline) await sleep(200);
  // Requests that are still in flight must end, so that the checks see them.
  await sleep(300);
};

const historyOf = async (
  cluster: Cluster,
  parts: Pick<Endpoints, 'endpoints' | 'arrivals'> & Pick<History, 'writes' | 'disturbances'>,
): Promise<History> => {
  const app = cluster.members[0]?.app;
  if (!app) throw new Error('The cluster has no Strapi.');
  return {
    ...parts,
    committed: new Set(await app.run(committedOps)),
    deliveries: await app.run(storedRows),
    recordingMs: recordingOf(await app.run(recordingTimes)),
  };
};

export const run = async (plan: Plan, log: (line: string) => void): Promise<Result> => {
  const began = Date.now();
  const random = seededRandom(plan.seed);
  const cluster = await startCluster(plan);
  const stops: (() => Promise<unknown>)[] = [cluster.stop];
  try {
    const endpoints = await startEndpoints(cluster.members[0]!.app, random.branch('endpoints'));
    stops.unshift(endpoints.stop);
    await sleep(WEBHOOK_CACHE_MS);
    const writers = cluster.members.flatMap((member, index) =>
      Array.from({ length: WRITERS }, (_, number) =>
        startWriter(member, `op-${index}-${number}`, random.branch(`writer ${index} ${number}`)),
      ),
    );
    const faults = startFaults({ plan, cluster, endpoints, random: random.branch('faults') });
    await faults.done.finally(() => Promise.all(writers.map((writer) => writer.stop())));
    log('All faults have ended; waiting until the open deliveries are sent ...');
    await drain(cluster);
    const history = await historyOf(cluster, {
      endpoints: endpoints.endpoints,
      arrivals: endpoints.arrivals,
      writes: writers.flatMap(({ writes }) => writes),
      disturbances: [...faults.disturbances, ...cluster.collapses],
    });
    const ours = cluster.collapses.filter(({ lastLines }) => isOurs(lastLines));
    return {
      plan,
      figures: figuresOf(history),
      faults: { ...faults.counts, collapse: cluster.collapses.length },
      problems: [
        ...ours.map(({ lastLines }) => ({ rule: 'the plugin ends no Strapi', detail: lastLines })),
        ...problemsOf(history),
      ],
      seconds: Math.round((Date.now() - began) / 1000),
    };
  } finally {
    for (const stop of stops) await stop().catch((error) => log(String(error)));
  }
};
