/**
 * Which deliveries are due and may go now. A first attempt waits until the first attempts of all earlier deliveries of the
 * same webhook and document were answered; in an ordered webhook, every attempt waits until all of those are over.
 */
import type { Knex } from 'knex';
import { TABLES } from './models';
import type { DeliveryRow } from './rows';
import type { Tables } from './tables.service';

/** First attempts are claimed apart from later ones, so that a mountain of retries never stands in their way. */
export type ClaimClass = 'first' | 'again';

export type DueInput = {
  webhookId: string;
  claimClass: ClaimClass;
  limit: number;
  now: number;
  /** Leave out what must wait until the earlier deliveries of the same document are over. */
  isOrdered: boolean;
};

/** These, as far as they are due, of whichever class. */
export type TheseInput = Omit<DueInput, 'claimClass' | 'limit'> & { ids: readonly number[] };

export const UNFINISHED = ['pending', 'sending', 'retrying'] as const;
type State = (typeof UNFINISHED)[number];
/** Where the first attempt may still be without an answer. */
export const UNANSWERED = ['pending', 'sending'] as const;

type Rows = Knex.QueryBuilder<DeliveryRow>;

/** The last delivery of a stretch that was looked at. */
type Edge = Pick<DeliveryRow, 'due_at' | 'id'>;

/** One state at a time, so that the index gives them in their order: of two, all that is due would be read and sorted. */
export type Look = { state: State; limit: number; after: Edge | null };

type OfState = Omit<DueInput, 'claimClass' | 'limit'> & Look;

/** Leases that ran out come before retries: they are few, and a mountain of retries must not hide them. */
const STATES: Record<ClaimClass, readonly State[]> = {
  first: ['pending'],
  again: ['sending', 'retrying'],
};

/** Due deliveries that one statement looks at, however many of them may not go. */
const STRETCH = 1000;

/** Whether a delivery in this state may have to wait for earlier ones of its document. */
const mayWait = ({ state, isOrdered }: { state: State; isOrdered: boolean }) =>
  isOrdered || state !== 'retrying';

/** The rows that wait, by their name in the query. */
type Outer = { outer: string; isOrdered: boolean; trx?: Knex.Transaction };

