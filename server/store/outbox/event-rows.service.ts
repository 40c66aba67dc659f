/** Stores events, each later than the events of its document that are stored already. */
import type { Knex } from 'knex';
import type { EventTimes } from '../event-time';
import type { WebhookEvent } from '../../contract/event';
import { TABLES } from './models';
import { CHUNK, chunksOf } from '../../strapi/chunks';
import type { DeliveryRow, EventPartRow, EventRow } from './rows';
import { bytesInStatement, chunksBySize, piecesOf, ROW_BYTES } from './sizes';
import { storedTextOf } from './stored-event';
import type { Tables } from './tables.service';

export type EventRows = {
  /** Answers the stored JSON of each event, by its id. */
  storeEvents(
    events: readonly WebhookEvent[],
    trx: Knex.Transaction,
  ): Promise<ReadonlyMap<string, string>>;
  /** With the time that it has. */
  storeAsIs(event: WebhookEvent, trx: Knex.Transaction): Promise<void>;
  /** The stored JSON of the events of deliveries, by id. */
  eventsOf(rows: readonly Pick<DeliveryRow, 'event_id'>[]): Promise<Map<string, string>>;
};

/** `created_at` is the event's own time, with which later events of its document are compared. */
const eventRowOf = (event: WebhookEvent): EventRow => ({
  event_id: event.id,
  payload: storedTextOf(event),
  created_at: Date.parse(event.time),
});

export const createEventRows = (tables: Tables, eventTime: EventTimes): EventRows => {
  /**
   * The latest event of these documents, as far as it is not earlier than `since`. Hardly ever is there one: the index
   * of `created_at` ends before. The documents of very many events are not named; another's latest event does no harm.
   */
  const latestOf = (
    documentIds: readonly string[],
    { since, trx }: { since: number; trx: Knex.Transaction },
  ): Knex.QueryBuilder => {
    const found = tables
      .otherDeliveries('delivery', trx)
      .join({ event: TABLES.events }, 'event.event_id', 'delivery.event_id')
      .where('event.created_at' as 'created_at', '>=', since);
    if (documentIds.length <= CHUNK)
      found.whereIn('delivery.document_id' as 'document_id', documentIds);
    return found.max({ latest: 'event.created_at' as 'created_at' });
  };

  /**
   * Inserts the rows and answers the latest time (ms) of these documents before that, 0 without one. PostgreSQL answers
   * it with the insert, at no further query. MySQL cannot. SQLite has one process, whose times rise anyway.
   */
  const insertBehind = async (
    rows: readonly EventRow[],
    latest: Knex.QueryBuilder,
    trx: Knex.Transaction,
  ): Promise<number> => {
    if (tables.dialect !== 'postgres') {
      const [found] = tables.dialect === 'mysql' ? await latest : [];
      await tables.events(trx).insert(rows);
      return Number(found?.latest ?? 0);
    }
    const [stored] = await tables.events(trx).insert(rows, [latest.as('latest')] as never);
    return Number((stored as { latest: string | null } | undefined)?.latest ?? 0);
  };

  const insertRest = async (rest: Chunks, trx: Knex.Transaction): Promise<void> => {
    for (const chunk of rest.rows) await tables.events(trx).insert(chunk);
    for (const part of rest.parts) await tables.eventParts(trx).insert(part);
  };

  const storeEvents: EventRows['storeEvents'] = async (events, trx) => {
    const statementBytes = await tables.statementBytes(trx);
    const whole = events.map(eventRowOf);
    const documentIds = [...new Set(events.flatMap(({ documentId }) => documentId ?? []))];
    const since = Math.min(...whole.map((row) => Number(row.created_at)));
    const { rows, parts } = chunksFor(whole, statementBytes);
    const [first = [], ...rest] = rows;
    const latest = await insertBehind(first, latestOf(documentIds, { since, trx }), trx);
    if (latest === 0) {
      await insertRest({ rows: rest, parts }, trx);
      return payloadsOf(whole);
    }
    const ids = first.map(({ event_id }) => event_id);
    await tables.events(trx).whereIn('event_id', ids).delete();
    const later = events.map((event) => eventRowOf({ ...event, time: eventTime(latest) }));
    await insertRest(chunksFor(later, statementBytes), trx);
    return payloadsOf(later);
  };

  const storeAsIs: EventRows['storeAsIs'] = async (event, trx) => {
    const statementBytes = await tables.statementBytes(trx);
    await insertRest(chunksFor([eventRowOf(event)], statementBytes), trx);
  };

  /** One event at a time: each of these is large. */
  const wholeOf = async ({ event_id, payload }: EventRow): Promise<string> => {
    if (!payload.startsWith(IN_PARTS)) return payload;
    const parts = (await tables
      .eventParts()
      .where({ event_id })
      .orderBy('position')
      .select('text')) as Pick<EventPartRow, 'text'>[];
    return parts.map(({ text }) => text).join('');
  };

  const eventsOf: EventRows['eventsOf'] = async (deliveries) => {
    const found = new Map<string, string>();
    for (const ids of chunksOf([...new Set(deliveries.map((row) => row.event_id))])) {
      const rows = (await tables
        .events()
        .whereIn('event_id', ids)
        .select('event_id', 'payload')) as EventRow[];
      for (const row of rows) found.set(row.event_id, await wholeOf(row));
    }
    return found;
  };

  return { storeEvents, storeAsIs, eventsOf };
};

/** The payload of an event that stands in the table of parts. No JSON begins so. */
const IN_PARTS = 'parts:';

/** What each statement inserts. */
type Chunks = { rows: EventRow[][]; parts: EventPartRow[] };

const bytesOfEvent = ({ payload }: EventRow) => bytesInStatement(payload) + ROW_BYTES;

function chunksFor(whole: readonly EventRow[], statementBytes: number): Chunks {
  const parts: EventPartRow[] = [];
  const rows = whole.map((row) => {
    if (bytesOfEvent(row) <= statementBytes) return row;
    const pieces = piecesOf(row.payload, statementBytes);
    pieces.forEach((text, position) => parts.push({ event_id: row.event_id, position, text }));
    return { ...row, payload: `${IN_PARTS}${pieces.length}` };
  });
  return { rows: chunksBySize(rows, bytesOfEvent, statementBytes), parts };
}

const payloadsOf = (rows: readonly EventRow[]) =>
  new Map(rows.map(({ event_id, payload }) => [event_id, payload]));
