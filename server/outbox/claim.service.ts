/**
 * Takes deliveries for a limited time. A claim has an id of its own (the fencing token): whoever lost the lease can
 * no longer settle. Times are the caller's, aligned to the database's clock.
 */
import type { Knex } from 'knex';
import type { DeliveryRow, EventRow } from './rows';
import { chunksOf, type Tables } from './tables.service';

/** First attempts are claimed apart from later ones, so that a mountain of retries never stands in their way. */
export type ClaimClass = 'first' | 'again';

export type ClaimInput = {
  claimId: string;
  webhookId: string;
  claimClass: ClaimClass;
  limit: number;
  now: number;
  leaseUntil: number;
};

/** Claimed, with the state that it goes back to if it is released. */
export type ClaimedRow = DeliveryRow & { claim_id: string };

const STATES = { first: ['pending'], again: ['retrying', 'sending'] } as const;

const dueIds = (tables: Tables, input: ClaimInput, trx?: Knex.Transaction) =>
  tables
    .deliveries(trx)
    .select('id')
    .where('webhook_id', input.webhookId)
    .whereIn('state', [...STATES[input.claimClass]])
    .where('due_at', '<=', input.now)
    .orderBy([{ column: 'due_at' }, { column: 'id' }])
    .limit(input.limit);

const taken = ({ claimId, leaseUntil }: ClaimInput) => ({
  state: 'sending' as const,
  claim_id: claimId,
  due_at: leaseUntil,
});

/** One statement: SQLite has one writer, PostgreSQL skips the rows that another dispatcher is taking. */
const claimInOneStatement = (tables: Tables, input: ClaimInput): Promise<ClaimedRow[]> => {
  const ids = dueIds(tables, input);
  if (tables.dialect === 'postgres') ids.forUpdate().skipLocked();
  return tables
    .deliveries()
    .whereIn('id', ids)
    .update(taken(input))
    .returning('*') as unknown as Promise<ClaimedRow[]>;
};

/** MySQL and MariaDB return nothing from an update, nor do they update what a subquery with a limit selects. */
const claimInTransaction = (tables: Tables, input: ClaimInput): Promise<ClaimedRow[]> =>
  tables.transaction(async (trx) => {
    const rows = (await dueIds(tables, input, trx).forUpdate().skipLocked()) as { id: number }[];
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    await tables.deliveries(trx).whereIn('id', ids).update(taken(input));
    return (await tables.deliveries(trx).whereIn('id', ids)) as ClaimedRow[];
  });

export const createClaim = (tables: Tables) => {
  const claim = async (input: ClaimInput): Promise<ClaimedRow[]> => {
    const rows = await (tables.dialect === 'mysql' ? claimInTransaction : claimInOneStatement)(
      tables,
      input,
    );
    // An UPDATE returns its rows in no particular order.
    return rows.sort((one, other) => one.id - other.id);
  };

  /** The events of claimed deliveries, by id. */
  const eventsOf = async (rows: readonly DeliveryRow[]): Promise<Map<string, string>> => {
    const ids = [...new Set(rows.map((row) => row.event_id))];
    const found = new Map<string, string>();
    for (const chunk of chunksOf(ids)) {
      const events = (await tables
        .events()
        .whereIn('event_id', chunk)
        .select('event_id', 'payload')) as EventRow[];
      for (const event of events) found.set(event.event_id, event.payload);
    }
    return found;
  };

  /** What earlier attempts sent, by delivery: a body is made once, and sent again as it was. */
  const bodiesOf = async (rows: readonly DeliveryRow[]): Promise<Map<number, string>> => {
    const ids = rows.filter((row) => row.attempt_count > 0).map((row) => row.id);
    const found = new Map<number, string>();
    for (const chunk of chunksOf(ids)) {
      const attempts = (await tables
        .attempts()
        .whereIn('delivery_id', chunk)
        .whereNotNull('body')
        .select('delivery_id', 'body')) as {
        delivery_id: number;
        body: string;
      }[];
      for (const { delivery_id, body } of attempts) found.set(delivery_id, body);
    }
    return found;
  };

  /** Keeps the leases of deliveries that are still being sent or wait for their turn. */
  const extend = async (claimIds: readonly string[], leaseUntil: number): Promise<void> => {
    for (const chunk of chunksOf(claimIds)) {
      await tables
        .deliveries()
        .whereIn('claim_id', chunk)
        .where('state', 'sending')
        .update({ due_at: leaseUntil });
    }
  };

  /** Gives back what was not sent, as if it had never been claimed: no attempt is burned. */
  const release = async (rows: readonly ClaimedRow[], now: number): Promise<void> => {
    const back = (state: 'pending' | 'retrying', chunk: ClaimedRow[]) =>
      tables
        .deliveries()
        .whereIn(
          'id',
          chunk.map(({ id }) => id),
        )
        .whereIn('claim_id', [...new Set(chunk.map(({ claim_id }) => claim_id))])
        .update({ state, claim_id: null, due_at: now });
    for (const chunk of chunksOf(rows.filter((row) => row.attempt_count === 0)))
      await back('pending', chunk);
    for (const chunk of chunksOf(rows.filter((row) => row.attempt_count > 0)))
      await back('retrying', chunk);
  };

  /** The earliest time at which a webhook has something to send again; null if nothing waits. */
  const nextDue = async (webhookId: string): Promise<number | null> => {
    const row = await tables
      .deliveries()
      .where('webhook_id', webhookId)
      .whereIn('state', ['pending', 'retrying', 'sending'])
      .min({ at: 'due_at' })
      .first();
    return row?.at == null ? null : Number(row.at);
  };

  return { claim, eventsOf, bodiesOf, extend, release, nextDue };
};
