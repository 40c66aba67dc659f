/** Records what attempts mean, many at a time: a delivery's new state and its attempt in one transaction. */
import type { Knex } from 'knex';
import {
  attemptRowOf,
  bareAttempt,
  bytesOfAttempt,
  plainText,
  withoutNul,
  type AttemptRow,
  type DeliveryRow,
  type NewAttempt,
} from './rows';
import { chunksBySize } from './sizes';
import type { ClaimedRow } from './claim.service';
import { chunksOf } from '../../strapi/chunks';
import type { Tables } from './tables.service';

/** What becomes of a delivery after an attempt: `at` in ms. */
export type Settlement =
  | { kind: 'delivered' }
  | { kind: 'again'; at: number; why: string }
  | { kind: 'dead'; why: string };

export type Settled = { row: ClaimedRow; settlement: Settlement; attempt: NewAttempt };

/** As little of it as tells that the attempt was made, for where the database does not take all of it. */
export const bareSettled = <One extends Settled>(settled: One): One => ({
  ...settled,
  attempt: bareAttempt(settled.attempt),
  settlement:
    'why' in settled.settlement
      ? { ...settled.settlement, why: plainText(settled.settlement.why) }
      : settled.settlement,
});

const groupBy = <T>(items: readonly T[], keyOf: (item: T) => string): T[][] => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
};

type StoredClaim = Pick<DeliveryRow, 'id' | 'state' | 'claim_id' | 'attempt_count'>;

/** Cancelled while this attempt was under way, and not already before. */
function isCancelled({ row }: Settled, stored: ReadonlyMap<number, StoredClaim>): boolean {
  const known = stored.get(row.id);
  return known?.state === 'cancelled' && known.attempt_count === row.attempt_count;
}

export const createSettle = (tables: Tables) => {
  /** Each has a time of its own, so that they do not all come back at once. Numbers alone, and so no bound values. */
  const dueAt = (chunk: readonly Settled[]) => {
    const times = chunk.map(
      ({ row, settlement }) =>
        `when ${Number(row.id)} then ${settlement.kind === 'again' ? Number(settlement.at) : 0}`,
    );
    return tables.raw(`case ?? ${times.join(' ')} end`, ['id']);
  };

  const changesOf = (settlement: Settlement, chunk: readonly Settled[], now: number) => {
    switch (settlement.kind) {
      case 'delivered':
        return { state: 'delivered' as const, delivered_at: now, due_at: now, reason: null };
      case 'again':
        return {
          state: 'retrying' as const,
          due_at: dueAt(chunk),
          reason: withoutNul(settlement.why),
        };
      case 'dead':
        return { state: 'dead' as const, due_at: now, reason: withoutNul(settlement.why) };
    }
  };

  /** One statement for all deliveries that end alike. Only who holds a delivery's claim may settle it. */
  const update = async (group: Settled[], { trx, now }: { trx: Knex.Transaction; now: number }) => {
    const [first] = group;
    if (!first) return;
    for (const chunk of chunksOf(group)) {
      await tables
        .deliveries(trx)
        .whereIn(
          'id',
          chunk.map(({ row }) => row.id),
        )
        .whereIn('claim_id', [...new Set(chunk.map(({ row }) => row.claim_id))])
        .update({
          ...changesOf(first.settlement, chunk, now),
          claim_id: null,
          trigger: 'automatic',
          attempt_count: first.row.attempt_count + 1,
        });
    }
  };

  /** The stored rows, locked: nobody claims or cancels them before the attempts are recorded. */
  const storedRows = async (settled: readonly Settled[], trx: Knex.Transaction) => {
    const stored = new Map<number, StoredClaim>();
    for (const chunk of chunksOf(settled.map(({ row }) => row.id).sort((a, b) => a - b))) {
      const rows = (await tables
        .deliveries(trx)
        .whereIn('id', chunk)
        .orderBy('id')
        .select('id', 'state', 'claim_id', 'attempt_count')
        .forUpdate()) as StoredClaim[];
      for (const row of rows) stored.set(row.id, row);
    }
    return stored;
  };

  /**
   * Answers those that still held their claim. Whoever lost the lease records nothing: the next holder makes the same
   * attempt, and two would be counted. What was cancelled during its attempt keeps that attempt in the log.
   */
  const settle = async <One extends Settled>(
    settled: readonly One[],
    context: { trx: Knex.Transaction; now: number },
  ): Promise<One[]> => {
    const stored = await storedRows(settled, context.trx);
    const held = settled.filter(({ row }) => stored.get(row.id)?.claim_id === row.claim_id);
    const isHeld = new Set<Settled>(held);
    const groups = groupBy(held, ({ row, settlement }) =>
      JSON.stringify([row.attempt_count, settlement.kind, 'why' in settlement && settlement.why]),
    );
    for (const group of groups) await update(group, context);
    const made = settled.filter((one) => isHeld.has(one) || isCancelled(one, stored));
    const statementBytes = await tables.statementBytes(context.trx);
    const attempts = made.map(({ row, attempt }) =>
      attemptRowOf(row.id, attempt, { isFirst: row.attempt_count === 0, statementBytes }),
    );
    await addAttempts(tables, attempts, context.trx);
    return held;
  };

  return { settle };
};

/** Few large ones, or many small ones, in each statement. */
export async function addAttempts(
  tables: Tables,
  attempts: readonly Omit<AttemptRow, 'id'>[],
  trx: Knex.Transaction,
): Promise<void> {
  const statementBytes = await tables.statementBytes(trx);
  for (const chunk of chunksBySize(attempts, bytesOfAttempt, statementBytes))
    await tables.attempts(trx).insert(chunk);
}
