/** Stores events and their deliveries, in the transaction of the change that made them. */
import type { Knex } from 'knex';
import type { WebhookEvent } from '../../contract/event';
import type { VerdictKind } from '../../contract/document';
import type { WebhookSettings } from '../../contract/webhook';
import { chunksOf, readInChunks } from '../../strapi/chunks';
import { returnsRows } from '../dialect';
import type { Tables } from '../tables.service';
import { addAttempts } from './attempts.service';
import { ownerOf, type Claim, type ClaimedRow } from './claim.service';
import { UNANSWERED } from './due.service';
import { storeEventAsIs, storeEvents, type EventTimes } from './events.service';
import { attemptRowOf, withoutNul, type DeliveryRow, type NewAttempt } from './rows';

type Addressee = { id: string } & Pick<WebhookSettings, 'name' | 'format' | 'serialization'> & {
    /** Stored only for the log, and so that it can be sent by hand later. */
    cancelledBecause?: string;
  };
export type Addressed = { event: WebhookEvent; webhooks: Addressee[] };

type NewDelivery = Omit<DeliveryRow, 'id' | 'verdict'> & { verdict?: VerdictKind | null };

/** A delivery that was stored as claimed already, with its event at hand. */
export type Handed = { row: ClaimedRow; payload: string };

type AddContext = {
  trx: Knex.Transaction;
  now: number;
  /** A claim of the process that sends right after the commit; null if nobody can. */
  claimFor?(webhookId: string): Claim | null;
};

/** A call that was made while somebody waited for it: a test, or a validation. No dispatcher ever claims it. */
export type FinishedCall = {
  webhook: Addressee;
  attempt: NewAttempt;
  isDelivered: boolean;
  isTest: boolean;
  /** If it was not delivered: why it is not tried again automatically. */
  reason: string;
  verdict: VerdictKind | null;
};

/** An event with calls that are over, one for each webhook. */
export type Finished = { event: WebhookEvent; calls: readonly FinishedCall[] };

/** Returns what was stored as claimed. MySQL answers no new ids of many rows, so nothing is claimed there. */
export async function addDeliveries(
  { tables, eventTime }: { tables: Tables; eventTime: EventTimes },
  addressed: readonly Addressed[],
  { trx, now, claimFor }: AddContext,
): Promise<Handed[]> {
  const rows = addressed.flatMap(({ event, webhooks }) =>
    webhooks.map((webhook) => deliveryRowOf(event, webhook, now)),
  );
  const claimed =
    claimFor && returnsRows(tables.database)
      ? await withClaims(tables, rows, { trx, claimFor })
      : rows;
  const events = addressed.map(({ event }) => event);
  const payloads = await storeEvents(tables, events, { trx, eventTime });
  const handed = await insertDeliveries(tables, claimed, trx);
  return handed.map((row) => ({ row, payload: payloads.get(row.event_id) ?? '' }));
}

/** Stores calls that are over: each is a delivery with its one attempt. */
export async function addFinished(
  tables: Tables,
  { event, calls }: Finished,
  trx: Knex.Transaction,
): Promise<void> {
  if (calls.length === 0) return;
  await storeEventAsIs(tables, event, trx);
  const how = { isFirst: true, statementBytes: await tables.statementBytes(trx) };
  for (const chunk of chunksOf(calls)) {
    const rows = chunk.map((call) => finishedRowOf(event, call));
    const ids = await insertedIds(tables, rows, trx);
    const attempts = chunk.map(({ webhook, attempt }) => {
      const id = ids.get(deliveryKeyOf({ event_id: event.id, webhook_id: webhook.id }));
      return attemptRowOf(id as number, attempt, how);
    });
    await addAttempts(tables, attempts, trx);
  }
}

/** The format is the webhook's of now, so that every attempt sends the same body whatever is edited meanwhile. */
function deliveryRowOf(event: WebhookEvent, webhook: Addressee, now: number): NewDelivery {
  return {
    event_id: event.id,
    event: event.name,
    webhook_id: webhook.id,
    webhook_name: webhook.name,
    format: webhook.format,
    serialization: webhook.serialization,
    state: webhook.cancelledBecause === undefined ? 'pending' : 'cancelled',
    reason: webhook.cancelledBecause ?? null,
    attempt_count: 0,
    due_at: now,
    claim_id: null,
    trigger: 'automatic',
    is_test: false,
    created_at: now,
    delivered_at: null,
    uid: event.uid,
    document_id: event.documentId,
    locale: event.locale,
  };
}

