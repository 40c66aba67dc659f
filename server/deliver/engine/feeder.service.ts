/** Puts tickets for what is due into Redis: as many as are soon needed, and each once. */
import type { ClaimClass } from '../../store/outbox/due.service';
import type { Outbox } from '../../store/outbox/outbox.service';
import type { RedisConnections } from './redis.service';
import type { TicketQueues } from './ticket-queues.service';
import { roomFor, ticketOf, type Standing, type Ticket } from './tickets';

type Webhook = { id: string; ordered: boolean };
/** How many tickets of each class may be added, beside those that somebody holds. */
type Room = Record<ClaimClass, number> & Pick<Standing, 'held'>;

type Options = {
  outbox: Outbox;
  redis: RedisConnections;
  queues: TicketQueues;
  prefix: string;
  perWebhook: number;
  now(): number;
  /** Enabled webhooks. */
  active(): Promise<readonly Webhook[]>;
  /** That there are new tickets for a webhook. */
  tell(webhookId: string): Promise<unknown>;
  onError(error: unknown): void;
};

const ONE_FEEDS_MS = 1000;
const CLASSES: readonly ClaimClass[] = ['first', 'again'];

export const createFeeder = (options: Options) => {
  const { outbox, redis, queues, perWebhook, now } = options;
  /** Webhooks of which more is due than there was room for. */
  const unfed = new Set<string>();
  const feeding = new Map<string, { again: boolean }>();

  /**
   * What is due and not in Redis yet. It is Redis that is asked what is there: what others fed, and nobody has claimed, is
   * due as well, and would leave no room for what waits behind it.
   */
  const dueTickets = async ({ id, ordered }: Webhook, claimClass: ClaimClass, room: Room) => {
    const most = room[claimClass];
    if (most === 0) return { tickets: [], isAll: false };
    const there = new Set([...room.held, ...(await queues.waiting(id, claimClass))]);
    const limit = most + there.size;
    const rows = await outbox.due({
      webhookId: id,
      claimClass,
      limit,
      now: now(),
      isOrdered: ordered,
    });
    const fresh = rows.map(ticketOf(claimClass)).filter(({ ticketId }) => !there.has(ticketId));
    const isAll = rows.length < limit && fresh.length <= most;
    return { tickets: fresh.slice(0, most), isAll };
  };

  const put = async (webhookId: string, tickets: Ticket[]) => {
    if (tickets.length === 0) return;
    await queues.add(webhookId, tickets);
    await options.tell(webhookId);
  };

  const feedOnce = async (webhookId: string): Promise<void> => {
    const webhook = (await options.active()).find(({ id }) => id === webhookId);
    if (!webhook || !redis.isReady()) return;
    const standing = await queues.standing(webhookId);
    const room = { ...roomFor(standing, perWebhook), held: standing.held };
    const found = [];
    for (const claimClass of CLASSES) found.push(await dueTickets(webhook, claimClass, room));
    if (found.every(({ isAll }) => isAll)) unfed.delete(webhookId);
    else unfed.add(webhookId);
    await put(
      webhookId,
      found.flatMap(({ tickets }) => tickets),
    );
  };

  /** One at a time for each webhook. What is asked for in the meantime is done once more. */
  const feed = (webhookId: string): void => {
    const running = feeding.get(webhookId);
    if (running) {
      running.again = true;
      return;
    }
    const state = { again: false };
    feeding.set(webhookId, state);
    const feedAll = async () => {
      do {
        state.again = false;
        await feedOnce(webhookId);
      } while (state.again && redis.isReady());
    };
    feedAll()
      .catch((error) => redis.isReady() && options.onError(error))
      .finally(() => feeding.delete(webhookId));
  };

  /** Where less waits than is soon needed, and more is due: one process tops up for all. */
  const topUp = async (webhookId: string): Promise<void> => {
    if (!unfed.has(webhookId) || feeding.has(webhookId)) return;
    const lock = `${options.prefix}:feeding:${webhookId}`;
    const isOurs = await redis.client().set(lock, '1', 'PX', ONE_FEEDS_MS, 'NX');
    if (isOurs === null) return;
    // The lock ends by itself: that it cannot be removed must not hide why the feeding failed.
    const unlock = () =>
      redis
        .client()
        .del(lock)
        .catch(() => undefined);
    await feedOnce(webhookId).finally(unlock);
  };

  return {
    feed,
    /** Whichever has something due. */
    feedAll: async (): Promise<void> => {
      const ids = (await options.active()).map(({ id }) => id);
      (await outbox.dueWebhooks(ids, now())).forEach(feed);
    },
    topUp,
    drop: (webhookId: string) => void unfed.delete(webhookId),
  };
};
