/** Ends what can no longer be sent, because its webhook is gone. It stays in the log, and says why it was not sent. */
import { EVENT_CATALOGUE } from '../../contract/catalogue';
import { sentence } from '../../contract/sentences';
import { setTimeout as sleep } from 'node:timers/promises';
import { BATCH, PAUSE_MS } from './batches.service';
import { persistently } from './persistently';
import type { Tables } from './tables.service';

const CONTENT_TYPE_EVENTS = EVENT_CATALOGUE.filter(({ scope }) => scope === 'content-type').map(
  ({ name }) => name,
);

const OPEN = ['pending', 'retrying', 'sending'] as const;
type Open = (typeof OPEN)[number];

type Wish = {
  webhookId: string;
  reason: string;
  now: number;
  /** Only what is about documents of this type. */
  uid?: string;
  /** Only what was made before (ms). */
  before?: number;
};

export const createCancel = (tables: Tables) => {
  const cancelled = ({ reason, now }: Wish) => ({
    state: 'cancelled' as const,
    reason,
    claim_id: null,
    due_at: now,
  });

  /** One state at a time, and in the order in which the index for claims holds them. */
  const someOf = async (state: Open, { webhookId, uid, before }: Wish): Promise<number[]> => {
    const found = tables
      .deliveries()
      .where({ webhook_id: webhookId, state })
      .orderBy('due_at')
      .limit(BATCH)
      .select('id');
    if (uid !== undefined) found.where({ uid }).whereNotIn('event', CONTENT_TYPE_EVENTS);
    if (before !== undefined) found.where('created_at', '<', before);
    return ((await found) as { id: number }[]).map(({ id }) => id);
  };

  /** What is cancelled is in that place of the index no longer: the next batch begins where this one began. */
  const cancelState = async (state: Open, wish: Wish): Promise<number> => {
    for (let count = 0; ; await sleep(PAUSE_MS)) {
      const ids = await someOf(state, wish);
      const open = () =>
        tables
          .deliveries()
          .whereIn('id', ids)
          .whereIn('state', [...OPEN]);
      if (ids.length > 0) count += await persistently(() => open().update(cancelled(wish)));
      if (ids.length < BATCH) return count;
    }
  };

  /** A hundred thousand may wait: in small statements, so that nobody else does. */
  const cancelAll = async (wish: Wish): Promise<number> => {
    let count = 0;
    for (const state of OPEN) count += await cancelState(state, wish);
    return count;
  };

  const cancelOf = async (wish: Omit<Wish, 'before'>): Promise<void> => {
    await cancelAll(wish);
  };

  /** Every webhook that the log knows, by one look into the index for each, however many deliveries there are. */
  const logged = async function* (): AsyncGenerator<string> {
    for (let after = ''; ;) {
      const row = await tables
        .deliveries()
        .where('webhook_id', '>', after)
        .orderBy('webhook_id')
        .select('webhook_id')
        .first();
      if (!row) return;
      after = row.webhook_id;
      yield after;
    }
  };

  /**
   * A change that was stored while its webhook was being deleted, by a transaction or an instance that did not know yet.
   * `before` (ms) leaves alone what is so new that its webhook may be unknown for the opposite reason.
   */
  const cancelOrphans = async (
    webhookIds: readonly string[],
    { before, now }: { before: number; now: number },
  ): Promise<number> => {
    const reason = sentence('webhook-was-deleted');
    const known = new Set(webhookIds);
    let count = 0;
    for await (const webhookId of logged())
      if (!known.has(webhookId)) count += await cancelAll({ webhookId, reason, now, before });
    return count;
  };

  return { cancelOf, cancelOrphans };
};
