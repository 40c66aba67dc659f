/** Ends what can no longer be sent, because its webhook is gone. It stays in the log, and says why it was not sent. */
import { createBatches } from './batches.service';
import { persistently } from './persistently';
import type { Tables } from './tables.service';

const OPEN = ['pending', 'retrying', 'sending'];

export const createCancel = (tables: Tables) => {
  const cancelled = (reason: string) => ({ state: 'cancelled' as const, reason, claim_id: null });

  const { whole, batches } = createBatches(tables);

  /** A hundred thousand may wait: in small statements, so that nobody else does. */
  const cancelOf = async (webhookId: string, reason: string): Promise<void> => {
    const open = () => tables.deliveries().where('webhook_id', webhookId).whereIn('state', OPEN);
    for await (const rows of batches<{ id: number }>(() => open().select('id'), await whole())) {
      const ids = rows.map(({ id }) => id);
      await persistently(() => open().whereIn('id', ids).update(cancelled(reason)));
    }
  };

  /**
   * A change that was stored while its webhook was being deleted, by a transaction or an instance that did not know yet.
   * `before` (ms) leaves alone what is so new that its webhook may be unknown for the opposite reason.
   */
  const cancelOrphans = (webhookIds: string[], before: number): Promise<number> =>
    persistently(() =>
      tables
        .deliveries()
        .whereNotIn('webhook_id', webhookIds)
        .whereIn('state', OPEN)
        .where('created_at', '<', before)
        .update(cancelled('The webhook was deleted before this was sent.')),
    );

  return { cancelOf, cancelOrphans };
};
