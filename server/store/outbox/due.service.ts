/**
 * Which deliveries are due and may go now. A first attempt waits until the first attempts of all earlier deliveries of the
 * same webhook and document were answered; in an ordered webhook, every attempt waits until all of those are over.
 */
import type { Knex } from 'knex';
import { chunksOf } from '../../strapi/chunks';
import { TABLES } from '../models';
import type { Tables } from '../tables.service';
import type { DeliveryRow, Moment } from './rows';

/** First attempts are claimed apart from later ones, so that many retries never stand in their way. */
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
/** States in which the first attempt may still be without an answer. */
export const UNANSWERED = ['pending', 'sending'] as const;

type Rows = Knex.QueryBuilder<DeliveryRow>;

/**
 * Leaves out rows in other states, where something else finds the rows. An index begins with the state, and databases
 * without statistics expect few rows of each state: by that index they would read all that was ever delivered.
 */
export function stillIn<Query extends Knex.QueryBuilder>(
  rows: Query,
  states: readonly DeliveryRow['state'][],
): Query {
  const marks = states.map(() => '?').join(', ');
  rows.whereRaw(`coalesce(??, '') in (${marks})`, ['state', ...states]);
  return rows;
}

/** The last delivery of a stretch that was looked at. */
type Edge = Pick<DeliveryRow, 'due_at' | 'id'>;

/** One state at a time, so that the index gives the rows in their order: of two, all that is due would be read and sorted. */
export type Look = { state: State; limit: number; after: Edge | null };

type LookInput = Omit<DueInput, 'claimClass' | 'limit'> & Look;

/** Leases that ran out come before retries: they are few, and many retries must not hide them. */
const STATES: Record<ClaimClass, readonly State[]> = {
  first: ['pending'],
  again: ['sending', 'retrying'],
};

/** Due deliveries that one statement looks at, however many of them may not go. */
const STRETCH = 1000;

/** Looks into the index that one query makes. Each of them names many documents. */
const LOOKS = 50;

/** Where a search goes on behind a stretch in which too few may go, by webhook and state. */
export type Search = { tables: Tables; edges: Map<string, Edge> };

export function createSearch(tables: Tables): Search {
  return { tables, edges: new Map() };
}

/** Due deliveries, without a claim: the longest waiting first. */
export function dueDeliveries(
  search: Search,
  input: DueInput,
): Promise<Pick<DeliveryRow, 'id' | 'attempt_count'>[]> {
  return inTurn<DeliveryRow>(search, input, async (look) =>
    dueRows(search.tables, { ...input, ...look }).select('id', 'attempt_count'),
  );
}

/** The rows of each state of the class, until there are enough. */
export async function inTurn<Row>(
  search: Search,
  input: DueInput,
  take: (look: Look) => Promise<Row[]>,
): Promise<Row[]> {
  const found: Row[] = [];
  for (const state of STATES[input.claimClass]) {
    const look = { state, limit: input.limit - found.length, after: null };
    if (look.limit === 0) break;
    // There are never more leases that ran out than processes held.
    const isLong = state !== 'sending' && mayWait({ ...input, state });
    found.push(...(isLong ? await inStretches(search, { input, look, take }) : await take(look)));
  }
  return found;
}

/** A query of the due deliveries that may go: those of a look, or these. */
export function dueRows(
  tables: Tables,
  input: LookInput | TheseInput,
  trx?: Knex.Transaction,
): Rows {
  if (!('ids' in input))
    return mayWait(input)
      ? dueInStretch(tables, input, trx)
      : dueInState(tables, input, trx).limit(input.limit);
  const { webhookId, now, ids, isOrdered } = input;
  const found = tables
    .deliveries(trx)
    .where('webhook_id', webhookId)
    .where('due_at', '<=', now)
    .whereIn('id', ids);
  const rows = stillIn(found, UNFINISHED);
  return withoutWaiting(tables, rows, { outer: TABLES.deliveries, isOrdered, trx });
}

/** The webhooks of these deliveries for which a later one of the same document waits. */
export function followedWebhooks(
  tables: Tables,
  rows: readonly Pick<DeliveryRow, 'webhook_id' | 'document_id'>[],
): Promise<string[]> {
  const documents = new Map<string, Set<string>>();
  for (const { webhook_id, document_id } of rows) {
    const known = documents.get(webhook_id) ?? new Set();
    if (document_id !== null) documents.set(webhook_id, known.add(document_id));
  }
  const looks = [...documents].flatMap(([webhookId, ids]) =>
    chunksOf([...ids]).map((chunk) =>
      tables
        .deliveries()
        .select('webhook_id')
        .where('webhook_id', webhookId)
        .where('state', 'pending')
        .whereIn('document_id', chunk)
        .limit(1),
    ),
  );
  return webhooksFound(tables, looks);
}

