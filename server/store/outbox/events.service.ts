/** Events: their ids, their times, and their rows. An event is later than the stored events of its document. */
import type { Knex } from 'knex';
import { v7 } from 'uuid';
import type { WebhookEvent } from '../../contract/event';
import {
  CHUNK,
  chunksOf,
  readInChunks,
  bytesInStatement,
  chunksBySize,
  piecesOf,
  ROW_BYTES,
} from '../../strapi/chunks';
import { hasOneWriter, returnsRows } from '../dialect';
import { TABLES } from '../models';
import type { Tables } from '../tables.service';
import { storedTextOf, type DeliveryRow, type EventPartRow, type EventRow } from './rows';

/** `evt_` and a UUIDv7 (RFC 9562) without dashes: unique, and sortable by time. Receivers recognize duplicates by it. */
export function eventId(): string {
  return `evt_${v7().replaceAll('-', '')}`;
}

/**
 * The times of events rise strictly within a process: several are stored in one transaction, often in the same
 * millisecond, and receivers put events in order by their time.
 */
export function createEventTimes(now: () => number) {
  let last = 0;
  /** ISO 8601. `after`: the time (ms) of an earlier event of the same document, which may be another process's. */
  return (after = 0): string => {
    last = Math.max(now(), last + 1, after + 1);
    return new Date(last).toISOString();
  };
}

export type EventTimes = ReturnType<typeof createEventTimes>;

/** Returns the stored JSON of each event, by its id. */
export async function storeEvents(
  tables: Tables,
  events: readonly WebhookEvent[],
  { trx, eventTime }: { trx: Knex.Transaction; eventTime: EventTimes },
): Promise<ReadonlyMap<string, string>> {
  const statementBytes = await tables.statementBytes(trx);
  const whole = events.map(eventRowOf);
  const { rows, parts } = chunksFor(whole, statementBytes);
  const [first = [], ...rest] = rows;
  const latest = await insertBehind(tables, first, {
    latest: latestTimeOf(tables, { events, whole, trx }),
    trx,
  });
  if (latest === 0) {
    await insertChunks(tables, { rows: rest, parts }, trx);
    return payloadsOf(whole);
  }
  const ids = first.map(({ event_id }) => event_id);
  await tables.events(trx).whereIn('event_id', ids).delete();
  const later = events.map((event) => eventRowOf({ ...event, time: eventTime(latest) }));
  await insertChunks(tables, chunksFor(later, statementBytes), trx);
  return payloadsOf(later);
}

/** Stores the event with the time that it has. */
export async function storeEventAsIs(
  tables: Tables,
  event: WebhookEvent,
  trx: Knex.Transaction,
): Promise<void> {
  const statementBytes = await tables.statementBytes(trx);
  await insertChunks(tables, chunksFor([eventRowOf(event)], statementBytes), trx);
}

