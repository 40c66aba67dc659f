/** The connections to Redis, and a BullMQ queue for every webhook: where tickets wait, and which this process holds. */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Bullmq from 'bullmq';
import type { Job as BullJob, Queue, Worker } from 'bullmq';
import type * as Ioredis from 'ioredis';
import type { ClaimClass } from '../../store/outbox/due.service';
import { isAgain, type Ticket, type TicketCounts } from './tickets';

type Redis = Ioredis.Redis;
export type Packages = { bullmq: typeof Bullmq; Redis: typeof Ioredis.Redis };

const INSTALL = 'Install them beside this plugin: npm install bullmq@6 ioredis@5';

/** Both packages are optional, so they are loaded from the project's own packages, and only if they are needed. */
export function loadPackages(projectRoot: string): Packages {
  const load = createRequire(path.join(projectRoot, 'package.json'));
  const needed = (name: string) => {
    try {
      return load(name);
    } catch (error) {
      const why = (error as Error).message.split('\n')[0];
      throw new Error(
        `workflow-webhooks: the engine "bullmq" needs the packages bullmq and ioredis. ${INSTALL} (${why})`,
        { cause: error },
      );
    }
  };
  const bullmq: typeof Bullmq = needed('bullmq');
  if (typeof bullmq.createRedisBackend !== 'function')
    throw new Error(`workflow-webhooks: the engine "bullmq" needs version 6 of bullmq. ${INSTALL}`);
  return { bullmq, Redis: needed('ioredis').Redis };
}

type RedisOptions = {
  Redis: Packages['Redis'];
  url: string;
  log: { warn(message: string): void; info(message: string): void };
};

const SECOND = 1000;

const CONNECTION = {
  lazyConnect: true,
  autoResendUnfulfilledCommands: false,
  connectTimeout: 5 * SECOND,
  retryStrategy: (times: number) => Math.min(times * 100, SECOND),
};

/** A command fails at once if there is no connection: nothing is lost, because the database holds everything that is sent to Redis. */
const COMMANDS = {
  ...CONNECTION,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 5 * SECOND,
};

const LISTENING = { ...CONNECTION, enableOfflineQueue: true, maxRetriesPerRequest: null };

const ignore = () => undefined;

/** Two connections for a process that sends, one for any other, whatever the number of webhooks. */
export function createRedis({ Redis, url, log }: RedisOptions) {
  const { hostname, port } = new URL(url);
  const place = `${hostname}:${port || 6379}`;
  let client: Redis | null = null;
  let subscriber: Redis | null = null;
  let isDown = false;

  /** Logged once, and not for each of the connection's tries. */
  const logDown = (error?: Error) => {
    if (isDown || client === null) return;
    isDown = true;
    log.warn(
      `workflow-webhooks: Redis at ${place} cannot be reached${error ? ` (${error.message})` : ''}. Deliveries are stored as ever, and sent when it is back.`,
    );
  };

  const logUp = () => {
    if (isDown) log.info(`workflow-webhooks: Redis at ${place} answers again.`);
    isDown = false;
  };

  return {
    isReady: () => client?.status === 'ready',
    /** `onReady` is called at every connection, the first and all later ones. */
    open: (onReady: () => void) => {
      if (client) return;
      client = new Redis(url, COMMANDS);
      client.on('error', logDown);
      client.on('close', () => logDown());
      client.on('ready', () => {
        logUp();
        onReady();
      });
      client.connect().catch(ignore);
    },
    listen: (channel: string, onMessage: (message: string) => void) => {
      if (subscriber) return;
      subscriber = new Redis(url, LISTENING);
      subscriber.on('error', ignore);
      subscriber.on('message', (_channel, message) => onMessage(message));
      subscriber.subscribe(channel).catch(ignore);
    },
    close: () => {
      const both = [client, subscriber];
      client = null;
      subscriber = null;
      for (const one of both) one?.disconnect();
    },
    /** Only between `open` and `close`. */
    client: (): Redis => {
      if (!client) throw new Error('The connection to Redis is closed.');
      return client;
    },
  };
}

