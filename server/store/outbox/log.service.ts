/** Reads the outbox for people and monitors: lists, pages and counts of deliveries, never at the cost of sending. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { VALIDATION } from '../../contract/catalogue';
import { DELIVERY_STATES, type DeliveryState } from '../../contract/delivery';
import type { Paging } from '../../contract/api';
import { VERDICT_KINDS, type VerdictKind } from '../../contract/document';
import type { LastDelivery } from '../../contract/webhook';
import type { Tables } from '../tables.service';
import { stillIn, UNFINISHED } from './due.service';
import type { DeliveryRow, Moment } from './rows';

type Rows = Knex.QueryBuilder<DeliveryRow>;

/** The conditions under which lists, exports and resends choose deliveries. */
export type Choice = {
  webhook?: string;
  state?: readonly DeliveryState[];
  event?: string;
  documentId?: string;
  /** An event id or document id, or documents that were found by it. */
  search?: { text: string; documentIds: readonly string[] };
  verdict?: readonly VerdictKind[];
  /** Ids of deliveries: after one, and up to another, which is included. */
  after?: number;
  upTo?: number;
  /** ISO 8601; when the delivery was made, both included. */
  from?: string;
  to?: string;
  /** ISO 8601; when it was over, included. Meaningless for what is not over. */
  endedFrom?: string;
  /** Only these. */
  ids?: readonly number[];
};

/** `among`: only what could be sent again, to one of these webhooks. */
export type LogQuery = Choice & { among?: readonly string[] };

const SORTABLE: Record<string, string> = {
  id: 'id',
  createdAt: 'id',
  event: 'event',
  state: 'state',
  attemptCount: 'attempt_count',
  nextAttemptAt: 'due_at',
  deliveredAt: 'delivered_at',
};

export function isSortable(field: string): boolean {
  return Object.hasOwn(SORTABLE, field);
}

export async function listDeliveries(
  tables: Tables,
  query: LogQuery,
  { page, pageSize, sort }: Paging,
): Promise<{ rows: DeliveryRow[]; total: number }> {
  const [field = 'id', direction = 'desc'] = (sort ?? 'id:desc').split(':');
  const order = direction.toLowerCase() === 'asc' ? 'asc' : 'desc';
  const counted = await chosenDeliveries(tables, query).count({ total: '*' }).first();
  const rows: DeliveryRow[] = await chosenDeliveries(tables, query)
    .orderBy([
      { column: SORTABLE[field] ?? 'id', order },
      { column: 'id', order },
    ])
    .limit(pageSize)
    .offset((page - 1) * pageSize);
  return { rows, total: Number(counted?.total ?? 0) };
}

export async function findDelivery(tables: Tables, id: number): Promise<DeliveryRow | null> {
  return (await tables.deliveries().where('id', id).first()) ?? null;
}

/** All that the query finds, oldest first, a few hundred at a time, up to the newest that there is at the start. */
export async function* pagesOfDeliveries(
  tables: Tables,
  query: LogQuery,
): AsyncGenerator<DeliveryRow[]> {
  const stretch = await wholeLog(tables);
  yield* batchesOf<DeliveryRow>(() => chosenDeliveries(tables, query), stretch);
}

/** The index of webhooks begins with the state: it is used only with a webhook and all states that are wanted. */
export function chosenDeliveries(tables: Tables, { among, ...choice }: LogQuery): Rows {
  const rows = narrowed(tables.deliveries(), choice);
  if (choice.webhook || among) rows.whereIn('state', choice.state ?? DELIVERY_STATES);
  else if (choice.state) stillIn(rows, choice.state);
  if (!among) return rows;
  // Only to webhooks that exist, or they would wait for ever; neither tests nor calls to validations.
  return rows.whereIn('webhook_id', among).where('is_test', false).whereNot('event', VALIDATION);
}