/** The stored JSON of the events of deliveries, by id. */
export async function eventsOf(
  tables: Tables,
  deliveries: readonly Pick<DeliveryRow, 'event_id'>[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const ids = [...new Set(deliveries.map(({ event_id }) => event_id))];
  const rows = await readInChunks<string, EventRow>(ids, (chunk) =>
    tables.events().whereIn('event_id', chunk).select('event_id', 'payload'),
  );
  for (const row of rows) found.set(row.event_id, await wholePayloadOf(tables, row));
  return found;
}

/** The events of these ids as JSON, without those of more characters, which are not read at all. */
export async function smallEvents(
  tables: Tables,
  ids: readonly string[],
  most: number,
): Promise<string[]> {
  const rows = await readInChunks<string, EventRow>(ids, (chunk) =>
    tables
      .events()
      .whereIn('event_id', chunk)
      .whereRaw('length(payload) <= ?', [most])
      .select('payload'),
  );
  return rows.map(({ payload }) => payload);
}

/** Removes events that were stored in this transaction, with their deliveries. None of these may be claimed already. */
export async function takeBack(
  tables: Tables,
  eventIds: readonly string[],
  trx: Knex.Transaction,
): Promise<void> {
  for (const chunk of chunksOf(eventIds)) {
    await tables.deliveries(trx).whereIn('event_id', chunk).delete();
    await tables.eventParts(trx).whereIn('event_id', chunk).delete();
    await tables.events(trx).whereIn('event_id', chunk).delete();
  }
}

type Latest = {
  whole: readonly EventRow[];
  events: readonly WebhookEvent[];
  trx: Knex.Transaction;
};

/**
 * The latest stored event of these documents, as far as it is not earlier than the first of the new ones. There is hardly
 * ever one: the index of `created_at` ends before. The documents of very many events are not named; the latest event of
 * another document does no harm.
 */
function latestTimeOf(tables: Tables, { whole, events, trx }: Latest): Knex.QueryBuilder {
  const since = Math.min(...whole.map(({ created_at }) => Number(created_at)));
  const documentIds = [...new Set(events.flatMap(({ documentId }) => documentId ?? []))];
  const found = tables
    .otherDeliveries('delivery', trx)
    .join({ event: TABLES.events }, 'event.event_id', 'delivery.event_id')
    .where('event.created_at', '>=', since);
  if (documentIds.length <= CHUNK) found.whereIn('delivery.document_id', documentIds);
  return found.max({ latest: 'event.created_at' });
}

/**
 * Inserts the rows and returns the latest time (ms) of these documents before that, 0 without one. PostgreSQL answers
 * that time with the insert, at no further query. SQLite has one process, whose times rise anyway.
 */
async function insertBehind(
  tables: Tables,
  rows: readonly EventRow[],
  { latest, trx }: { latest: Knex.QueryBuilder; trx: Knex.Transaction },
): Promise<number> {
  const isSure = hasOneWriter(tables.database);
  if (isSure || !returnsRows(tables.database)) {
    const [found] = isSure ? [] : await latest;
    await tables.events(trx).insert(rows);
    return Number(found?.latest ?? 0);
  }
  const [stored] = await tables.events(trx).insert(rows, [latest.as('latest')] as never);
  return Number((stored as { latest: string | null } | undefined)?.latest ?? 0);
}

async function insertChunks(
  tables: Tables,
  { rows, parts }: Chunks,
  trx: Knex.Transaction,
): Promise<void> {
  for (const chunk of rows) await tables.events(trx).insert(chunk);
  for (const part of parts) await tables.eventParts(trx).insert(part);
}

/** `created_at` is the event's own time, with which later events of its document are compared. */
function eventRowOf(event: WebhookEvent): EventRow {
  return {
    event_id: event.id,
    payload: storedTextOf(event),
    created_at: Date.parse(event.time),
  };
}

/** Begins the payload of an event that is in the table of parts. No JSON begins so. */
const IN_PARTS = 'parts:';

/** The rows that each statement inserts. */
type Chunks = { rows: EventRow[][]; parts: EventPartRow[] };

function chunksFor(whole: readonly EventRow[], statementBytes: number): Chunks {
  const bytesOf = ({ payload }: EventRow) => bytesInStatement(payload) + ROW_BYTES;
  const parts: EventPartRow[] = [];
  const rows = whole.map((row) => {
    if (bytesOf(row) <= statementBytes) return row;
    const pieces = piecesOf(row.payload, statementBytes);
    pieces.forEach((text, position) => parts.push({ event_id: row.event_id, position, text }));
    return { ...row, payload: `${IN_PARTS}${pieces.length}` };
  });
  return { rows: chunksBySize(rows, bytesOf, statementBytes), parts };
}

/** One event at a time: each of these is large. */
async function wholePayloadOf(tables: Tables, { event_id, payload }: EventRow): Promise<string> {
  if (!payload.startsWith(IN_PARTS)) return payload;
  const parts: Pick<EventPartRow, 'text'>[] = await tables
    .eventParts()
    .where({ event_id })
    .orderBy('position')
    .select('text');
  return parts.map(({ text }) => text).join('');
}

function payloadsOf(rows: readonly EventRow[]): Map<string, string> {
  return new Map(rows.map(({ event_id, payload }) => [event_id, payload]));
}
