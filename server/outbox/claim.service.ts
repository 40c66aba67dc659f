/**
 * Takes deliveries for a limited time. A claim has an id of its own (the fencing token): whoever lost the lease can
 * no longer settle. Times are the caller's, aligned to the database's clock.
 */
import type { Knex } from 'knex';
import { TABLES } from './models';
import { persistently } from './persistently';
import type { DeliveryRow, EventRow } from './rows';
import { chunksOf, type Tables } from './tables.service';

/** First attempts are claimed apart from later ones, so that a mountain of retries never stands in their way. */
export type ClaimClass = 'first' | 'again';

export type DueInput = {
  webhookId: string;
  claimClass: ClaimClass;
  limit: number;
  now: number;
  /** Leave out what must wait for an earlier delivery of the same document. */
  isOrdered: boolean;
};

export type ClaimInput = DueInput & { claimId: string; leaseUntil: number };

/** These, as far as they are due and nobody else's, of whichever class. */
export type ClaimTheseInput = Omit<ClaimInput, 'claimClass' | 'limit'> & { ids: readonly number[] };

/** Claimed, with the state that it goes back to if it is released. */
export type ClaimedRow = DeliveryRow & { claim_id: string };

/** All that says who holds which delivery. */
export type Held = Pick<ClaimedRow, 'id' | 'claim_id'>;

/** Leases that ran out come before retries: they are few, and a mountain of retries must not hide them. */
const STATES = { first: ['pending'], again: ['sending', 'retrying'] } as const;

const UNFINISHED = ['pending', 'sending', 'retrying'] as const;

/** Webhooks that one query asks about. */
const LOOKS = 100;

/** Those of the same webhook and document that came before, and are not over. What is dead holds nothing back. */
const earlierOnes = (tables: Tables, trx?: Knex.Transaction) => {
  const same = (column: string) => [`earlier.${column}`, `${TABLES.deliveries}.${column}`];
  return tables
    .otherDeliveries('earlier', trx)
    .whereRaw('?? = ??', same('document_id'))
    .whereRaw('?? = ??', same('webhook_id'))
    .whereRaw('?? < ??', same('id'))
    .whereIn('earlier.state' as 'state', [...UNFINISHED]);
};

/** One state at a time, so that the index gives them in their order: of two, all that is due would be read and sorted. */
type OfState<Input> = Input & { state: 'pending' | 'sending' | 'retrying' };
type Choice = OfState<ClaimInput> | ClaimTheseInput;

const dueIds = (
  tables: Tables,
  input: OfState<DueInput> | ClaimTheseInput,
  trx?: Knex.Transaction,
) => {
  const due = tables
    .deliveries(trx)
    .select('id')
    .where('webhook_id', input.webhookId)
    .where('due_at', '<=', input.now);
  if ('ids' in input) due.whereIn('id', [...input.ids]).whereIn('state', [...UNFINISHED]);
  else
    due
      .where('state', input.state)
      .orderBy([{ column: 'due_at' }, { column: 'id' }])
      .limit(input.limit);
  return input.isOrdered ? due.whereNotExists(earlierOnes(tables, trx)) : due;
};

const taken = ({ claimId, leaseUntil }: Choice) => ({
  state: 'sending' as const,
  claim_id: claimId,
  due_at: leaseUntil,
});

/** One statement: SQLite has one writer, PostgreSQL skips the rows that another dispatcher is taking. */
const claimInOneStatement = (tables: Tables, input: Choice): Promise<ClaimedRow[]> => {
  const ids = dueIds(tables, input);
  if (tables.dialect === 'postgres') ids.forUpdate().skipLocked();
  return tables
    .deliveries()
    .whereIn('id', ids)
    .update(taken(input))
    .returning('*') as unknown as Promise<ClaimedRow[]>;
};

/** MySQL and MariaDB return nothing from an update, nor do they update what a subquery with a limit selects. */
const claimInTransaction = (tables: Tables, input: Choice): Promise<ClaimedRow[]> =>
  tables.transaction(async (trx) => {
    const rows = (await dueIds(tables, input, trx).forUpdate().skipLocked()) as { id: number }[];
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    await tables.deliveries(trx).whereIn('id', ids).update(taken(input));
    return (await tables.deliveries(trx).whereIn('id', ids)) as ClaimedRow[];
  });