function narrowed(rows: Rows, choice: Choice): Rows {
  if (choice.webhook) rows.where('webhook_id', choice.webhook);
  if (choice.event) rows.where('event', choice.event);
  if (choice.documentId) rows.where('document_id', choice.documentId);
  const { search } = choice;
  if (search)
    rows.where((any) =>
      any
        .where('event_id', search.text)
        .orWhere('document_id', search.text)
        .orWhereIn('document_id', search.documentIds),
    );
  if (choice.verdict) rows.whereIn('verdict', choice.verdict);
  if (choice.after !== undefined) rows.where('id', '>', choice.after);
  if (choice.upTo !== undefined) rows.where('id', '<=', choice.upTo);
  if (choice.from) rows.where('created_at', '>=', Date.parse(choice.from));
  if (choice.to) rows.where('created_at', '<=', Date.parse(choice.to));
  if (choice.endedFrom) rows.where('due_at', '>=', Date.parse(choice.endedFrom));
  if (choice.ids) rows.whereIn('id', choice.ids);
  return rows;
}

/** Ids `after` one, up to another: what is made meanwhile is left out, or there might be no end. */
export type Stretch = { after: number; last: number };

/** Rows of one statement: few enough that an editor's save never waits for long. */
export const BATCH = 500;
/** Between two batches, for everyone else. */
export const PAUSE_MS = 5;

export async function wholeLog(tables: Tables): Promise<Stretch> {
  const newest = await tables.deliveries().max({ id: 'id' }).first();
  return { after: 0, last: Number(newest?.id ?? 0) };
}

/** Yields what `choose` finds, in the order in which it was made. `choose` is called anew for each batch. */
export async function* batchesOf<Row extends Pick<DeliveryRow, 'id'>>(
  choose: () => Rows,
  { after, last }: Stretch,
  size = BATCH,
): AsyncGenerator<Row[]> {
  for (let from = after; from < last;) {
    const found: Row[] = await choose()
      .where('id', '>', from)
      .where('id', '<=', last)
      .orderBy('id')
      .limit(size);
    if (found.length > 0) yield found;
    if (found.length < size) return;
    from = found[found.length - 1]?.id ?? last;
    await sleep(PAUSE_MS);
  }
}

/** Leaves out deliveries that wait for their first attempt, and cancelled ones, which may never have been sent. */
const SENT = ['delivered', 'dead', 'retrying'] as const;
type SentRow = Pick<DeliveryRow, 'id' | 'webhook_id' | 'due_at' | 'created_at'> & {
  state: LastDelivery['state'];
};

/** The last delivery of each of these webhooks that was sent, in one statement for all of them. */
export async function lastSent(
  tables: Tables,
  webhookIds: readonly string[],
): Promise<Map<string, LastDelivery>> {
  /** The end of a stretch of the index that claims use: however long the log is, it reads a row or two. */
  const lastIn = (webhook_id: string, state: SentRow['state']) =>
    tables.among(
      tables
        .deliveries()
        .where({ webhook_id, state, is_test: false })
        .orderBy('due_at', 'desc')
        .limit(1)
        .select('id', 'webhook_id', 'state', 'due_at', 'created_at'),
      'last_of_state',
    );
  const [first, ...others] = webhookIds.flatMap((id) => SENT.map((state) => lastIn(id, state)));
  const rows: SentRow[] = first ? await first.unionAll(others) : [];
  const oldestFirst = [...rows].sort((one, other) => endedAt(one) - endedAt(other));
  return new Map(
    oldestFirst.map((row) => [
      row.webhook_id,
      { id: String(row.id), state: row.state, at: new Date(endedAt(row)).toISOString() },
    ]),
  );
}

/** The due time of a finished delivery is when it ended; that of one that is tried again is when that will be. */
function endedAt({ state, due_at, created_at }: SentRow): number {
  return Number(state === 'retrying' ? created_at : due_at);
}

type Unfinished = (typeof UNFINISHED)[number];
type WaitingRow = { webhook_id: string; state: Unfinished; total: Moment; oldest: Moment };
export type Waiting = { webhookId: string; state: Unfinished; count: number; oldestId: number };

