/** Tickets: a BullMQ queue for every webhook, where tickets wait, and which of them this process holds. */
import { randomUUID } from 'node:crypto';
import type { Job as BullJob, Queue, Worker } from 'bullmq';
import type { ClaimClass } from '../../store/outbox/due.service';
import type { DeliveryRow } from '../../store/outbox/rows';
import { ignore, type Packages, type RedisConnections } from './redis.service';

/** A ticket says that a delivery is due, and nothing else: everything else is in the database. */
export type Ticket = { ticketId: string; deliveryId: number; claimClass: ClaimClass };

/** One attempt always gets the same id: BullMQ ignores a job whose id it has already. */
export const ticketOf =
  (claimClass: ClaimClass) =>
  ({ id, attempt_count }: Pick<DeliveryRow, 'id' | 'attempt_count'>): Ticket => ({
    ticketId: `${claimClass}.${id}.${attempt_count}`,
    deliveryId: id,
    claimClass,
  });

const isAgain = (ticketId: string) => ticketId.startsWith('again.');

/** At most so many first attempts of one webhook wait in Redis, however many are due. */
export const MOST_WAITING = 256;

/** The tickets of one webhook: how many wait, and the ids of those that a process holds. */
type TicketCounts = { first: number; again: number; held: readonly string[] };

/** How many tickets may be added: up to `MOST_WAITING` first attempts, and retries for half of the webhook's limit. */
export function roomFor(
  { first, again, held }: TicketCounts,
  perWebhook: number,
): Record<ClaimClass, number> {
  const mostAgain = Math.max(1, Math.floor(perWebhook / 2));
  return {
    first: first > MOST_WAITING / 2 ? 0 : MOST_WAITING - first,
    again: Math.max(0, mostAgain - again - held.filter(isAgain).length),
  };
}

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

export class TicketQueues {
  private readonly token = randomUUID();
  private readonly queues = new Map<string, Queue>();
  private readonly workers = new Map<string, Worker>();
  private readonly held = new Map<number, HeldTicket>();
  private readonly completing = new Set<Promise<unknown>>();

  constructor(private readonly options: QueueOptions) {}

  async counts(webhookId: string): Promise<TicketCounts> {
    const queue = this.queueOf(webhookId);
    const [counts, active, isPaused] = await Promise.all([
      queue.getJobCounts('wait', 'prioritized'),
      queue.getRanges(['active'], 0, this.options.perWebhook),
      queue.isPaused(),
    ]);
    // A process ended while it removed the queue, and the webhook was enabled again later.
    if (isPaused) await queue.resume();
    return { first: counts.wait ?? 0, again: counts.prioritized ?? 0, held: active };
  }

  /** The ids of the tickets of a class that nobody has taken yet. */
  waiting(webhookId: string, claimClass: ClaimClass): Promise<string[]> {
    return this.queueOf(webhookId).getRanges([WAITS_IN[claimClass]], 0, -1);
  }

  /** The limit is set each time: Redis may have been emptied. */
  async add(webhookId: string, tickets: readonly Ticket[]): Promise<void> {
    const queue = this.queueOf(webhookId);
    await queue.setGlobalConcurrency(this.options.perWebhook);
    await queue.addBulk(tickets.map(bullJobOf));
  }

  /**
   * Takes up to `most` tickets. `share` retries pass all first attempts, if the webhook's limit is not reached. Returns
   * the tickets, and how many are left for other processes, or for later if the limit is reached.
   */
  async take(webhookId: string, { most, share }: { most: number; share: number }) {
    const queue = this.queueOf(webhookId);
    const counts = await queue.getJobCounts('wait', 'prioritized', 'active');
    const { wait = 0, prioritized = 0, active = 0 } = counts;
    const here = wait + prioritized;
    const mayPass = wait > 0 && active < this.options.perWebhook;
    const passing = mayPass ? Math.min(share, prioritized) : 0;
    if (passing > 0) await letPass(queue, passing);
    const takes = Array.from({ length: Math.min(most, here) }, () => this.takeOne(webhookId));
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
  }

  heldOf(deliveryId: number): HeldTicket | undefined {
    return this.held.get(deliveryId);
  }

  complete(ticket: HeldTicket): Promise<unknown> {
    this.held.delete(ticket.deliveryId);
    return this.completeJob(ticket);
  }

