/** Records what attempts mean, many at a time: a delivery's new state and its attempt in one transaction. */
import type { Knex } from 'knex';
import { attemptRowOf, type AttemptRow, type NewAttempt } from './rows';
import type { ClaimedRow } from './claim.service';
import type { Settlement } from '../delivery/settle';
import { chunksOf, type Tables } from './tables.service';

export type Settled = { row: ClaimedRow; settlement: Settlement; attempt: NewAttempt };

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
        return { state: 'retrying' as const, due_at: dueAt(chunk), reason: settlement.why };
      case 'dead':
        return { state: 'dead' as const, due_at: now, reason: settlement.why };
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

  const settle = async (
    settled: readonly Settled[],
    context: { trx: Knex.Transaction; now: number },
  ): Promise<void> => {
    const groups = groupBy(settled, ({ row, settlement }) =>
      JSON.stringify([row.attempt_count, settlement.kind, 'why' in settlement && settlement.why]),
    );
    for (const group of groups) await update(group, context);
    const attempts = settled.map(({ row, attempt }) =>
      attemptRowOf(row.id, attempt, row.attempt_count === 0),
    );
    await addAttempts(attempts, context.trx);
  };

  const addAttempts = async (
    attempts: Omit<AttemptRow, 'id'>[],
    trx: Knex.Transaction,
  ): Promise<void> => {
    for (const chunk of chunksOf(attempts)) await tables.attempts(trx).insert(chunk);
  };

  return { settle, addAttempts };
};
