/** The webhooks that may be sent to, with a lane for each: as they were when last read. */
import type { ActiveWebhook } from '../match/active';
import type { Job } from './claims.service';
import { newLane, raise, type Lane } from './lane';

type Options = {
  /** Enabled webhooks, read anew. */
  active(): Promise<readonly ActiveWebhook[]>;
  /** What is known of their health and their receivers' pauses. */
  healthOf(): Promise<Map<string, { health: { state: string }; parkedUntil: number }>>;
};

export const createRoster = ({ active, healthOf }: Options) => {
  const webhooks = new Map<string, ActiveWebhook>();
  const lanes = new Map<string, Lane<Job>>();
  /** Being disabled, which is not recorded yet. */
  const barred = new Set<string>();

  const laneOf = (webhookId: string): Lane<Job> => {
    const lane = lanes.get(webhookId) ?? newLane<Job>(webhookId);
    lanes.set(webhookId, lane);
    return lane;
  };

  const enter = (webhook: ActiveWebhook, isNew: boolean) => {
    webhooks.set(webhook.id, webhook);
    const lane = laneOf(webhook.id);
    lane.rate = webhook.rateLimit;
    lane.isOrdered = webhook.ordered;
    if (isNew) raise(lane);
  };

  /** What this process knew before it ended, and what other instances have learnt since. Answers the pauses. */
  const recall = async (): Promise<Lane<Job>[]> => {
    const paused: Lane<Job>[] = [];
    for (const [webhookId, { health, parkedUntil }] of await healthOf()) {
      const lane = lanes.get(webhookId);
      if (!lane) continue;
      lane.isFailing = health.state === 'failing';
      if (parkedUntil <= lane.parkedUntil) continue;
      lane.parkedUntil = parkedUntil;
      paused.push(lane);
    }
    return paused;
  };

  /** Of webhooks that were disabled or deleted. */
  const unwanted = () => [...lanes.values()].filter(({ webhookId }) => !webhooks.has(webhookId));

  /** Reads all of it anew. Answers the lanes that must pause longer than was known, and those that nothing leaves any more. */
  const refresh = async () => {
    const found = (await active()).filter(({ id }) => !barred.has(id));
    const before = new Set(webhooks.keys());
    webhooks.clear();
    for (const webhook of found) enter(webhook, !before.has(webhook.id));
    return { paused: await recall(), unwanted: unwanted() };
  };

  return {
    refresh,
    laneOf,
    laneFor: (webhookId: string) => lanes.get(webhookId),
    leave: (webhookId: string) => lanes.delete(webhookId),
    lanes: () => [...lanes.values()],
    /** Those that something may leave. */
    wanted: () => [...lanes.values()].filter(({ webhookId }) => webhooks.has(webhookId)),
    webhook: (webhookId: string) => webhooks.get(webhookId),
    /** Nothing leaves to it until webhooks are read again. */
    strike: (webhookId: string) => webhooks.delete(webhookId),
    /** Its receiver wants no more: nothing leaves while that is being recorded, whatever is read in the meantime. */
    bar: (webhookId: string) => {
      barred.add(webhookId);
      webhooks.delete(webhookId);
    },
    unbar: (webhookId: string) => barred.delete(webhookId),
  };
};

export type Roster = ReturnType<typeof createRoster>;
