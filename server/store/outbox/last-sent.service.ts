/** The last delivery of each of some webhooks that was sent. */
import type { LastDelivery } from '../../contract/webhook';
import type { DeliveryRow } from './rows';
import type { Tables } from './tables.service';

/** What waits for its first attempt was not sent, and what was cancelled perhaps never. */
const SENT = ['delivered', 'dead', 'retrying'] as const;
type Row = Pick<DeliveryRow, 'id' | 'webhook_id' | 'due_at' | 'created_at'> & {
  state: LastDelivery['state'];
};

/** A delivery that is over is due when it ended; one that is tried again, when that will be. */
const endedAt = ({ state, due_at, created_at }: Row) =>
  Number(state === 'retrying' ? created_at : due_at);

export const createLastSent = (tables: Tables) => {
  /** The end of a stretch of the index that claims use: however long the log is, it reads a row or two. */
  const lastIn = (webhookId: string, state: Row['state']) =>
    tables.among(
      tables
        .deliveries()
        .where({ webhook_id: webhookId, state, is_test: false })
        .orderBy('due_at', 'desc')
        .limit(1)
        .select('id', 'webhook_id', 'state', 'due_at', 'created_at'),
      'last_of_state',
    );

  /** In one statement for all of them. */
  return async (webhookIds: readonly string[]): Promise<Map<string, LastDelivery>> => {
    const [first, ...others] = webhookIds.flatMap((id) => SENT.map((state) => lastIn(id, state)));
    const rows = (first ? await first.unionAll(others) : []) as unknown as Row[];
    const oldestFirst = [...rows].sort((one, other) => endedAt(one) - endedAt(other));
    return new Map(
      oldestFirst.map((row) => [
        row.webhook_id,
        { id: String(row.id), state: row.state, at: new Date(endedAt(row)).toISOString() },
      ]),
    );
  };
};
