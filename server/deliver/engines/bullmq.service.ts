/**
 * The engine that shares the work through BullMQ: Redis hands out tickets, and the holder of a ticket claims its delivery
 * from the database. Redis knows nothing that the database does not, so Redis may be emptied at any time.
 */
import type { Config } from '../../config/index';
import type { ClaimedRow } from '../../store/outbox/claim.service';
import type { ClaimClass } from '../../store/outbox/due.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import type { Claiming, Job } from '../claims.service';
import { countTaken, lower, roomIn, shareAgain, type Lane, type LaneLimits } from '../lane';
import type { Engine, Filled, Wake } from './database.service';
import {
  EXTEND_EVERY_MS,
  MOST_WAITING,
  roomFor,
  ticketOf,
  TicketQueues,
  type HeldTicket,
  type Ticket,
} from './queues.service';
import { createRedis, type Packages, type RedisConnections } from './redis.service';

type Webhook = { id: string; ordered: boolean };

type Options = {
  packages: Packages;
  config: Config;
  url: string;
  outbox: Outbox;
  claiming: Claiming;
  now(): number;
  /** Enabled webhooks. */
  active(): Promise<readonly Webhook[]>;
  log: { warn(message: string): void; info(message: string): void };
  onError(error: unknown): void;
};

/** New deliveries are announced at once. This finds what is due later, and what was stored while Redis was away. */
const LOOK_EVERY_MS = 2000;
/** Tickets are left, but other processes use up the webhook's limit: the lane is filled again after this time. */
const RETRY_MS = 100;

export class BullmqEngine implements Engine {
  readonly driver = 'bullmq';
  readonly mayHandOver = false;
  readonly lookEvery = LOOK_EVERY_MS;
  readonly limits: LaneLimits;
  private readonly channel: string;
  private readonly redis: RedisConnections;
  private readonly queues: TicketQueues;
  private readonly feeder: Feeder;
  private wake: Wake | null = null;
  private timer: NodeJS.Timeout | undefined;
  /** Webhooks with tickets that this process could not take. */
  private readonly left = new Set<string>();
  private readonly unwanted = new Set<string>();

  constructor(private readonly options: Options) {
    const { bullmq, Redis } = options.packages;
    const { prefix } = options.config.engine;
    const { concurrency, concurrencyPerWebhook: perWebhook } = options.config.delivery;
    this.limits = { perWebhook: Math.min(perWebhook, concurrency), isExact: true };
    this.channel = `${prefix}:tickets`;
    this.redis = createRedis({ Redis, url: options.url, log: options.log });
    this.queues = new TicketQueues({ bullmq, redis: this.redis, prefix, perWebhook });
    const notify = (webhookId: string) => this.redis.client().publish(this.channel, webhookId);
    const { redis, queues } = this;
    this.feeder = createFeeder({ ...options, redis, queues, prefix, perWebhook, notify });
  }

  isReachable(): boolean {
    return this.redis.isReady();
  }

  open(onAnnounced: Wake | null): void {
    this.redis.open(() => this.onConnected());
    this.timer ??= setInterval(() => void this.safely(this.keepTickets()), EXTEND_EVERY_MS);
    if (!onAnnounced || this.wake) return;
    this.wake = onAnnounced;
    this.redis.listen(this.channel, (webhookId) => onAnnounced([webhookId]));
    if (this.redis.isReady()) this.onConnected();
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.wake = null;
    await this.safely(this.queues.close());
    this.redis.close();
  }

  announce(webhookIds?: readonly string[]): void {
    if (!this.redis.isReady()) return;
    if (webhookIds === undefined) void this.safely(this.feeder.feedAll());
    else webhookIds.forEach(this.feeder.feed);
  }

  async fill(lane: Lane<Job>, slots: number): Promise<Filled> {
    const { webhookId } = lane;
    const done: Filled = { nextDue: null, retryAt: null };
    const later = () => ({ ...done, retryAt: this.options.now() + RETRY_MS });
    this.unwanted.delete(webhookId);
    lower(lane);
    if (!this.redis.isReady()) return done;
    const most = Math.min(roomIn(lane, this.limits), slots);
    if (most <= 0) return later();
    const found = await this.queues.take(webhookId, { most, share: shareAgain(lane, most) });
    countTaken(lane, found.taken);
    if (found.left < MOST_WAITING / 2) void this.safely(this.feeder.topUp(webhookId));
    if (found.left === 0) this.left.delete(webhookId);
    else this.left.add(webhookId);
    await this.claim(lane, found.tickets);
    if (found.left === 0) return done;
    if (found.tickets.length < most) return later();
    lane.mayHaveFirst = true;
    return done;
  }

  free(rows: readonly ClaimedRow[]): void {
    const tickets = rows.flatMap(({ id }) => this.queues.heldOf(id) ?? []);
    const ids = tickets.map(({ webhookId }) => webhookId).filter((id) => this.left.has(id));
    void this.safely(this.complete(tickets)).then(() => {
      if (ids.length > 0) this.wake?.([...new Set(ids)]);
    });
  }

  drop(webhookId: string): void {
    this.feeder.drop(webhookId);
    this.left.delete(webhookId);
    this.unwanted.add(webhookId);
  }

  /** At every connection: Redis may have been away for long, or return empty. */
  private onConnected(): void {
    if (!this.wake) return;
    this.announce();
    this.wake();
  }

