/** Goes through many deliveries a few at a time, in the order in which they were made, with a pause for everyone else. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { DeliveryRow } from './rows';
import type { Tables } from './tables.service';

type Rows = Knex.QueryBuilder<DeliveryRow>;

/** Ids `after` one, up to another: what is made meanwhile is another matter, or there might be no end. */
export type Stretch = { after: number; last: number };

/** Rows of one statement: few enough that an editor's save never waits for long. */
export const BATCH = 500;
/** Between two of them. */
export const PAUSE_MS = 5;

export const createBatches = (tables: Tables) => {
  const newestId = async (): Promise<number> => {
    const row = await tables.deliveries().max({ id: 'id' }).first();
    return Number((row as { id: number | string | null } | undefined)?.id ?? 0);
  };

  const whole = async (): Promise<Stretch> => ({ after: 0, last: await newestId() });

  /** Yields what `choose` finds. It is called anew for each batch. */
  const batches = async function* <Row extends Pick<DeliveryRow, 'id'>>(
    choose: () => Rows,
    { after, last }: Stretch,
    size = BATCH,
  ): AsyncGenerator<Row[]> {
    for (let from = after; from < last;) {
      const found = (await choose()
        .where('id', '>', from)
        .where('id', '<=', last)
        .orderBy('id')
        .limit(size)) as unknown as Row[];
      if (found.length > 0) yield found;
      if (found.length < size) return;
      from = found[found.length - 1]?.id ?? last;
      await sleep(PAUSE_MS);
    }
  };

  return { whole, batches };
};
