/** The feeder beside an outbox and a Redis that are lists: what it puts in, and when it thinks that it is done. */
import { createFeeder } from '../../../server/delivery/engine/feeder.service';
import { MOST_WAITING, type Ticket } from '../../../server/delivery/engine/tickets';

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
      dueWebhooks: async (ids: string[]) => ids,
    },
    queues: {
      standing: async () => ({ first: waiting.length, again: 0, held: [] }),
      add: async (_: string, tickets: Ticket[]) => {
        waiting.push(...tickets);
        fed.push(...tickets.map(({ deliveryId }) => deliveryId));
      },
    },
    redis: { isReady: () => true, client: () => ({ set: async () => 'OK', del: async () => 1 }) },
    prefix: 'test',
    perWebhook: 4,
    now: () => 0,
    active: async () => [{ id: ID, ordered: false }],
    tell: async () => undefined,
    onError: (error: unknown) => {
      throw error;
    },
  } as unknown as Parts;
  return {
    feeder: createFeeder(parts),
    fed,
    /** Other processes take every ticket, and claim what it stands for. */
    takeAll: () => {
      const taken = new Set(waiting.map(({ deliveryId }) => deliveryId));
      due = due.filter(({ id }) => !taken.has(id));
      waiting = [];
    },
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
