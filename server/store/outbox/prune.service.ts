/**
 * Forgets what is finished, old or too much, in small batches so that no editor and no delivery waits for it. Goes by
 * ids, which grow with time: the rows of a batch lie side by side, whatever the size of the log.
 */
import type { Knex } from 'knex';
import { TABLES } from './models';
import { CHUNK } from '../../strapi/chunks';
import { persistently } from './persistently';
import type { DeliveryRow, EventRow } from './rows';
import type { Tables } from './tables.service';

const FINISHED: readonly DeliveryRow['state'][] = ['delivered', 'dead', 'cancelled'];

/** Rows that a search looks at in one statement; it changes none of them. */
const LOOK = 1000;

/** Where the next step goes on, and how much this one deleted; null when there is nothing left to look at. */
export type Step = { after: number; gone: number } | null;

/** More than any id; PostgreSQL and MySQL keep them in 32 bits. */
export const BEYOND = 2 ** 31 - 1;

type EventOfDelivery = Pick<DeliveryRow, 'id' | 'event_id'>;
type Dated = Pick<DeliveryRow, 'id' | 'state' | 'created_at' | 'due_at'>;

export const createPrune = (tables: Tables) => {
  /** A resend that changes rows of the same pages meanwhile may make MySQL undo one of the two. */
  const inTransaction = <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
    persistently(() => tables.transaction(work));

  /** Of those that may be deleted by now, what no delivery speaks of. */
  const deleteEvents = async (
    eventIds: readonly string[],
    trx: Knex.Transaction,
  ): Promise<number> => {
    const mentions = tables
      .deliveries(trx)
      .whereRaw('?? = ??', [`${TABLES.deliveries}.event_id`, `${TABLES.events}.event_id`]);
    const ids = [...new Set(eventIds)];
    const gone = await tables
      .events(trx)
      .whereIn('event_id', ids)
      .whereNotExists(mentions)
      .delete();
    await deleteParts(ids, trx);
    return gone;
  };

  /** Of these, the parts whose event is gone. */
  const deleteParts = (eventIds: readonly string[], trx: Knex.Transaction): Promise<number> =>
    tables
      .eventParts(trx)
      .whereIn('event_id', eventIds)
      .whereNotExists(
        tables
          .events(trx)
          .whereRaw('?? = ??', [`${TABLES.events}.event_id`, `${TABLES.eventParts}.event_id`]),
      )
      .delete();

  /** What was resent a moment ago is finished no longer, and what another instance deletes is left to it. */
  const deleteDeliveries = async (ids: readonly number[]): Promise<number> => {
    if (ids.length === 0) return 0;
    return inTransaction(async (trx) => {
      const finished = tables
        .deliveries(trx)
        .whereIn('id', [...ids])
        .whereIn('state', [...FINISHED])
        .select('id', 'event_id');
      if (tables.dialect !== 'sqlite') finished.forUpdate().skipLocked();
      const rows = (await finished) as EventOfDelivery[];
      if (rows.length === 0) return 0;
      const gone = rows.map(({ id }) => id);
      await tables.attempts(trx).whereIn('delivery_id', gone).delete();
      await tables.deliveries(trx).whereIn('id', gone).delete();
      await deleteEvents(
        rows.map(({ event_id }) => event_id),
        trx,
      );
      return gone.length;
    });
  };

  /** One batch of the deliveries after an id, of which those go that were finished before `before` (ms). */
  const pruneOld = async (after: number, before: number): Promise<Step> => {
    const rows = (await tables
      .deliveries()
      .where('id', '>', after)
      .orderBy('id')
      .limit(CHUNK)
      .select('id', 'state', 'created_at', 'due_at')) as Dated[];
    const old = rows.filter(({ created_at }) => Number(created_at) < before);
    const finished = old.filter(({ state }) => FINISHED.includes(state));
    // It may have died days after it was made, and somebody shall have the time to see that.
    const over = finished.filter(({ due_at }) => Number(due_at) < before);
    const last = rows[rows.length - 1];
    if (!last || old.length === 0) return null;
    return { after: last.id, gone: await deleteDeliveries(over.map(({ id }) => id)) };
  };

  /** One batch of the deliveries before an id, of which all go that are finished. */
  const pruneBelow = async (after: number, below: number): Promise<Step> => {
    const rows = (await tables
      .deliveries()
      .where('id', '>', after)
      .where('id', '<', below)
      .orderBy('id')
      .limit(CHUNK)
      .select('id', 'state')) as Pick<DeliveryRow, 'id' | 'state'>[];
    const last = rows[rows.length - 1];
    if (!last) return null;
    const finished = rows.filter(({ state }) => FINISHED.includes(state)).map(({ id }) => id);
    return { after: last.id, gone: await deleteDeliveries(finished) };
  };

  /** One batch of events after an id, of which those go that are older than `before` and that no delivery speaks of. */
  const pruneEvents = async (after: number, before: number): Promise<Step> => {
    const rows = (await tables
      .events()
      .where('id', '>', after)
      .orderBy('id')
      .limit(CHUNK)
      .select('id', 'event_id', 'created_at')) as (EventRow & { id: number })[];
    const old = rows.filter(({ created_at }) => Number(created_at) < before);
    const last = rows[rows.length - 1];
    if (!last || old.length === 0) return null;
    const ids = old.map(({ event_id }) => event_id);
    return { after: last.id, gone: await inTransaction((trx) => deleteEvents(ids, trx)) };
  };

  /** Of the next thousand deliveries before an id, newest first: how many are finished, and the id of the last one. */
  const countBack = async (
    before: number,
    wanted: number,
  ): Promise<{ count: number; id: number } | null> => {
    const rows = (await tables
      .deliveries()
      .where('id', '<', before)
      .orderBy('id', 'desc')
      .limit(LOOK)
      .select('id', 'state')) as Pick<DeliveryRow, 'id' | 'state'>[];
    const finished = rows.filter(({ state }) => FINISHED.includes(state));
    const enough = finished[wanted - 1];
    if (enough) return { count: wanted, id: enough.id };
    const last = rows[rows.length - 1];
    return last ? { count: finished.length, id: last.id } : null;
  };

  /**
   * Whether there may be more deliveries than that at all: tells without counting them. Asked for both ends at once,
   * SQLite reads all that is between them.
   */
  const mayExceed = async (count: number): Promise<boolean> => {
    const ends = [
      tables.deliveries().min('id').as('least'),
      tables.deliveries().max('id').as('most'),
    ];
    const { least, most } = (await tables.together(ends)) as Record<string, number | null>;
    return least != null && Number(most) - Number(least) >= count;
  };

  return { pruneOld, pruneBelow, pruneEvents, countBack, mayExceed };
};
