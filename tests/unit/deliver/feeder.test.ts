/** The feeder beside an outbox and a Redis that are lists: what it puts in, and when it thinks that it is done. */
import { createFeeder } from '../../../server/deliver/engines/bullmq.service';
import { MOST_WAITING, type Ticket } from '../../../server/deliver/engines/queues.service';

type Parts = Parameters<typeof createFeeder>[0];

const ID = 'webhook';

const scene = (count: number) => {
  let due = Array.from({ length: count }, (_, index) => ({ id: index + 1, attempt_count: 0 }));
  let waiting: Ticket[] = [];
  const fed: number[] = [];
  const parts = {
    outbox: {
      due: async ({ claimClass, limit }: { claimClass: string; limit: number }) =>
        claimClass === 'first' ? due.slice(0, limit) : [],
      dueWebhooks: async () => [ID, 'disabled'],
    },
    queues: {
      counts: async () => ({ first: waiting.length, again: 0, held: [] }),
      waiting: async (_: string, claimClass: string) =>
        waiting
          .filter((ticket) => ticket.claimClass === claimClass)
          .map(({ ticketId }) => ticketId),
      add: async (_: string, tickets: Ticket[]) => {
        const there = new Set(waiting.map(({ ticketId }) => ticketId));
        const added = tickets.filter(({ ticketId }) => !there.has(ticketId));
        waiting.push(...added);
        fed.push(...added.map(({ deliveryId }) => deliveryId));
      },
    },
    redis: { isReady: () => true, client: () => ({ set: async () => 'OK', del: async () => 1 }) },
    prefix: 'test',
    perWebhook: 4,
    now: () => 0,
    active: async () => [{ id: ID, ordered: false }],
    notify: async () => undefined,
    onError: (error: unknown) => {
      throw error;
    },
  } as unknown as Parts;
  /** Other processes take so many tickets, and claim what they stand for. */
  const take = (most: number) => {
    const taken = new Set(waiting.slice(0, most).map(({ deliveryId }) => deliveryId));
    due = due.filter(({ id }) => !taken.has(id));
    waiting = waiting.slice(most);
  };
  return {
    feeder: createFeeder(parts),
    another: () => createFeeder(parts),
    fed,
    take,
    takeAll: () => take(waiting.length),
  };
};

const soon = () => new Promise((resolve) => setImmediate(resolve));

it('feeds all that is due, each once, however the tickets are taken by others', async () => {
  const count = 2 * MOST_WAITING + 50;
  const { feeder, fed, takeAll } = scene(count);
  await feeder.feedAll();
  await soon();
  expect(fed).toHaveLength(MOST_WAITING);
  for (let turn = 0; turn < 3; turn += 1) {
    takeAll();
    await feeder.topUp(ID);
  }
  expect(fed).toEqual(Array.from({ length: count }, (_, index) => index + 1));
});

it('asks no more once all is fed', async () => {
  const { feeder, fed, takeAll } = scene(10);
  await feeder.feedAll();
  await soon();
  takeAll();
  await feeder.topUp(ID);
  expect(fed).toHaveLength(10);
});

it('feeds what is behind the tickets of others, which are due as well until somebody claims them', async () => {
  const { feeder, another, fed, take } = scene(2 * MOST_WAITING);
  const other = another();
  await feeder.feedAll();
  await soon();
  await other.feedAll();
  await soon();
  take(MOST_WAITING / 2);
  await other.topUp(ID);
  const count = MOST_WAITING + MOST_WAITING / 2;
  expect(fed).toEqual(Array.from({ length: count }, (_, index) => index + 1));
});
