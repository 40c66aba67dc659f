/** A BullMQ queue for every webhook: where its tickets wait, and who holds them. */
import { randomUUID } from 'node:crypto';
import type { Job as BullJob, Queue, Worker } from 'bullmq';
import type { ClaimClass } from '../../store/outbox/due.service';
import type { Packages, RedisConnections } from './redis.service';
import { isAgain, type Standing, type Ticket } from './tickets';

type Options = {
  bullmq: Packages['bullmq'];
  redis: RedisConnections;
  prefix: string;
  /** Tickets of one webhook that may be held at once, by all processes together. */
  perWebhook: number;
};

type Data = { deliveryId: number };
export type HeldTicket = { webhookId: string; deliveryId: number; job: BullJob<Data> };

/**
 * Whose holder died comes back after this time, twice as long at worst: short, because until then it counts against
 * its webhook's limit. Nothing is sent twice where a holder was only slow: the delivery itself has a lease of its own.
 */
const LOCK_MS = 6000;
const STALLED_EVERY_MS = 3000;
export const EXTEND_EVERY_MS = 2000;
/** BullMQ tells its own story in a stream, which nobody reads here. */
const EVENTS = { events: { maxLen: 10 } };
/** BullMQ's names for where what nobody has taken waits: what has a priority waits behind what has none. */
const WAITS_IN = { first: 'wait', again: 'prioritized' } as const;

const ignore = () => undefined;

const jobOf = ({ ticketId, deliveryId, claimClass }: Ticket) => ({
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

/** Lets so many retries pass all first attempts. One that somebody has taken meanwhile stays taken, or is gone. */
const letPass = async (queue: Queue, count: number): Promise<void> => {
  const jobs = await queue.getJobs(['prioritized'], 0, count - 1, true);
  await Promise.all(
    jobs.map((job) => job?.changePriority({ priority: 0, lifo: true }).catch(ignore)),
  );
};

export const createTicketQueues = ({ bullmq, redis, prefix, perWebhook }: Options) => {
  const token = randomUUID();
  const queues = new Map<string, Queue>();
  const workers = new Map<string, Worker>();
  const held = new Map<number, HeldTicket>();
  const completing = new Set<Promise<unknown>>();

  // `skipVersionCheck`, or each would ask Redis for its version, and be broken for good if that fails.
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
   * Tickets are taken one by one, when there is room for them: a worker that runs by itself would take them for slots
   * that other webhooks fill. And so it needs no connection of its own that waits in Redis for each webhook.
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
      ((name: string, options: never) => bullmq.createRedisBackend(name, options)) as never,
    );
    worker.on('error', ignore);
    workers.set(webhookId, worker);
    worker.startStalledCheckTimer().catch(ignore);
    return worker;
  };

  const standing = async (webhookId: string): Promise<Standing> => {
    const queue = queueOf(webhookId);
    const [counts, active, isPaused] = await Promise.all([
      queue.getJobCounts('wait', 'prioritized'),
      queue.getRanges(['active'], 0, perWebhook),
      queue.isPaused(),
    ]);
    // Somebody ended while removing the queue of a webhook that was enabled again later.
    if (isPaused) await queue.resume();
    return { first: counts.wait ?? 0, again: counts.prioritized ?? 0, held: active };
  };

  /** The ids of the tickets of a class that nobody has taken yet. */
  const waiting = (webhookId: string, claimClass: ClaimClass) =>
    queueOf(webhookId).getRanges([WAITS_IN[claimClass]], 0, -1);

  /** First attempts pass retries. The limit is set each time: Redis may have been emptied. */
  const add = async (webhookId: string, tickets: readonly Ticket[]): Promise<void> => {
    const queue = queueOf(webhookId);
    await queue.setGlobalConcurrency(perWebhook);
    await queue.addBulk(tickets.map(jobOf));
  };

  /** A ticket that cannot be handed in comes back by itself, and is found to be used. */
  const handIn = ({ job }: HeldTicket): Promise<unknown> => {
    const work = job
      .moveToCompleted(null, token, false)
      .catch(ignore)
      .finally(() => completing.delete(work));
    completing.add(work);
    return work;
  };

  /** None where there is none left, or where this process holds the delivery already. */
  const takeOne = async (webhookId: string): Promise<HeldTicket | null> => {
    const job = await workerOf(webhookId).getNextJob(token, { block: false });
    if (!job) return null;
    const ticket = { webhookId, deliveryId: (job as BullJob<Data>).data.deliveryId, job };
    if (held.has(ticket.deliveryId)) return (handIn(ticket), null);
    held.set(ticket.deliveryId, ticket);
    return ticket;
  };

  /**
   * Of all that waits, `share` retries pass the first attempts, if anything of the webhook's limit is free. Answers what
   * it got, and how many are left for others, or for later where the limit is reached.
   */
  const take = async (webhookId: string, { most, share }: { most: number; share: number }) => {
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
      // Where another process was quicker, it takes what has passed, and others need not pass as well.
      taken: { first: tickets.length - again, again: Math.max(again, passing) },
    };
  };

  const complete = (ticket: HeldTicket): Promise<unknown> => {
    held.delete(ticket.deliveryId);
    return handIn(ticket);
  };

  const extendAll = async (): Promise<void> => {
    for (const [webhookId, worker] of workers) {
      const ids = [...held.values()]
        .filter((ticket) => ticket.webhookId === webhookId)
        .map(({ job }) => String(job.id));
      if (ids.length === 0) continue;
      const tokens = ids.map(() => token);
      await worker.extendJobLocks(ids, tokens, LOCK_MS);
    }
  };

  const forget = async (webhookId: string) => {
    const [worker, queue] = [workers.get(webhookId), queues.get(webhookId)];
    workers.delete(webhookId);
    queues.delete(webhookId);
    await worker?.close(true);
    await queue?.close();
  };

  const remove = async (webhookId: string): Promise<void> => {
    await queueOf(webhookId).obliterate({ force: true });
    await forget(webhookId);
  };

  const close = async (): Promise<void> => {
    await Promise.all(completing);
    await Promise.all([...queues.keys(), ...workers.keys()].map(forget));
  };

  return {
    standing,
    waiting,
    add,
    take,
    complete,
    extendAll,
    remove,
    close,
    heldOf: (deliveryId: number) => held.get(deliveryId),
  };
};

export type TicketQueues = ReturnType<typeof createTicketQueues>;