export const createDue = (tables: Tables) => {
  /**
   * One earlier delivery in a state for which a row of `outer` waits. One state at a time: asked for two, databases leave
   * the states out of their search in the index, and read all that the log holds of the document.
   */
  const earlierOf = ({ outer, isOrdered, trx }: Outer, state: State) => {
    const same = (column: string) => [`earlier.${column}`, `${outer}.${column}`];
    const earlier = tables
      .otherDeliveries('earlier', trx)
      .select('earlier.id')
      .whereRaw('?? = ??', same('document_id'))
      .whereRaw('?? = ??', same('webhook_id'))
      .where('earlier.state' as 'state', state)
      .whereRaw('?? < ??', same('id'))
      .limit(1);
    return isOrdered ? earlier : earlier.where('earlier.attempt_count' as 'attempt_count', 0);
  };

  /** As values, not as `exists`: PostgreSQL would make joins of these, and read all deliveries for them. */
  const withoutEarlier = (rows: Rows, outer: Outer): Rows => {
    const states = outer.isOrdered ? UNFINISHED : UNANSWERED;
    for (const state of states) rows.whereRaw('? is null', [earlierOf(outer, state)]);
    return rows;
  };

  /**
   * Adds the condition to rows of `outer`. What was cancelled and is sent again by hand is `retrying`, though it was never
   * tried: it does not wait.
   */
  const withoutWaiting = (rows: Rows, outer: Outer): Rows =>
    outer.isOrdered
      ? withoutEarlier(rows, outer)
      : rows.where((row) =>
          row
            .where(`${outer.outer}.attempt_count` as 'attempt_count', '>', 0)
            .orWhere(`${outer.outer}.state` as 'state', 'retrying')
            .orWhere((first) => void withoutEarlier(first as Rows, outer)),
        );

  const ofState = ({ webhookId, state, now, after }: OfState, trx?: Knex.Transaction) => {
    const rows = tables
      .deliveries(trx)
      .where('webhook_id', webhookId)
      .where('state', state)
      .where('due_at', '<=', now)
      .orderBy([{ column: 'due_at' }, { column: 'id' }]);
    return after === null
      ? rows
      : rows
          .where('due_at', '>=', after.due_at)
          .where((later) => later.where('due_at', '>', after.due_at).orWhere('id', '>', after.id));
  };

  /** Those of one stretch that may go, longest waiting first. The stretch is read only as far as it takes to find enough. */
  const inStretch = (input: OfState, trx?: Knex.Transaction) => {
    const stretch = ofState(input, trx)
      .select('id', 'webhook_id', 'document_id', 'state', 'attempt_count')
      .limit(STRETCH);
    const rows = tables.among(stretch, 'front', trx).limit(input.limit);
    return withoutWaiting(rows, { outer: 'front', isOrdered: input.isOrdered, trx });
  };

  const rowsOf = (input: OfState | TheseInput, trx?: Knex.Transaction): Rows => {
    if (!('ids' in input))
      return mayWait(input) ? inStretch(input, trx) : ofState(input, trx).limit(input.limit);
    const { webhookId, now, ids, isOrdered } = input;
    const rows = tables
      .deliveries(trx)
      .where('webhook_id', webhookId)
      .where('due_at', '<=', now)
      .whereIn('id', [...ids])
      .whereIn('state', [...UNFINISHED]);
    return withoutWaiting(rows, { outer: TABLES.deliveries, isOrdered, trx });
  };

  /** A query of their ids. */
  const idsOf = (input: OfState | TheseInput, trx?: Knex.Transaction) =>
    rowsOf(input, trx).select('id') as Rows;

  /** The end of the stretch that begins `after`; null where no more than that is due. */
  const edgeOf = async (input: OfState): Promise<Edge | null> =>
    (await ofState(input)
      .select('due_at', 'id')
      .offset(STRETCH - 1)
      .first()) ?? null;

  /** Where a look goes on behind a stretch in which too few may go, by webhook and state. */
  const edges = new Map<string, Edge>();

  /**
   * The longest waiting, and, where thousands of them wait for others, some of those behind them: one more stretch each
   * time, so that a crowd of one document's deliveries keeps no other document waiting.
   */
  const inStretches = async <Row>(
    input: DueInput,
    look: Look,
    take: (look: Look) => Promise<Row[]>,
  ): Promise<Row[]> => {
    const rows = await take(look);
    if (rows.length >= look.limit) return rows;
    const key = `${input.webhookId} ${look.state}`;
    const after = edges.get(key) ?? (await edgeOf({ ...input, ...look }));
    if (after === null) return rows;
    const more = await take({ ...look, after, limit: look.limit - rows.length });
    const next = await edgeOf({ ...input, ...look, after });
    if (next) edges.set(key, next);
    else edges.delete(key);
    return [...rows, ...more];
  };

  /** What each state of the class holds, until there is enough. */
  const inTurn = async <Row>(
    input: DueInput,
    take: (look: Look) => Promise<Row[]>,
  ): Promise<Row[]> => {
    const found: Row[] = [];
    for (const state of STATES[input.claimClass]) {
      const look = { state, limit: input.limit - found.length, after: null };
      if (look.limit === 0) break;
      // Of leases that ran out there are never more than processes held.
      const isLong = state !== 'sending' && mayWait({ ...input, state });
      found.push(...(isLong ? await inStretches(input, look, take) : await take(look)));
    }
    return found;
  };

  /** What is due, without claiming it: the longest waiting first. */
  const due = (input: DueInput): Promise<Pick<DeliveryRow, 'id' | 'attempt_count'>[]> =>
    inTurn(
      input,
      async (look) =>
        (await rowsOf({ ...input, ...look }).select('id', 'attempt_count')) as DeliveryRow[],
    );

  return { idsOf, inTurn, due };
};

export type Due = ReturnType<typeof createDue>;
