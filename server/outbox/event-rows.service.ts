/** Stores events, each later than the events of its document that are stored already. */
import type { Knex } from 'knex';
import type { EventTimes } from '../capture/event-time';
import type { WebhookEvent } from '../contract/event';
import { jsonText } from '../json/json-text';
import { TABLES } from './models';
import type { EventRow } from './rows';
import { CHUNK, chunksOf, type Tables } from './tables.service';

export type EventRows = {
  /** Answers the stored JSON of each event, by its id. */
  storeEvents(
    events: readonly WebhookEvent[],
    trx: Knex.Transaction,
  ): Promise<ReadonlyMap<string, string>>;
};

/** `created_at` is the event's own time, with which later events of its document are compared. */
export const eventRowOf = (event: WebhookEvent): EventRow => ({
  event_id: event.id,
  payload: jsonText(event),
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

  const storeEvents: EventRows['storeEvents'] = async (events, trx) => {
    const rows = events.map(eventRowOf);
    const documentIds = [...new Set(events.flatMap(({ documentId }) => documentId ?? []))];
    const since = Math.min(...rows.map((row) => Number(row.created_at)));
    const [first = [], ...rest] = chunksOf(rows);
    const latest = await insertBehind(first, latestOf(documentIds, { since, trx }), trx);
    if (latest === 0) {
      for (const chunk of rest) await tables.events(trx).insert(chunk);
      return payloadsOf(rows);
    }
    const ids = first.map(({ event_id }) => event_id);
    await tables.events(trx).whereIn('event_id', ids).delete();
    const later = events.map((event) => eventRowOf({ ...event, time: eventTime(latest) }));
    for (const chunk of chunksOf(later)) await tables.events(trx).insert(chunk);
    return payloadsOf(later);
  };

  return { storeEvents };
};

const payloadsOf = (rows: readonly EventRow[]) =>
  new Map(rows.map(({ event_id, payload }) => [event_id, payload]));