/** As it is now, by the index that claims use: only what waits or is being sent, however long the log is. */
export async function waitingDeliveries(
  tables: Tables,
  webhookIds: readonly string[],
): Promise<Waiting[]> {
  const rows: WaitingRow[] = await tables
    .deliveries()
    .whereIn('webhook_id', webhookIds)
    .whereIn('state', UNFINISHED)
    .groupBy('webhook_id', 'state')
    .select('webhook_id', 'state')
    .count({ total: '*' })
    .min({ oldest: 'id' });
  return rows.map((row) => ({
    webhookId: row.webhook_id,
    state: row.state,
    count: Number(row.total),
    oldestId: Number(row.oldest),
  }));
}

export function totalOf(rows: readonly Waiting[], ...states: Unfinished[]): number {
  return rows
    .filter(({ state }) => states.includes(state))
    .reduce((total, { count }) => total + count, 0);
}

/** When the delivery that waits longest was made (ms); null if none waits. */
export async function oldestWaiting(
  tables: Tables,
  rows: readonly Waiting[],
): Promise<number | null> {
  const ids = rows.filter(({ state }) => state !== 'sending').map(({ oldestId }) => oldestId);
  if (ids.length === 0) return null;
  const row = await tables
    .deliveries()
    .where('id', Math.min(...ids))
    .select('created_at')
    .first();
  return row ? Number(row.created_at) : null;
}

/** Rows that one statement reads: SQLite answers in the process's own thread, and others have their turn between two. */
const PIECE = 20_000;
/** Counting all takes a twentieth of the time at most: an answer is kept for that multiple of the time it took. */
const REST = 20;
/** If counting takes no longer (ms), it is done anew each time. */
const QUICK_MS = 50;

export type Counts = {
  /** Counts queued deliveries only: a call to a validation was never queued, and has counts of its own. */
  states: Record<DeliveryState, number>;
  /** Counts the verdicts of each validation webhook that the log still holds. */
  verdicts: Map<string, Record<VerdictKind, number>>;
};

/** Counts all deliveries, in a long log as they were a little while ago. */
export function createCounts(tables: Tables) {
  let kept: { until: number; answer: Promise<Counts> } | null = null;
  return (): Promise<Counts> => {
    if (kept && performance.now() < kept.until) return kept.answer;
    const startedAt = performance.now();
    const one = { until: Number.POSITIVE_INFINITY, answer: countAll(tables) };
    kept = one;
    one.answer.then(
      () => {
        const took = performance.now() - startedAt;
        one.until = took < QUICK_MS ? 0 : performance.now() + took * REST;
      },
      () => (kept = null),
    );
    return one.answer;
  };
}

async function countAll(tables: Tables): Promise<Counts> {
  const endOf = async (end: 'asc' | 'desc'): Promise<number> =>
    (await tables.deliveries().orderBy('id', end).select('id').first())?.id ?? 0;
  const [oldest, newest] = [await endOf('asc'), await endOf('desc')];
  const counts: Counts = { states: zeros(DELIVERY_STATES), verdicts: new Map() };
  for (let first = oldest; first <= newest; first += PIECE) {
    const groups: Group[] = await tables
      .deliveries()
      .whereBetween('id', [first, first + PIECE - 1])
      .groupBy('state', 'webhook_id', 'verdict', 'is_test')
      .select('state', 'webhook_id', 'verdict', 'is_test')
      .count({ total: '*' });
    for (const group of groups) addGroup(counts, group);
    await turn();
  }
  return counts;
}

type Group = Pick<DeliveryRow, 'state' | 'webhook_id' | 'verdict' | 'is_test'> & { total: Moment };

function addGroup({ states, verdicts }: Counts, group: Group): void {
  const { state, webhook_id, verdict, is_test } = group;
  const total = Number(group.total);
  if (verdict === null) states[state] = (states[state] ?? 0) + total;
  else if (!is_test) {
    const counts = verdicts.get(webhook_id) ?? zeros(VERDICT_KINDS);
    verdicts.set(webhook_id, { ...counts, [verdict]: counts[verdict] + total });
  }
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}
