/**
 * Takes deliveries for a limited time. A claim has an id of its own (the fencing token): whoever lost the lease can
 * no longer settle. Times are the caller's, aligned to the database's clock.
 */
import {
  createDue,
  UNFINISHED,
  type Due,
  type DueInput,
  type Look,
  type TheseInput,
} from './due.service';
import { persistently } from './persistently';
import type { DeliveryRow } from './rows';
import { chunksOf } from '../../strapi/chunks';
import type { Tables } from './tables.service';

export type { ClaimClass, DueInput } from './due.service';

type Claim = { claimId: string; leaseUntil: number };

export type ClaimInput = DueInput & Claim;

/** These, as far as they are due and nobody else's, of whichever class. */
export type ClaimTheseInput = TheseInput & Claim;

/** Claimed, with the state that it goes back to if it is released. */
export type ClaimedRow = DeliveryRow & { claim_id: string };

/** All that says who holds which delivery. */
export type Held = Pick<ClaimedRow, 'id' | 'claim_id'>;

/** Webhooks that one query asks about. */
const LOOKS = 100;

type Choice = (ClaimInput & Look) | ClaimTheseInput;
type Parts = { tables: Tables; due: Due };

const taken = ({ claimId, leaseUntil }: Choice) => ({
  state: 'sending' as const,
  claim_id: claimId,
  due_at: leaseUntil,
});

const stateOf = (input: Choice) => ('ids' in input ? [...UNFINISHED] : [input.state]);

/** One statement: SQLite has one writer, PostgreSQL skips the rows that another dispatcher is taking. */
const claimInOneStatement = ({ tables, due }: Parts, input: Choice): Promise<ClaimedRow[]> => {
  const chosen = due.idsOf(input);
  // PostgreSQL locks rows of a table only, and not those of a stretch.
  const ids =
    tables.dialect === 'postgres'
      ? tables
          .deliveries()
          .select('id')
          .whereIn('id', chosen)
          .whereIn('state', stateOf(input))
          .where('due_at', '<=', input.now)
          .forUpdate()
          .skipLocked()
      : chosen;
  return tables
    .deliveries()
    .whereIn('id', ids)
    .update(taken(input))
    .returning('*') as unknown as Promise<ClaimedRow[]>;
};

/**
 * MySQL and MariaDB return nothing from an update, nor do they update what a subquery with a limit selects. They are asked
 * first, and then lock what they found, by its ids: a lock of the first query might be on all that it looks at.
 */
const claimInTransaction = ({ tables, due }: Parts, input: Choice): Promise<ClaimedRow[]> =>
  tables.transaction(async (trx) => {
    const found = (await due.idsOf(input, trx)) as { id: number }[];
    if (found.length === 0) return [];
    const rows = (await tables
      .deliveries(trx)
      .select('id')
      .whereIn(
        'id',
        found.map(({ id }) => id),
      )
      .whereIn('state', stateOf(input))
      .where('due_at', '<=', input.now)
      .forUpdate()
      .skipLocked()) as { id: number }[];
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    await tables.deliveries(trx).whereIn('id', ids).update(taken(input));
    return (await tables.deliveries(trx).whereIn('id', ids)) as ClaimedRow[];
  });

export const createClaim = (tables: Tables) => {
  const due = createDue(tables);
  const inDialect = (input: Choice) =>
    (tables.dialect === 'mysql' ? claimInTransaction : claimInOneStatement)({ tables, due }, input);

  const claim = async (input: ClaimInput | ClaimTheseInput): Promise<ClaimedRow[]> => {
    const rows =
      'ids' in input
        ? await inDialect(input)
        : await due.inTurn(input, (look) => inDialect({ ...input, ...look }));
    // An UPDATE returns its rows in no particular order.
    return rows.sort((one, other) => one.id - other.id);
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

  return {
    claim,
    due: due.due,
    dueWebhooks,
    bodiesOf,
    extend,
    release,
    nextDue,
  };
};
