/** Ends what can no longer be sent, because its webhook is gone. It stays in the log, and says why it was not sent. */
import type { Tables } from './tables.service';

const OPEN = ['pending', 'retrying', 'sending'];

export const createCancel = (tables: Tables) => {
  const cancelled = (reason: string) => ({ state: 'cancelled' as const, reason, claim_id: null });

  const cancelOf = (webhookId: string, reason: string): Promise<number> =>
    tables
      .deliveries()
      .where('webhook_id', webhookId)
      .whereIn('state', OPEN)
      .update(cancelled(reason));

  /**
   * A change that was stored while its webhook was being deleted, by a transaction or an instance that did not know yet.
   * `before` (ms) leaves alone what is so new that its webhook may be unknown for the opposite reason.
   */
  const cancelOrphans = (webhookIds: string[], before: number): Promise<number> =>
    tables
      .deliveries()
      .whereNotIn('webhook_id', webhookIds)
      .whereIn('state', OPEN)
      .where('created_at', '<', before)
      .update(cancelled('The webhook was deleted before this was sent.'));

  return { cancelOf, cancelOrphans };
};