  /** Extends the tickets that this process holds, and removes the queues of webhooks that are gone. */
  private async keepTickets(): Promise<void> {
    if (!this.redis.isReady()) return;
    await this.queues.extendAll();
    for (const webhookId of this.unwanted) {
      await this.queues.remove(webhookId);
      this.unwanted.delete(webhookId);
    }
  }

  /** A ticket is used up if its delivery is no longer due, or if another process claimed it. */
  private async claim(lane: Lane<Job>, tickets: readonly HeldTicket[]): Promise<void> {
    if (tickets.length === 0) return;
    const ids = tickets.map(({ deliveryId }) => deliveryId);
    const rows = await this.options.claiming.claimThese(lane, ids).catch(async (error) => {
      await this.complete(tickets);
      throw error;
    });
    const claimed = new Set(rows.map(({ id }) => id));
    await this.complete(tickets.filter(({ deliveryId }) => !claimed.has(deliveryId)));
  }

  private complete(tickets: readonly HeldTicket[]): Promise<unknown> {
    return Promise.all(tickets.map((ticket) => this.queues.complete(ticket)));
  }

  private safely(work: Promise<unknown>): Promise<unknown> {
    return work.catch((error) => {
      if (this.redis.isReady()) this.options.onError(error);
    });
  }
}

type FeederOptions = Pick<Options, 'outbox' | 'active' | 'now' | 'onError'> & {
  redis: RedisConnections;
  queues: TicketQueues;
  prefix: string;
  perWebhook: number;
  /** There are new tickets for a webhook. */
  notify(webhookId: string): Promise<unknown>;
};

/** How many tickets of each class may be added, beside those that some process holds. */
type Room = Record<ClaimClass, number> & { held: readonly string[] };

/** How long one process tops up a webhook's tickets for all (ms). */
const TOP_UP_MS = 1000;
const CLASSES: readonly ClaimClass[] = ['first', 'again'];

/** Puts tickets for due deliveries into Redis: as many as are needed soon, and each once. */
export function createFeeder(options: FeederOptions) {
  const { outbox, redis, queues, perWebhook, now } = options;
  /** Webhooks with more due than there was room for. */
  const unfed = new Set<string>();
  const feeding = new Map<string, { again: boolean }>();

  /**
   * Due deliveries that have no ticket yet. Redis says which have one: tickets of other processes that nobody has claimed
   * are due as well, and would leave no room for what waits behind them.
   */
  const dueTickets = async ({ id, ordered }: Webhook, claimClass: ClaimClass, room: Room) => {
    const most = room[claimClass];
    if (most === 0) return { tickets: [], isAll: false };
    const there = new Set([...room.held, ...(await queues.waiting(id, claimClass))]);
    const limit = most + there.size;
    const due = { webhookId: id, claimClass, limit, now: now(), isOrdered: ordered };
    const rows = await outbox.due(due);
    const fresh = rows.map(ticketOf(claimClass)).filter(({ ticketId }) => !there.has(ticketId));
    const isAll = rows.length < limit && fresh.length <= most;
    return { tickets: fresh.slice(0, most), isAll };
  };

  const feedOnce = async (webhookId: string): Promise<void> => {
    const webhook = (await options.active()).find(({ id }) => id === webhookId);
    if (!webhook || !redis.isReady()) return;
    const counts = await queues.counts(webhookId);
    const room = { ...roomFor(counts, perWebhook), held: counts.held };
    const found: { tickets: Ticket[]; isAll: boolean }[] = [];
    for (const claimClass of CLASSES) found.push(await dueTickets(webhook, claimClass, room));
    if (found.every(({ isAll }) => isAll)) unfed.delete(webhookId);
    else unfed.add(webhookId);
    const tickets = found.flatMap((one) => one.tickets);
    if (tickets.length === 0) return;
    await queues.add(webhookId, tickets);
    await options.notify(webhookId);
  };

  /** One run at a time for each webhook; a call during a run leads to one more run. */
  const feed = (webhookId: string): void => {
    const running = feeding.get(webhookId);
    if (running) {
      running.again = true;
      return;
    }
    const state = { again: false };
    feeding.set(webhookId, state);
    const feedUntilDone = async () => {
      do {
        state.again = false;
        await feedOnce(webhookId);
      } while (state.again && redis.isReady());
    };
    feedUntilDone()
      .catch((error) => redis.isReady() && options.onError(error))
      .finally(() => feeding.delete(webhookId));
  };

  return {
    feed,
    /** Feeds all webhooks that have something due. */
    feedAll: async (): Promise<void> => {
      const ids = new Set((await options.active()).map(({ id }) => id));
      (await outbox.dueWebhooks(now())).filter((id) => ids.has(id)).forEach(feed);
    },
    /** Feeds a webhook that has few tickets left and more due. One process does it for all. */
    topUp: async (webhookId: string): Promise<void> => {
      if (!unfed.has(webhookId) || feeding.has(webhookId)) return;
      const lock = `${options.prefix}:feeding:${webhookId}`;
      const isOurs = await redis.client().set(lock, '1', 'PX', TOP_UP_MS, 'NX');
      if (isOurs === null) return;
      // The lock ends by itself: an error of its removal must not hide why the feeding failed.
      const unlock = () =>
        redis
          .client()
          .del(lock)
          .catch(() => undefined);
      await feedOnce(webhookId).finally(unlock);
    },
    drop: (webhookId: string) => void unfed.delete(webhookId),
  };
}

type Feeder = ReturnType<typeof createFeeder>;