export type RedisConnections = ReturnType<typeof createRedis>;

type QueueOptions = {
  bullmq: Packages['bullmq'];
  redis: RedisConnections;
  prefix: string;
  /** How many tickets of one webhook all processes together may hold. */
  perWebhook: number;
};

type Data = { deliveryId: number };
export type HeldTicket = { webhookId: string; deliveryId: number; job: BullJob<Data> };

/**
 * A ticket whose holder died returns after this time, twice as long at worst. The time is short because until then the
 * ticket counts against its webhook's limit. A holder that was only slow sends nothing twice: the delivery has a lease.
 */
const LOCK_MS = 6000;
const STALLED_EVERY_MS = 3000;
export const EXTEND_EVERY_MS = 2000;
/** BullMQ writes its events to a stream, which nobody reads here. */
const EVENTS = { events: { maxLen: 10 } };
/** BullMQ's names for the lists where tickets wait: those with a priority come after those without. */
const WAITS_IN = { first: 'wait', again: 'prioritized' } as const;

export function createTicketQueues({ bullmq, redis, prefix, perWebhook }: QueueOptions) {
  const token = randomUUID();
  const queues = new Map<string, Queue>();
  const workers = new Map<string, Worker>();
  const held = new Map<number, HeldTicket>();
  const completing = new Set<Promise<unknown>>();

  // Without `skipVersionCheck`, each queue asks Redis for its version, and is unusable for good if that fails.
  const settings = () => ({ connection: redis.client(), prefix, skipVersionCheck: true });

  const queueOf = (webhookId: string): Queue => {
    const known = queues.get(webhookId);
    if (known) return known;
    const queue = new bullmq.Queue(webhookId, { ...settings(), streams: EVENTS });
    queue.on('error', ignore);
    queues.set(webhookId, queue);
    return queue;
  };

  /**
   * Tickets are taken one by one, when there is room for them: a worker that runs by itself would take them although
   * other webhooks fill the slots, and would need a connection of its own that waits in Redis.
   */
  const workerOf = (webhookId: string): Worker => {
    const known = workers.get(webhookId);
    if (known) return known;
    const worker = new bullmq.Worker(
      webhookId,
      null,
      {
        ...settings(),
        autorun: false,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_EVERY_MS,
        skipLockRenewal: true,
      },
      // Without BullMQ's own options, which ask for a connection that waits.
      (name, options) => bullmq.createRedisBackend(name, options),
    );
    worker.on('error', ignore);
    workers.set(webhookId, worker);
    worker.startStalledCheckTimer().catch(ignore);
    return worker;
  };

  /** A ticket that cannot be completed returns by itself, and is found to be used. */
  const completeJob = ({ job }: HeldTicket): Promise<unknown> => {
    const work = job
      .moveToCompleted(null, token, false)
      .catch(ignore)
      .finally(() => completing.delete(work));
    completing.add(work);
    return work;
  };

  /** Null if no ticket is left, or if this process holds the delivery already. */
  const takeOne = async (webhookId: string): Promise<HeldTicket | null> => {
    const job: BullJob<Data> | undefined = await workerOf(webhookId).getNextJob(token, {
      block: false,
    });
    if (!job) return null;
    const ticket = { webhookId, deliveryId: job.data.deliveryId, job };
    if (held.has(ticket.deliveryId)) return (completeJob(ticket), null);
    held.set(ticket.deliveryId, ticket);
    return ticket;
  };

  const forget = async (webhookId: string) => {
    const [worker, queue] = [workers.get(webhookId), queues.get(webhookId)];
    workers.delete(webhookId);
    queues.delete(webhookId);
    await worker?.close(true);
    await queue?.close();
  };

  return {
    counts: async (webhookId: string): Promise<TicketCounts> => {
      const queue = queueOf(webhookId);
      const [counts, active, isPaused] = await Promise.all([
        queue.getJobCounts('wait', 'prioritized'),
        queue.getRanges(['active'], 0, perWebhook),
        queue.isPaused(),
      ]);
      // A process ended while it removed the queue, and the webhook was enabled again later.
      if (isPaused) await queue.resume();
      return { first: counts.wait ?? 0, again: counts.prioritized ?? 0, held: active };
    },

    /** The ids of the tickets of a class that nobody has taken yet. */
    waiting: (webhookId: string, claimClass: ClaimClass) =>
      queueOf(webhookId).getRanges([WAITS_IN[claimClass]], 0, -1),

    /** The limit is set each time: Redis may have been emptied. */
    add: async (webhookId: string, tickets: readonly Ticket[]): Promise<void> => {
      const queue = queueOf(webhookId);
      await queue.setGlobalConcurrency(perWebhook);
      await queue.addBulk(tickets.map(bullJobOf));
    },

    /**
     * Takes up to `most` tickets. `share` retries pass all first attempts, if the webhook's limit is not reached. Returns
     * the tickets, and how many are left for other processes, or for later if the limit is reached.
     */
    take: async (webhookId: string, { most, share }: { most: number; share: number }) => {
      const queue = queueOf(webhookId);
      const counts = await queue.getJobCounts('wait', 'prioritized', 'active');
      const { wait = 0, prioritized = 0, active = 0 } = counts;
      const here = wait + prioritized;
      const passing = wait > 0 && active < perWebhook ? Math.min(share, prioritized) : 0;
      if (passing > 0) await letPass(queue, passing);
      const takes = Array.from({ length: Math.min(most, here) }, () => takeOne(webhookId));
      const settled = await Promise.allSettled(takes);
      const tickets = settled.flatMap((one) =>
        one.status === 'fulfilled' && one.value ? [one.value] : [],
      );
      const again = tickets.filter(({ job }) => isAgain(String(job.id))).length;
      return {
        tickets,
        left: Math.max(0, here - tickets.length),
        // If another process was faster, it takes the retries that passed: no others need to pass as well.
        taken: { first: tickets.length - again, again: Math.max(again, passing) },
      };
    },

    complete: (ticket: HeldTicket): Promise<unknown> => {
      held.delete(ticket.deliveryId);
      return completeJob(ticket);
    },

    extendAll: async (): Promise<void> => {
      for (const [webhookId, worker] of workers) {
        const ids = [...held.values()]
          .filter((ticket) => ticket.webhookId === webhookId)
          .map(({ job }) => String(job.id));
        const tokens = ids.map(() => token);
        if (ids.length > 0) await worker.extendJobLocks(ids, tokens, LOCK_MS);
      }
    },

    remove: async (webhookId: string): Promise<void> => {
      await queueOf(webhookId).obliterate({ force: true });
      await forget(webhookId);
    },

    close: async (): Promise<void> => {
      await Promise.all(completing);
      await Promise.all([...queues.keys(), ...workers.keys()].map(forget));
    },

    heldOf: (deliveryId: number) => held.get(deliveryId),
  };
}

export type TicketQueues = ReturnType<typeof createTicketQueues>;

const bullJobOf = ({ ticketId, deliveryId, claimClass }: Ticket) => ({
  name: 'delivery',
  data: { deliveryId },
  opts: {
    jobId: ticketId,
    attempts: 1,
    removeOnComplete: true,
    removeOnFail: true,
    ...(claimClass === 'again' ? { priority: 1 } : {}),
  },
});

/** Lets `count` retries pass all first attempts. A ticket that is taken meanwhile stays taken. */
async function letPass(queue: Queue, count: number): Promise<void> {
  const jobs = await queue.getJobs(['prioritized'], 0, count - 1, true);
  await Promise.all(
    jobs.map((job) => job?.changePriority({ priority: 0, lifo: true }).catch(ignore)),
  );
}
