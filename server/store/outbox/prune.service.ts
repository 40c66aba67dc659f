/**
 * Deletes what is finished, old or too much, in small batches so that no editor and no delivery waits for it. Goes by
 * ids, which grow with time: the rows of a batch lie side by side, whatever the size of the log.
 */
import type { Knex } from 'knex';
import { CHUNK } from '../../strapi/chunks';
import { skippingLocked } from '../dialect';
import { TABLES } from '../models';
import type { Tables } from '../tables.service';
import { stillIn } from './due.service';
import type { DeliveryRow, EventRow } from './rows';

const FINISHED: readonly DeliveryRow['state'][] = ['delivered', 'dead', 'cancelled'];

/** Rows that a search looks at in one statement; it changes none of them. */
const LOOK = 1000;

/** Where the next step goes on, and how much this one deleted; null when there is nothing left to look at. */
export type Step = { after: number; gone: number } | null;

/** More than any id; PostgreSQL and MySQL keep them in 32 bits. */
export const BEYOND = 2 ** 31 - 1;

type Row = Pick<DeliveryRow, 'id' | 'event_id' | 'state' | 'created_at' | 'due_at'>;

/** Looks at the next deliveries after an id, and deletes those that were finished before `before` (ms). */
export async function pruneOld(tables: Tables, after: number, before: number): Promise<Step> {
  const rows = await nextDeliveries(tables, { after, below: BEYOND });
  const old = rows.filter(({ created_at }) => Number(created_at) < before);
  const last = rows[rows.length - 1];
  if (!last || old.length === 0) return null;
  // It may have died days after it was made, and somebody must have the time to see that.
  const over = finished(old).filter(({ due_at }) => Number(due_at) < before);
  return { after: last.id, gone: await deleteDeliveries(tables, over) };
}

/** Looks at the next deliveries between two ids, and deletes all that are finished. */
export async function pruneBelow(tables: Tables, after: number, below: number): Promise<Step> {
  const rows = await nextDeliveries(tables, { after, below });
  const last = rows[rows.length - 1];
  return last ? { after: last.id, gone: await deleteDeliveries(tables, finished(rows)) } : null;
}

/** Looks at the next events after an id, and deletes those that are older than `before` and that no delivery names. */
export async function pruneEvents(tables: Tables, after: number, before: number): Promise<Step> {
  const rows: (EventRow & { id: number })[] = await tables
    .events()
    .where('id', '>', after)
    .orderBy('id')
    .limit(CHUNK)
    .select('id', 'event_id', 'created_at');
  const old = rows.filter(({ created_at }) => Number(created_at) < before);
  const last = rows[rows.length - 1];
  if (!last || old.length === 0) return null;
  return {
    after: last.id,
    gone: await tables.alone((trx) => deleteEvents(tables, old, trx)),
  };
}

/** Looks at the next thousand deliveries before an id, newest first. Counts the finished ones, and names the last id. */
export async function countBack(
  tables: Tables,
  before: number,
  wanted: number,
): Promise<{ count: number; id: number } | null> {
  const rows: Row[] = await tables
    .deliveries()
    .where('id', '<', before)
    .orderBy('id', 'desc')
    .limit(LOOK)
    .select('id', 'state');
  const over = finished(rows);
  const enough = over[wanted - 1];
  if (enough) return { count: wanted, id: enough.id };
  const last = rows[rows.length - 1];
  return last ? { count: over.length, id: last.id } : null;
}

/**
 * Whether there may be more deliveries than that at all: known without counting them. Asked for both ends at once, SQLite
 * reads all that is between them.
 */
export async function mayExceed(tables: Tables, count: number): Promise<boolean> {
  const { least, most } = await tables.together<number>([
    tables.deliveries().min('id').as('least'),
    tables.deliveries().max('id').as('most'),
  ]);
  return least != null && Number(most) - Number(least) >= count;
}

async function nextDeliveries(
  tables: Tables,
  { after, below }: { after: number; below: number },
): Promise<Row[]> {
  return tables
    .deliveries()
    .where('id', '>', after)
    .where('id', '<', below)
    .orderBy('id')
    .limit(CHUNK)
    .select('id', 'state', 'created_at', 'due_at');
}

function finished(rows: readonly Row[]): Row[] {
  return rows.filter(({ state }) => FINISHED.includes(state));
}

/** Leaves out deliveries that were resent a moment ago, and those that another instance is deleting. */
async function deleteDeliveries(tables: Tables, chosen: readonly Row[]): Promise<number> {
  if (chosen.length === 0) return 0;
  const chosenIds = chosen.map(({ id }) => id);
  // A resend that changes rows of the same pages meanwhile may make MySQL undo one of the two.
  return tables.alone(async (trx) => {
    const rows: Row[] = await skippingLocked(
      tables.database,
      stillIn(tables.deliveries(trx).whereIn('id', chosenIds), FINISHED).select('id', 'event_id'),
    );
    if (rows.length === 0) return 0;
    const ids = rows.map(({ id }) => id);
    await tables.attempts(trx).whereIn('delivery_id', ids).delete();
    await tables.deliveries(trx).whereIn('id', ids).delete();
    await deleteEvents(tables, rows, trx);
    return ids.length;
  });
}

/** Deletes the events that no delivery names, and the parts of deleted events. */
async function deleteEvents(
  tables: Tables,
  events: readonly Pick<EventRow, 'event_id'>[],
  trx: Knex.Transaction,
): Promise<number> {
  const ids = [...new Set(events.map(({ event_id }) => event_id))];
  const sameEvent = (one: string, other: string) => [`${one}.event_id`, `${other}.event_id`];
  const mentions = tables
    .deliveries(trx)
    .whereRaw('?? = ??', sameEvent(TABLES.deliveries, TABLES.events));
  const gone = await tables.events(trx).whereIn('event_id', ids).whereNotExists(mentions).delete();
  const whole = tables.events(trx).whereRaw('?? = ??', sameEvent(TABLES.events, TABLES.eventParts));
  await tables.eventParts(trx).whereIn('event_id', ids).whereNotExists(whole).delete();
  return gone;
}
