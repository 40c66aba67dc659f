import { createRecordQueue } from '../../../server/deliver/record.service';

type Item = { id: number; isReduced?: true };

/** A table that takes what it is told to take. */
const queueInto = (takes: (item: Item) => boolean, quiet = async () => {}) => {
  const written: Item[] = [];
  const writes: number[] = [];
  const errors: unknown[] = [];
  const queue = createRecordQueue<Item>({
    write: async (items) => {
      writes.push(items.length);
      if (!items.every(takes)) throw new Error('Too large');
      written.push(...items);
    },
    quiet,
    reduced: (item) => ({ ...item, isReduced: true }),
    onError: (error) => errors.push(error),
  });
  return { queue, written, writes, errors };
};

const pushAll = ({ queue }: ReturnType<typeof queueInto>, count: number) => {
  for (let id = 0; id < count; id += 1) queue.push({ id });
};

describe('an item that cannot be written', () => {
  it('is written reduced, and all others whole, in the same round', async () => {
    const table = queueInto(({ id, isReduced }) => id !== 37 || isReduced === true);
    pushAll(table, 100);
    await table.queue.drain();
    expect(table.written.filter(({ isReduced }) => isReduced)).toEqual([
      { id: 37, isReduced: true },
    ]);
    expect(table.written.map(({ id }) => id).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, id) => id),
    );
    expect(table.errors).toHaveLength(1);
    expect(table.writes.length).toBeLessThan(20);
  });

  it('keeps no other back where not even that can be written', async () => {
    const table = queueInto(({ id }) => id !== 0);
    pushAll(table, 50);
    await table.queue.drain();
    expect(table.written.map(({ id }) => id).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 49 }, (_, index) => index + 1),
    );
  });
});

describe('a table that takes nothing', () => {
  it('is asked a few times for a batch, and nothing is lost', async () => {
    let isBack = false;
    const table = queueInto(() => isBack);
    pushAll(table, 1000);
    await table.queue.drain().catch(() => undefined);
    expect(table.written).toEqual([]);
    isBack = true;
    await table.queue.drain();
    expect(table.written).toHaveLength(1000);
  });
});

describe('requests to Strapi', () => {
  const neverQuiet = () => new Promise<void>(() => undefined);
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

  it('go before a batch for which nothing waits', async () => {
    let end = () => {};
    const table = queueInto(
      () => true,
      () => new Promise((resolve) => (end = resolve)),
    );
    pushAll(table, 300);
    await turn();
    await turn();
    expect(table.written).toEqual([]);
    end();
    await turn();
    expect(table.written.length).toBeGreaterThan(0);
  });

  it('do not hold up a batch for which something waits', async () => {
    const table = queueInto(() => true, neverQuiet);
    table.queue.push({ id: 1 }, true);
    await turn();
    await turn();
    expect(table.written).toEqual([{ id: 1 }]);
  });
});
