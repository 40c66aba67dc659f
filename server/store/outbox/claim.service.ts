/**
 * Takes deliveries for a limited time. A claim has an id of its own (the fencing token): a process that lost the lease can
 * no longer settle. Times are the caller's, aligned to the database's clock.
 */
import type { Knex } from 'knex';
import { chunksOf } from '../../strapi/chunks';
import { hasOneWriter, persistently, returnsRows, skippingLocked, withIdsOf } from '../dialect';
import type { Tables } from '../tables.service';
import {
  dueRows,
  inTurn,
  stillIn,
  UNFINISHED,
  type DueInput,
  type Look,
  type Search,
  type TheseInput,
} from './due.service';
import type { DeliveryRow } from './rows';

/** The id names the process that holds the claim, so that a process knows its own claims from those of others. */
export function claimIdOf(owner: string, unique: string): string {
  return `${owner}.${unique}`;
}

export function ownerOf(claimId: string | null): string | null {
  return claimId?.split('.', 1)[0] ?? null;
}

export type Claim = { claimId: string; leaseUntil: number };

type ClaimInput = (DueInput | TheseInput) & Claim;
type Choice = ((DueInput & Look) | TheseInput) & Claim;

export type ClaimedRow = DeliveryRow & { claim_id: string };

/** Says who holds which delivery. */
export type Held = Pick<ClaimedRow, 'id' | 'claim_id'>;

/** Claims what is due of a class, or these deliveries as far as they are due and not claimed by another process. */
export async function claim(search: Search, input: ClaimInput): Promise<ClaimedRow[]> {
  const { tables } = search;
  const take = returnsRows(tables.database) ? claimInOneStatement : claimInTransaction;
  const rows =
    'ids' in input
      ? await take(tables, input)
      : await inTurn(search, input, (look) => take(tables, { ...input, ...look }));
  // An UPDATE returns its rows in no particular order.
  return rows.sort((one, other) => one.id - other.id);
}

/** Keeps the leases of deliveries that are still being sent or wait for their turn. */
export async function extendLeases(
  tables: Tables,
  held: readonly Held[],
  leaseUntil: number,
): Promise<void> {
  for (const chunk of chunksOf(held))
    await persistently(() =>
      stillIn(stillHeld(tables, chunk), ['sending']).update({ due_at: leaseUntil }),
    );
}

/** Gives back what was not sent, as if it had never been claimed: no attempt is burned. */
export async function release(
  tables: Tables,
  rows: readonly ClaimedRow[],
  now: number,
): Promise<void> {
  const releaseAs = async (state: 'pending' | 'retrying', released: ClaimedRow[]) => {
    for (const chunk of chunksOf(released))
      await persistently(() =>
        stillHeld(tables, chunk).update({ state, claim_id: null, due_at: now }),
      );
  };
  await releaseAs(
    'pending',
    rows.filter(({ attempt_count }) => attempt_count === 0),
  );
  await releaseAs(
    'retrying',
    rows.filter(({ attempt_count }) => attempt_count > 0),
  );
}

/** SQLite has one writer; PostgreSQL skips the rows that another dispatcher is taking. */
async function claimInOneStatement(tables: Tables, input: Choice): Promise<ClaimedRow[]> {
  const chosen = dueRows(tables, input).select('id');
  // PostgreSQL locks rows of a table only, and not those of a stretch.
  const ids = hasOneWriter(tables.database)
    ? chosen
    : skippingLocked(tables.database, stillDue(tables, chosen, input));
  const rows = await withIdsOf(tables.database, tables.deliveries(), ids)
    .update(takenBy(input))
    .returning('*');
  return rows as ClaimedRow[];
}

/**
 * MySQL and MariaDB return nothing from an update, nor do they update what a subquery with a limit selects. So a
 * query finds the rows, and a second one locks them by their ids: a lock of the first might be on all that it looks at.
 */
function claimInTransaction(tables: Tables, input: Choice): Promise<ClaimedRow[]> {
  return tables.separately(async (trx) => {
    const found: Held[] = await dueRows(tables, input, trx).select('id');
    if (found.length === 0) return [];
    const some = found.map(({ id }) => id);
    const rows: Held[] = await skippingLocked(
      tables.database,
      stillDue(tables, some, { ...input, trx }),
    );
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    await tables.deliveries(trx).whereIn('id', ids).update(takenBy(input));
    return (await tables.deliveries(trx).whereIn('id', ids)) as ClaimedRow[];
  });
}

/** The ids of the rows that are still due when they are locked. */
function stillDue(
  tables: Tables,
  ids: number[] | Knex.QueryBuilder<DeliveryRow>,
  { trx, ...input }: Choice & { trx?: Knex.Transaction },
) {
  const query = tables.deliveries(trx).select('id');
  const found = Array.isArray(ids)
    ? query.whereIn('id', ids)
    : withIdsOf(tables.database, query, ids);
  const states = 'ids' in input ? UNFINISHED : [input.state];
  return stillIn(found, states).where('due_at', '<=', input.now);
}

function takenBy({ claimId, leaseUntil }: Claim) {
  return { state: 'sending' as const, claim_id: claimId, due_at: leaseUntil };
}

/** The rows that are still held. By their ids: no index knows claims, and without one all of the log would be read. */
function stillHeld(tables: Tables, held: readonly Held[]) {
  const ids = held.map(({ id }) => id);
  const claimIds = [...new Set(held.map(({ claim_id }) => claim_id))];
  return tables.deliveries().whereIn('id', ids).whereIn('claim_id', claimIds);
}