/** What each state of the class holds, until there is enough. */
const inTurn = async <Row>(
  { claimClass, limit }: Pick<DueInput, 'claimClass' | 'limit'>,
  take: (state: OfState<unknown>['state'], limit: number) => Promise<Row[]>,
): Promise<Row[]> => {
  const found: Row[] = [];
  for (const state of STATES[claimClass])
    if (found.length < limit) found.push(...(await take(state, limit - found.length)));
  return found;
};

export const createClaim = (tables: Tables) => {
  const inDialect = tables.dialect === 'mysql' ? claimInTransaction : claimInOneStatement;

  const claim = async (input: ClaimInput | ClaimTheseInput): Promise<ClaimedRow[]> => {
    const rows =
      'ids' in input
        ? await inDialect(tables, input)
        : await inTurn(input, (state, limit) => inDialect(tables, { ...input, state, limit }));
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

  /** Those that are still held. By their ids: no index knows claims, and without one all of the log would be read. */
  const stillHeld = (held: readonly Held[]) =>
    tables
      .deliveries()
      .whereIn(
        'id',
        held.map(({ id }) => id),
      )
      .whereIn('claim_id', [...new Set(held.map(({ claim_id }) => claim_id))]);

  /** Keeps the leases of deliveries that are still being sent or wait for their turn. */
  const extend = async (held: readonly Held[], leaseUntil: number): Promise<void> => {
    for (const chunk of chunksOf(held))
      await persistently(() =>
        stillHeld(chunk).where('state', 'sending').update({ due_at: leaseUntil }),
      );
  };

  /** Gives back what was not sent, as if it had never been claimed: no attempt is burned. */
  const release = async (rows: readonly ClaimedRow[], now: number): Promise<void> => {
    const back = (state: 'pending' | 'retrying', chunk: ClaimedRow[]) =>
      persistently(() => stillHeld(chunk).update({ state, claim_id: null, due_at: now }));
    for (const chunk of chunksOf(rows.filter((row) => row.attempt_count === 0)))
      await back('pending', chunk);
    for (const chunk of chunksOf(rows.filter((row) => row.attempt_count > 0)))
      await back('retrying', chunk);
  };

  /** What is due, without claiming it: the longest waiting first. */
  const due = (input: DueInput): Promise<Pick<DeliveryRow, 'id' | 'attempt_count'>[]> =>
    inTurn(
      input,
      async (state, limit) =>
        (await dueIds(tables, { ...input, state, limit }).select('attempt_count')) as DeliveryRow[],
    );

  /** Which of these webhooks have something due: one look into the index for each, however much there is. */
  const dueWebhooks = async (webhookIds: readonly string[], now: number): Promise<string[]> => {
    const look = (webhookId: string) =>
      tables
        .deliveries()
        .select('webhook_id')
        .where('webhook_id', webhookId)
        .whereIn('state', [...UNFINISHED])
        .where('due_at', '<=', now)
        .limit(1);
    const found: string[] = [];
    for (const chunk of chunksOf(webhookIds, LOOKS)) {
      const looks = chunk.map((webhookId, index) => look(webhookId).as(`webhook_${index}`));
      const seen = (await tables.together(looks)) as Record<string, string | null>;
      found.push(...Object.values(seen).filter((webhookId) => webhookId !== null));
    }
    return found;
  };

  /** The earliest time at which a webhook has something to send again; null if nothing waits. */
  const nextDue = async (webhookId: string): Promise<number | null> => {
    const earliest = UNFINISHED.map((state) =>
      tables
        .deliveries()
        .where('webhook_id', webhookId)
        .where('state', state)
        .min('due_at')
        .as(state),
    );
    const found = Object.values((await tables.together(earliest)) as Record<string, unknown>);
    const moments = found.filter((at) => at !== null).map(Number);
    return moments.length === 0 ? null : Math.min(...moments);
  };

  return { claim, due, dueWebhooks, eventsOf, bodiesOf, extend, release, nextDue };
};
