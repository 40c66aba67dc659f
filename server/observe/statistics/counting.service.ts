/**
 * Counts deliveries for statistics, in pieces: each statement reads so many rows at most, in the order in which they
 * were stored, and others have their turn between two. It needs no index that sending would pay for.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { OutcomeName } from '../../contract/delivery';
import { TABLES } from '../../store/models';
import type { DeliveryRow, Moment } from '../../store/outbox/rows';
import type { Tables } from '../../store/tables.service';
import type { Counted, Group, Sampled } from './figures';
import type { Range } from './range';

export const PIECE = 20_000;
/** How many attempts are looked at, about: more of them would make no percentile truer. */
const SAMPLE = 20_000;
/** Instances' clocks and transactions differ: rows of about the same time may be stored in another order. */
const MARGIN = 1000;

/** With the attempts of those deliveries, of which there may be many to one. */
type Tried = Group & { attempts: number };
type Choice = { range: Range; webhook: string | undefined };
type Piece = { first: number; last: number };

type GroupRow = Pick<DeliveryRow, 'webhook_id' | 'state' | 'verdict'> & {
  bucket: Moment;
  total: number | string;
  attempts: number | string;
};
type AttemptSample = {
  bucket: Moment;
  webhook_id: string;
  outcome: OutcomeName;
  duration_ms: number;
};

export const createCounting = (tables: Tables) => {
  /** By the index of `created_at`, one row from either end. */
  const endOf = async ({ range }: Choice, end: 'asc' | 'desc'): Promise<number | null> => {
    const row = await tables
      .deliveries()
      .whereBetween('created_at', [range.from, range.to])
      .orderBy([
        { column: 'created_at', order: end },
        { column: 'id', order: end },
      ])
      .select('id')
      .first();
    return row?.id ?? null;
  };

  const piecesOf = async (choice: Choice): Promise<Piece[]> => {
    const [oldest, newest] = [await endOf(choice, 'asc'), await endOf(choice, 'desc')];
    if (oldest === null || newest === null) return [];
    const start = Math.max(1, oldest - MARGIN);
    return Array.from({ length: Math.ceil((newest + MARGIN + 1 - start) / PIECE) }, (_, index) => ({
      first: start + index * PIECE,
      last: start + (index + 1) * PIECE - 1,
    }));
  };

  const bucket = ({ range }: Choice) =>
    tables.raw(
      `${TABLES.deliveries}.created_at - (${TABLES.deliveries}.created_at % ?) as bucket`,
      [range.width],
    );

  /** Not by the index of webhooks, which would give, for each piece, all that there is of one. */
  const ofWebhook = (query: Knex.QueryBuilder, { webhook }: Choice) => {
    if (webhook) query.whereRaw("coalesce(??, '') = ?", ['webhook_id', webhook]);
  };

  const groupsOf = async ({ first, last }: Piece, choice: Choice): Promise<Tried[]> => {
    const query: Knex.QueryBuilder = tables
      .deliveries()
      .whereBetween('id', [first, last])
      .whereBetween('created_at', [choice.range.from, choice.range.to])
      .where('is_test', false);
    ofWebhook(query, choice);
    const rows: GroupRow[] = await query
      .select(bucket(choice), 'webhook_id', 'state', 'verdict')
      .count({ total: '*' })
      .sum({ attempts: 'attempt_count' })
      .groupBy('bucket', 'webhook_id', 'state', 'verdict');
    return rows.map((row) => ({
      bucket: Number(row.bucket),
      webhookId: row.webhook_id,
      state: row.state,
      verdict: row.verdict,
      count: Number(row.total),
      attempts: Number(row.attempts),
    }));
  };

  const attemptsOf = async (
    { first, last }: Piece,
    choice: Choice,
    every: number,
  ): Promise<Sampled[]> => {
    const attempts: Knex.QueryBuilder = tables.attempts();
    const query = attempts
      .join(TABLES.deliveries, `${TABLES.deliveries}.id`, `${TABLES.attempts}.delivery_id`)
      .whereBetween('delivery_id', [first, last])
      .whereRaw('delivery_id % ? = 0', [every])
      .whereBetween(`${TABLES.deliveries}.created_at`, [choice.range.from, choice.range.to])
      .where('is_test', false);
    ofWebhook(query, choice);
    const rows: AttemptSample[] = await query.select(
      bucket(choice),
      'webhook_id',
      'outcome',
      'duration_ms',
    );
    return rows.map((row) => ({
      bucket: Number(row.bucket),
      webhookId: row.webhook_id,
      outcome: row.outcome,
      durationMs: row.duration_ms,
    }));
  };

  /** One after the other, and others between: SQLite has one connection, and answers in the process's own thread. */
  const inTurn = async <T>(pieces: readonly Piece[], read: (piece: Piece) => Promise<T[]>) => {
    const found: T[][] = [];
    for (const piece of pieces) {
      found.push(await read(piece));
      await turn();
    }
    return found.flat();
  };

  const count = async (choice: Choice): Promise<Counted> => {
    const pieces = await piecesOf(choice);
    const groups = await inTurn(pieces, (piece) => groupsOf(piece, choice));
    const tried = groups.reduce((sum, group) => sum + group.attempts, 0);
    const every = Math.max(1, Math.ceil(tried / SAMPLE));
    const attempts = await inTurn(pieces, (piece) => attemptsOf(piece, choice, every));
    return { groups, attempts, sampledEvery: every };
  };

  const hasAny = async (): Promise<boolean> =>
    (await tables.deliveries().select('id').first()) !== undefined;

  return { count, hasAny };
};

export type Counting = ReturnType<typeof createCounting>;
