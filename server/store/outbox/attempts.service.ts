/** Attempts: read, and recorded many at a time, each in one transaction with the new state of its delivery. */
import type { Knex } from 'knex';
import { chunksOf, readInChunks, chunksBySize } from '../../strapi/chunks';
import type { Tables } from '../tables.service';
import type { ClaimedRow } from './claim.service';
import {
  attemptRowOf,
  bareAttempt,
  bytesOfAttempt,
  plainText,
  withoutNul,
  type AttemptRow,
  type DeliveryRow,
  type NewAttempt,
  type NewAttemptRow,
} from './rows';

/** The state of a delivery after an attempt: `at` in ms. */
export type Settlement =
  | { kind: 'delivered' }
  | { kind: 'again'; at: number; why: string }
  | { kind: 'dead'; why: string };

export type Settled = { row: ClaimedRow; settlement: Settlement; attempt: NewAttempt };

type Context = { trx: Knex.Transaction; now: number };

/**
 * Returns those that still held their claim. A process that lost the lease records nothing: the next holder makes the same
 * attempt, and two would be counted. A delivery that was cancelled during its attempt keeps that attempt in the log.
 */
export async function settle<One extends Settled>(
  tables: Tables,
  settled: readonly One[],
  context: Context,
): Promise<One[]> {
  const { trx } = context;
  const stored = await lockStored(tables, settled, trx);
  const held = settled.filter(({ row }) => stored.get(row.id)?.claim_id === row.claim_id);
  const isHeld = new Set<Settled>(held);
  const groups = groupedBy(held, ({ row, settlement }) =>
    JSON.stringify([row.attempt_count, settlement.kind, 'why' in settlement && settlement.why]),
  );
  for (const group of groups.values()) await updateGroup(tables, group, context);
  const made = settled.filter((one) => isHeld.has(one) || isCancelled(one, stored));
  const statementBytes = await tables.statementBytes(trx);
  const attempts = made.map(({ row, attempt }) =>
    attemptRowOf(row.id, attempt, { isFirst: row.attempt_count === 0, statementBytes }),
  );
  await addAttempts(tables, attempts, trx);
  return held;
}

/** Only the fact that the attempt was made, for a database that does not take all of it. */
export function bareSettled<One extends Settled>(settled: One): One {
  const { settlement } = settled;
  return {
    ...settled,
    attempt: bareAttempt(settled.attempt),
    settlement:
      'why' in settlement ? { ...settlement, why: plainText(settlement.why) } : settlement,
  };
}

/** Few large ones, or many small ones, in each statement. */
export async function addAttempts(
  tables: Tables,
  attempts: readonly NewAttemptRow[],
  trx: Knex.Transaction,
): Promise<void> {
  const statementBytes = await tables.statementBytes(trx);
  for (const chunk of chunksBySize(attempts, bytesOfAttempt, statementBytes))
    await tables.attempts(trx).insert(chunk);
}

/** The attempts of deliveries, by delivery, oldest first. */
export async function attemptsOf(
  tables: Tables,
  deliveryIds: readonly number[],
): Promise<Map<number, AttemptRow[]>> {
  const rows: AttemptRow[] = await tables
    .attempts()
    .whereIn('delivery_id', deliveryIds)
    .orderBy('id');
  return groupedBy(rows, ({ delivery_id }) => delivery_id);
}

/** The bodies that earlier attempts sent, by delivery: a body is made once, and sent again as it was. */
export async function bodiesOf(
  tables: Tables,
  rows: readonly DeliveryRow[],
): Promise<Map<number, string>> {
  const ids = rows.filter((row) => row.attempt_count > 0).map((row) => row.id);
  const found = await readInChunks<number, { delivery_id: number; body: string }>(ids, (chunk) =>
    tables
      .attempts()
      .whereIn('delivery_id', chunk)
      .whereNotNull('body')
      .select('delivery_id', 'body'),
  );
  return new Map(found.map(({ delivery_id, body }) => [delivery_id, body]));
}

type StoredClaim = Pick<DeliveryRow, 'id' | 'state' | 'claim_id' | 'attempt_count'>;

/** Locks the rows: nobody claims or cancels them before the attempts are recorded. */
async function lockStored(
  tables: Tables,
  settled: readonly Settled[],
  trx: Knex.Transaction,
): Promise<ReadonlyMap<number, StoredClaim>> {
  const ids = settled.map(({ row }) => row.id).sort((one, other) => one - other);
  const rows = await readInChunks<number, StoredClaim>(ids, (chunk) =>
    tables
      .deliveries(trx)
      .whereIn('id', chunk)
      .orderBy('id')
      .select('id', 'state', 'claim_id', 'attempt_count')
      .forUpdate(),
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** One statement for all deliveries that end alike. Only the holder of a delivery's claim may settle it. */
async function updateGroup(
  tables: Tables,
  group: readonly Settled[],
  { trx, now }: Context,
): Promise<void> {
  for (const chunk of chunksOf(group)) {
    const [first] = chunk;
    if (!first) return;
    const ids = chunk.map(({ row }) => row.id);
    await tables
      .deliveries(trx)
      .whereIn('id', ids)
      .whereIn('claim_id', [...new Set(chunk.map(({ row }) => row.claim_id))])
      .update({
        ...changesOf(first.settlement, { now, dueAt: dueAtOfEach(tables, chunk) }),
        claim_id: null,
        trigger: 'automatic',
        attempt_count: first.row.attempt_count + 1,
      });
  }
}

function changesOf(settlement: Settlement, { now, dueAt }: { now: number; dueAt: Knex.Raw }) {
  switch (settlement.kind) {
    case 'delivered':
      return { state: 'delivered' as const, delivered_at: now, due_at: now, reason: null };
    case 'again':
      return {
        state: 'retrying' as const,
        due_at: dueAt,
        reason: withoutNul(settlement.why),
      };
    case 'dead':
      return { state: 'dead' as const, due_at: now, reason: withoutNul(settlement.why) };
  }
}

/** Each has a time of its own, so that they do not all come back at once. Numbers alone, and so no bound values. */
function dueAtOfEach(tables: Tables, chunk: readonly Settled[]): Knex.Raw {
  const times = chunk.map(
    ({ row, settlement }) =>
      `when ${Number(row.id)} then ${settlement.kind === 'again' ? Number(settlement.at) : 0}`,
  );
  return tables.raw(`case ?? ${times.join(' ')} end`, ['id']);
}

/** Cancelled while this attempt was under way, and not already before. */
function isCancelled({ row }: Settled, stored: ReadonlyMap<number, StoredClaim>): boolean {
  const known = stored.get(row.id);
  return known?.state === 'cancelled' && known.attempt_count === row.attempt_count;
}

function groupedBy<T, Key>(items: readonly T[], keyOf: (item: T) => Key): Map<Key, T[]> {
  const groups = new Map<Key, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
