/** Forgets what is finished and old, in small batches so that no editor waits for it. */
import { TABLES } from './models';
import { CHUNK, type Tables } from './tables.service';

const FINISHED = ['delivered', 'dead', 'cancelled'];

export const createPrune = (tables: Tables) => {
  const pruneDeliveries = async (before: number): Promise<number> => {
    const rows = await tables
      .deliveries()
      .where('created_at', '<', before)
      .whereIn('state', FINISHED)
      .select('id')
      .limit(CHUNK);
    const ids = rows.map(({ id }: { id: number }) => id);
    if (ids.length === 0) return 0;
    await tables.attempts().whereIn('delivery_id', ids).delete();
    return tables.deliveries().whereIn('id', ids).delete();
  };

  /**
   * An event goes once no delivery speaks of it. Asked in the query, not of its result: a batch full of
   * events that still wait for a disabled webhook would hide all that come after them.
   */
  const pruneEvents = async (before: number): Promise<number> => {
    const mentions = tables
      .deliveries()
      .whereRaw('?? = ??', [`${TABLES.deliveries}.event_id`, `${TABLES.events}.event_id`]);
    const rows = await tables
      .events()
      .where('created_at', '<', before)
      .whereNotExists(mentions)
      .select('event_id')
      .limit(CHUNK);
    const ids = rows.map(({ event_id }: { event_id: string }) => event_id);
    return ids.length === 0 ? 0 : tables.events().whereIn('event_id', ids).delete();
  };

  /** Deletes one batch of what finished before `before` (ms). True if there may be more. */
  return async (before: number): Promise<boolean> => {
    const deliveries = await pruneDeliveries(before);
    const events = await pruneEvents(before);
    return deliveries + events > 0;
  };
};