/** The earliest time at which a webhook has something to send again; null if nothing waits. */
export async function nextDue(tables: Tables, webhookId: string): Promise<number | null> {
  const earliest = UNFINISHED.map((state) =>
    tables
      .deliveries()
      .where('webhook_id', webhookId)
      .where('state', state)
      .min('due_at')
      .as(state),
  );
  const found = Object.values(await tables.together<Moment>(earliest));
  const times = found.filter((at) => at !== null).map(Number);
  return times.length === 0 ? null : Math.min(...times);
}

async function webhooksFound(tables: Tables, looks: Knex.QueryBuilder[]): Promise<string[]> {
  const found = new Set<string>();
  for (const some of chunksOf(looks, LOOKS)) {
    const named = some.map((look, index) => look.as(`look_${index}`));
    const ids = Object.values(await tables.together<string>(named));
    for (const id of ids) if (id !== null) found.add(id);
  }
  return [...found];
}

/** Whether a delivery in this state may have to wait for earlier ones of its document. */
function mayWait({ state, isOrdered }: { state: State; isOrdered: boolean }): boolean {
  return isOrdered || state !== 'retrying';
}

type Stretches<Row> = { input: DueInput; look: Look; take(look: Look): Promise<Row[]> };

/**
 * The longest waiting and, where thousands of them wait for others, some of those behind them: one more stretch each
 * time, so that many deliveries of one document keep no other document waiting.
 */
async function inStretches<Row>(
  { tables, edges }: Search,
  { input, look, take }: Stretches<Row>,
): Promise<Row[]> {
  const rows = await take(look);
  if (rows.length >= look.limit) return rows;
  const key = `${input.webhookId} ${look.state}`;
  const after = edges.get(key) ?? (await edgeOf(tables, { ...input, ...look }));
  if (after === null) return rows;
  const more = await take({ ...look, after, limit: look.limit - rows.length });
  const next = await edgeOf(tables, { ...input, ...look, after });
  if (next) edges.set(key, next);
  else edges.delete(key);
  return [...rows, ...more];
}

/** The end of the stretch that begins `after`; null where no more than that is due. */
async function edgeOf(tables: Tables, input: LookInput): Promise<Edge | null> {
  const end = dueInState(tables, input)
    .select('due_at', 'id')
    .offset(STRETCH - 1);
  return (await end.first()) ?? null;
}

function dueInState(
  tables: Tables,
  { webhookId, state, now, after }: LookInput,
  trx?: Knex.Transaction,
): Rows {
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
}

/** The rows of one stretch that may go, longest waiting first. The stretch is read only as far as needed. */
function dueInStretch(tables: Tables, input: LookInput, trx?: Knex.Transaction): Rows {
  const stretch = dueInState(tables, input, trx)
    .select('id', 'webhook_id', 'document_id', 'state', 'attempt_count')
    .limit(STRETCH);
  const rows = tables.among(stretch, 'front', trx).limit(input.limit);
  return withoutWaiting(tables, rows, { outer: 'front', isOrdered: input.isOrdered, trx });
}

/** The rows that wait, by their name in the query. */
type Outer = { outer: string; isOrdered: boolean; trx?: Knex.Transaction };

/**
 * Adds the condition to rows of `outer`. A cancelled delivery that is sent again by hand is `retrying`, though it
 * was never tried: it does not wait.
 */
function withoutWaiting(tables: Tables, rows: Rows, outer: Outer): Rows {
  if (outer.isOrdered) return withoutEarlier(tables, rows, outer);
  return rows.where((row) =>
    row
      .where(`${outer.outer}.attempt_count`, '>', 0)
      .orWhere(`${outer.outer}.state`, 'retrying')
      .orWhere((first) => void withoutEarlier(tables, first, outer)),
  );
}

/** As values, not as `exists`: PostgreSQL would make joins of these, and read all deliveries for them. */
function withoutEarlier(tables: Tables, rows: Rows, outer: Outer): Rows {
  const states = outer.isOrdered ? UNFINISHED : UNANSWERED;
  for (const state of states) rows.whereRaw('? is null', [earlierOf(tables, state, outer)]);
  return rows;
}

/**
 * One earlier delivery in a state for which a row of `outer` waits. One state at a time: with two, databases leave
 * the states out of their search in the index, and read all that the log holds of the document.
 */
function earlierOf(tables: Tables, state: State, { outer, isOrdered, trx }: Outer): Rows {
  const same = (column: string) => [`earlier.${column}`, `${outer}.${column}`];
  const earlier = tables
    .otherDeliveries('earlier', trx)
    .select('earlier.id')
    .whereRaw('?? = ??', same('document_id'))
    .whereRaw('?? = ??', same('webhook_id'))
    .where('earlier.state', state)
    .whereRaw('?? < ??', same('id'))
    .limit(1);
  return isOrdered ? earlier : earlier.where('earlier.attempt_count', 0);
}
