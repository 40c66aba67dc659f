/**
 * The engine that shares the work through BullMQ: Redis hands out tickets, and whoever holds one claims its delivery
 * from the database. Redis knows nothing that the database does not, so it may be emptied at any time.
 */
import type { Config } from '../../config/index';
import type { ClaimedRow } from '../../store/outbox/claim.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import { createAlarms } from '../alarms.service';
import type { Claiming } from '../claiming.service';
import type { Job } from '../jobs.service';
import { lower, roomIn, shareAgain, tally, type Lane, type LaneLimits } from '../lane';
import type { Engine } from './engine';
import { createFeeder } from './feeder.service';
import { createRedis, type Packages } from './redis.service';
import { createTicketQueues, EXTEND_EVERY_MS, type HeldTicket } from './ticket-queues.service';
import { MOST_WAITING } from './tickets';

type Options = {
  packages: Packages;
  config: Config;
  url: string;
  outbox: Outbox;
  claiming: Claiming;
  now(): number;
  active(): Promise<readonly { id: string; ordered: boolean }[]>;
  log: { warn(message: string): void; info(message: string): void };
  onError(error: unknown): void;
};

/** Whoever stores something says so at once. This finds what is due later, and what was stored while Redis was away. */
const LOOK_EVERY_MS = 2000;
/** Tickets are left, but a webhook's limit is reached by others: asked again after this. */
const LATER_MS = 100;

export const createBullmqEngine = (options: Options): Engine => {
  const { config, outbox, claiming, onError } = options;
  const { bullmq, Redis } = options.packages;
  const { prefix } = config.engine;
  const { concurrency, concurrencyPerWebhook: perWebhook } = config.delivery;
  const limits: LaneLimits = { perWebhook: Math.min(perWebhook, concurrency), isExact: true };
  const channel = `${prefix}:tickets`;

  const redis = createRedis({ Redis, url: options.url, log: options.log });
  const queues = createTicketQueues({ bullmq, redis, prefix, perWebhook });
  const feeder = createFeeder({
    outbox,
    redis,
    queues,
    prefix,
    perWebhook,
    now: options.now,
    active: options.active,
    tell: (webhookId) => redis.client().publish(channel, webhookId),
    onError,
  });

  let wake: ((webhookIds?: readonly string[]) => void) | null = null;
  let heart: NodeJS.Timeout | undefined;
  const left = new Set<string>();
  const unwanted = new Set<string>();
  const alarms = createAlarms({ now: options.now, ring: (webhookId) => wake?.([webhookId]) });

  const safely = (work: Promise<unknown>): Promise<unknown> =>
    work.catch((error) => {
      if (redis.isReady()) onError(error);
    });

  const later = (webhookId: string) => alarms.set(webhookId, options.now() + LATER_MS);

  const complete = (tickets: readonly HeldTicket[]) => Promise.all(tickets.map(queues.complete));

  /** A ticket whose delivery is not due any more, or somebody else's, has done its work. */
  const claim = async (lane: Lane<Job>, tickets: readonly HeldTicket[]) => {
    if (tickets.length === 0) return;
    const ids = tickets.map(({ deliveryId }) => deliveryId);
    const rows = await claiming.claimThese(lane, ids).catch(async (error) => {
      await complete(tickets);
      throw error;
    });
    const claimed = new Set(rows.map(({ id }) => id));
    await complete(tickets.filter(({ deliveryId }) => !claimed.has(deliveryId)));
  };

  const fill = async (lane: Lane<Job>, slots: number): Promise<null> => {
    const { webhookId } = lane;
    unwanted.delete(webhookId);
    lower(lane);
    if (!redis.isReady()) return null;
    const most = Math.min(roomIn(lane, limits), slots);
    if (most <= 0) return (later(webhookId), null);
    const found = await queues.take(webhookId, { most, share: shareAgain(lane, most) });
    tally(lane, found.taken);
    if (found.left < MOST_WAITING / 2) void safely(feeder.topUp(webhookId));
    if (found.left === 0) left.delete(webhookId);
    else left.add(webhookId);
    await claim(lane, found.tickets);
    if (found.left === 0) return null;
    if (found.tickets.length === most) lane.mayHaveFirst = true;
    else later(webhookId);
    return null;
  };

  const free = (rows: readonly ClaimedRow[]) => {
    const tickets = rows.flatMap(({ id }) => queues.heldOf(id) ?? []);
    const waiting = tickets.map(({ webhookId }) => webhookId).filter((id) => left.has(id));
    void safely(complete(tickets)).then(() => waiting.length > 0 && wake?.([...new Set(waiting)]));
  };

  const removeUnwanted = async () => {
    for (const webhookId of unwanted) {
      await queues.remove(webhookId);
      unwanted.delete(webhookId);
    }
  };

  const beat = async () => {
    if (!redis.isReady()) return;
    await queues.extendAll();
    await removeUnwanted();
  };

  const announce = (webhookIds?: readonly string[]) => {
    if (!redis.isReady()) return;
    if (webhookIds === undefined) void safely(feeder.feedAll());
    else webhookIds.forEach(feeder.feed);
  };

  /** At every connection: Redis may have been away long, or come back empty. */
  const greet = () => {
    if (!wake) return;
    announce();
    wake();
  };

  const open = (hear: typeof wake) => {
    redis.open(greet);
    heart ??= setInterval(() => void safely(beat()), EXTEND_EVERY_MS);
    if (!hear || wake) return;
    wake = hear;
    redis.listen(channel, (webhookId) => hear([webhookId]));
    if (redis.isReady()) greet();
  };

  const close = async () => {
    clearInterval(heart);
    heart = undefined;
    wake = null;
    alarms.clear();
    await safely(queues.close());
    redis.close();
  };

  return {
    driver: 'bullmq',
    limits,
    mayHandOver: false,
    lookEvery: LOOK_EVERY_MS,
    isReachable: redis.isReady,
    open,
    close,
    announce,
    fill,
    free,
    drop: (webhookId) => {
      feeder.drop(webhookId);
      left.delete(webhookId);
      unwanted.add(webhookId);
    },
  };
};
