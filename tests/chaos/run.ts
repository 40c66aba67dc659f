/** One run: start, write, break, heal, and see whether every promise was kept. */
import { setTimeout as sleep } from 'node:timers/promises';
import { chanceOf } from './chance';
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

/** After everything is right again: longer than a lease, and than the longest wait between attempts (ms). */
const HEALING_MS = 90_000;
const WRITERS = 3;
/** A webhook takes effect on every instance within a second. */
const EFFECT_MS = 1500;

export type Result = {
  plan: Plan;
  figures: Figures;
  /** `collapse`: a Strapi that ended by itself, as it does where its own events find no database after a save. */
  faults: Record<Fault | 'collapse', number>;
  problems: Problem[];
  seconds: number;
};

const isOurs = (lastWords: string) => /workflow[-_]webhooks/.test(lastWords);

/** Runs inside Strapi: the outbox as it stands, with what each event is of. */
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
    recorded: recorded.get(row.id) ?? 0,
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

/** Once the database was away, what could not be recorded is tried again after up to five seconds. */
const LEAST_RECORDING_MS = 10_000;

/** Twice what nearly all took: the machine may be busy with other things, and an outage is no measure of it. */
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

/** What still waits when nothing disturbs any more goes out; what does not is seen by the checker. */
const heal = async (cluster: Cluster) => {
  const deadline = Date.now() + HEALING_MS;
  const [member] = cluster.members;
  const open = () => member?.app.run(openCount).catch(() => 1);
  while (((await open()) ?? 0) > 0 && Date.now() < deadline) await sleep(200);
  // A request that is still under way ends, and is seen.
  await sleep(300);
};

const historyOf = async (
  cluster: Cluster,
  parts: Pick<Endpoints, 'endpoints' | 'arrivals'> & Pick<History, 'writes' | 'disturbances'>,
): Promise<History> => {
  const app = cluster.members[0]?.app;
  if (!app) throw new Error('There is no Strapi to ask.');
  return {
    ...parts,
    committed: new Set(await app.run(committedOps)),
    deliveries: await app.run(storedRows),
    recordingMs: recordingOf(await app.run(recordingTimes)),
  };
};

export const run = async (plan: Plan, tell: (line: string) => void): Promise<Result> => {
  const began = Date.now();
  const chance = chanceOf(plan.seed);
  const cluster = await startCluster(plan);
  const stops: (() => Promise<unknown>)[] = [cluster.stop];
  try {
    const endpoints = await startEndpoints(cluster.members[0]!.app, chance.branch('endpoints'));
    stops.unshift(endpoints.stop);
    await sleep(EFFECT_MS);
    const writers = cluster.members.flatMap((member, index) =>
      Array.from({ length: WRITERS }, (_, number) =>
        startWriter(member, `op-${index}-${number}`, chance.branch(`writer ${index} ${number}`)),
      ),
    );
    const faults = startFaults({ plan, cluster, endpoints, chance: chance.branch('faults') });
    await faults.done.finally(() => Promise.all(writers.map((writer) => writer.stop())));
    tell('Everything is right again; what waits goes out ...');
    await heal(cluster);
    const history = await historyOf(cluster, {
      endpoints: endpoints.endpoints,
      arrivals: endpoints.arrivals,
      writes: writers.flatMap(({ writes }) => writes),
      disturbances: [...faults.disturbances, ...cluster.collapses],
    });
    const ours = cluster.collapses.filter(({ lastWords }) => isOurs(lastWords));
    return {
      plan,
      figures: figuresOf(history),
      faults: { ...faults.counts, collapse: cluster.collapses.length },
      problems: [
        ...ours.map(({ lastWords }) => ({ rule: 'no Strapi ends through us', detail: lastWords })),
        ...problemsOf(history),
      ],
      seconds: Math.round((Date.now() - began) / 1000),
    };
  } finally {
    for (const stop of stops) await stop().catch((error) => tell(String(error)));
  }
};