  /** Keeps the tickets that this process holds. */
  async extendAll(): Promise<void> {
    for (const [webhookId, worker] of this.workers) {
      const ids = [...this.held.values()]
        .filter((ticket) => ticket.webhookId === webhookId)
        .map(({ job }) => String(job.id));
      const tokens = ids.map(() => this.token);
      if (ids.length > 0) await worker.extendJobLocks(ids, tokens, LOCK_MS);
    }
  }

  /** Removes a webhook's queue, with its tickets. */
  async remove(webhookId: string): Promise<void> {
    await this.queueOf(webhookId).obliterate({ force: true });
    await this.forget(webhookId);
  }

  async close(): Promise<void> {
    await Promise.all(this.completing);
    const webhookIds = [...this.queues.keys(), ...this.workers.keys()];
    await Promise.all(webhookIds.map((webhookId) => this.forget(webhookId)));
  }

  /** Without `skipVersionCheck`, each queue reads the version of Redis, and is unusable for good if that fails. */
  private settings() {
    const { redis, prefix } = this.options;
    return { connection: redis.client(), prefix, skipVersionCheck: true };
  }

  private queueOf(webhookId: string): Queue {
    const known = this.queues.get(webhookId);
    if (known) return known;
    const { Queue } = this.options.bullmq;
    const queue = new Queue(webhookId, { ...this.settings(), streams: EVENTS });
    queue.on('error', ignore);
    this.queues.set(webhookId, queue);
    return queue;
  }

  /**
   * Tickets are taken one by one, when there is room for them: a worker that runs by itself would take them although
   * other webhooks fill the slots, and would need a connection of its own that waits in Redis.
   */
  private workerOf(webhookId: string): Worker {
    const known = this.workers.get(webhookId);
    if (known) return known;
    const { Worker, createRedisBackend } = this.options.bullmq;
    const settings = {
      ...this.settings(),
      autorun: false,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_EVERY_MS,
      skipLockRenewal: true,
    };
    // Without BullMQ's own options, which ask for a connection that waits.
    const worker = new Worker(webhookId, null, settings, (name, options) =>
      createRedisBackend(name, options),
    );
    worker.on('error', ignore);
    this.workers.set(webhookId, worker);
    worker.startStalledCheckTimer().catch(ignore);
    return worker;
  }

  /** Null if no ticket is left, or if this process holds the delivery already. */
  private async takeOne(webhookId: string): Promise<HeldTicket | null> {
    const worker = this.workerOf(webhookId);
    const job: BullJob<Data> | undefined = await worker.getNextJob(this.token, { block: false });
    if (!job) return null;
    const ticket = { webhookId, deliveryId: job.data.deliveryId, job };
    if (this.held.has(ticket.deliveryId)) return (this.completeJob(ticket), null);
    this.held.set(ticket.deliveryId, ticket);
    return ticket;
  }

  /** A ticket that cannot be completed returns by itself, and is found to be used. */
  private completeJob({ job }: HeldTicket): Promise<unknown> {
    const work = job
      .moveToCompleted(null, this.token, false)
      .catch(ignore)
      .finally(() => this.completing.delete(work));
    this.completing.add(work);
    return work;
  }

  private async forget(webhookId: string): Promise<void> {
    const [worker, queue] = [this.workers.get(webhookId), this.queues.get(webhookId)];
    this.workers.delete(webhookId);
    this.queues.delete(webhookId);
    await worker?.close(true);
    await queue?.close();
  }
}

function bullJobOf({ ticketId, deliveryId, claimClass }: Ticket) {
  return {
    name: 'delivery',
    data: { deliveryId },
    opts: {
      jobId: ticketId,
      attempts: 1,
      removeOnComplete: true,
      removeOnFail: true,
      ...(claimClass === 'again' ? { priority: 1 } : {}),
    },
  };
}

/** Lets `count` retries pass all first attempts. A ticket that is taken meanwhile stays taken. */
async function letPass(queue: Queue, count: number): Promise<void> {
  const jobs = await queue.getJobs(['prioritized'], 0, count - 1, true);
  await Promise.all(
    jobs.map((job) => job?.changePriority({ priority: 0, lifo: true }).catch(ignore)),
  );
}