function finishedRowOf(event: WebhookEvent, call: FinishedCall): NewDelivery {
  return {
    ...deliveryRowOf(event, call.webhook, call.attempt.at),
    state: call.isDelivered ? 'delivered' : 'dead',
    reason: call.isDelivered ? null : withoutNul(call.reason),
    attempt_count: 1,
    trigger: call.attempt.trigger,
    is_test: call.isTest,
    delivered_at: call.isDelivered ? call.attempt.at : null,
    verdict: call.verdict,
  };
}

/** The rows as claimed, where no other delivery of the same document comes first. */
async function withClaims(
  tables: Tables,
  rows: NewDelivery[],
  { trx, claimFor }: Required<Pick<AddContext, 'trx' | 'claimFor'>>,
): Promise<NewDelivery[]> {
  const claims = rows.map((row) => claimFor(row.webhook_id));
  const owner = ownerOf(claims.find((claim) => claim !== null)?.claimId ?? null);
  if (owner === null) return rows;
  const claimable = rows.filter((_, index) => claims[index] !== null);
  const mustWait = await crowded(tables, claimable, { owner, trx });
  return rows.map((row, index) => {
    const claim = claims[index];
    if (!claim || mustWait(row) || row.state !== 'pending') return row;
    return { ...row, state: 'sending', claim_id: claim.claimId, due_at: claim.leaseUntil };
  });
}

async function insertDeliveries(
  tables: Tables,
  rows: NewDelivery[],
  trx: Knex.Transaction,
): Promise<ClaimedRow[]> {
  const claimed = rows.filter(({ claim_id }) => claim_id !== null);
  const ids = new Map<string, number>();
  for (const chunk of chunksOf(rows)) {
    if (claimed.length === 0) await tables.deliveries(trx).insert(chunk);
    else for (const [key, id] of await insertedIds(tables, chunk, trx)) ids.set(key, id);
  }
  return claimed.map((row) => ({ ...row, id: ids.get(deliveryKeyOf(row)) }) as ClaimedRow);
}

function deliveryKeyOf({ event_id, webhook_id }: Pick<DeliveryRow, 'event_id' | 'webhook_id'>) {
  return `${event_id} ${webhook_id}`;
}

/** Inserts the rows, and returns their ids by event and webhook. */
async function insertedIds(
  tables: Tables,
  rows: NewDelivery[],
  trx: Knex.Transaction,
): Promise<Map<string, number>> {
  if (returnsRows(tables.database)) {
    const columns = ['id', 'event_id', 'webhook_id'] as const;
    const stored: DeliveryRow[] = await tables.deliveries(trx).insert(rows, columns);
    return new Map(stored.map((row) => [deliveryKeyOf(row), row.id]));
  }
  const ids = new Map<string, number>();
  for (const row of rows) {
    const [id] = await tables.deliveries(trx).insert(row);
    ids.set(deliveryKeyOf(row), Number(id));
  }
  return ids;
}

/** First attempts of deliveries of one document to one webhook are made one after the other. */
type Place = Pick<DeliveryRow, 'webhook_id' | 'document_id'>;

/** The deliveries of one document that one process may hold for one webhook without an answer. */
const MOST_OF_DOCUMENT = 8;
const MOST_UNANSWERED = 500;

/**
 * Which of the places that a process is about to store as claimed must wait in the database instead: an earlier delivery
 * waits there, or another process holds one, or this process holds many already.
 */
async function crowded(
  tables: Tables,
  places: readonly Place[],
  { owner, trx }: { owner: string; trx: Knex.Transaction },
): Promise<(place: Place) => boolean> {
  const ofDocuments = places.filter(({ document_id }) => document_id !== null);
  if (ofDocuments.length === 0) return () => false;
  const documentIds = [...new Set(ofDocuments.map(({ document_id }) => document_id))];
  const webhookIds = [...new Set(ofDocuments.map(({ webhook_id }) => webhook_id))];
  const rows = await readInChunks<string | null, DeliveryRow>(documentIds, (chunk) =>
    tables
      .deliveries(trx)
      .whereIn('document_id', chunk)
      .whereIn('webhook_id', webhookIds)
      .whereIn('state', UNANSWERED)
      .where('attempt_count', 0)
      .limit(MOST_UNANSWERED)
      .select('webhook_id', 'document_id', 'claim_id'),
  );
  if (rows.length >= MOST_UNANSWERED) return () => true;
  const held = new Map<string, number>();
  const keyOfPlace = ({ webhook_id, document_id }: Place) => `${webhook_id} ${document_id}`;
  for (const row of rows) {
    const weight = ownerOf(row.claim_id) === owner ? 1 : MOST_OF_DOCUMENT;
    held.set(keyOfPlace(row), (held.get(keyOfPlace(row)) ?? 0) + weight);
  }
  return (place) => (held.get(keyOfPlace(place)) ?? 0) >= MOST_OF_DOCUMENT;
}
