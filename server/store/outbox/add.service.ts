/** Stores events and their deliveries, in the transaction of the change that made them. */
import type { Knex } from 'knex';
import type { WebhookEvent } from '../../contract/event';
import type { VerdictKind } from '../../contract/document';
import type { WebhookSettings } from '../../contract/webhook';
import { ownerOf } from './claim-id';
import type { ClaimedRow } from './claim.service';
import type { EventRows } from './event-rows.service';
import type { Following } from './following.service';
import { attemptRowOf, withoutNul, type DeliveryRow, type NewAttempt } from './rows';
import { addAttempts } from './settle.service';
import { chunksOf } from '../../strapi/chunks';
import type { Tables } from './tables.service';

export type Addressee = { id: string } & Pick<
  WebhookSettings,
  'name' | 'format' | 'serialization'
> & {
    /** Stored for the log alone, and for who sends it later by hand. */
    cancelledBecause?: string;
  };
export type Addressed = { event: WebhookEvent; webhooks: Addressee[] };

type NewDelivery = Omit<DeliveryRow, 'id' | 'verdict'> & { verdict?: VerdictKind | null };
type Claim = { claimId: string; leaseUntil: number };

/** A delivery that was stored as claimed already, with its event at hand. */
export type Handed = { row: ClaimedRow; payload: string };

export type AddContext = {
  trx: Knex.Transaction;
  now: number;
  /** A claim of whoever sends right after the commit; null where nobody can. */
  claimFor?(webhookId: string): Claim | null;
};

/** The format is the webhook's of now, so that every attempt sends the same body whatever is edited meanwhile. */
const deliveryRow = (event: WebhookEvent, webhook: Addressee, now: number): NewDelivery => ({
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
});

const claimed = (row: NewDelivery, claim: Claim | null): NewDelivery =>
  claim && row.state === 'pending'
    ? { ...row, state: 'sending', claim_id: claim.claimId, due_at: claim.leaseUntil }
    : row;

const keyOf = ({ event_id, webhook_id }: Pick<DeliveryRow, 'event_id' | 'webhook_id'>) =>
  `${event_id} ${webhook_id}`;

type AddParts = Pick<Following, 'crowded'> & Pick<EventRows, 'storeEvents'>;

export const createAdd = (tables: Tables, { crowded, storeEvents }: AddParts) => {
  /** As claimed, where nothing of the same document comes first. */
  const withClaims = async (
    rows: NewDelivery[],
    { trx, claimFor }: AddContext,
  ): Promise<NewDelivery[]> => {
    const claims = rows.map((row) => claimFor?.(row.webhook_id) ?? null);
    const owner = ownerOf(claims.find((claim) => claim !== null)?.claimId ?? null);
    if (owner === null) return rows;
    const mustWait = await crowded(
      rows.filter((_, index) => claims[index] !== null),
      { owner, trx },
    );
    return rows.map((row, index) => claimed(row, mustWait(row) ? null : (claims[index] ?? null)));
  };

  const addDeliveries = async (
    rows: NewDelivery[],
    trx: Knex.Transaction,
  ): Promise<ClaimedRow[]> => {
    if (rows.every(({ claim_id }) => claim_id === null)) {
      for (const chunk of chunksOf(rows)) await tables.deliveries(trx).insert(chunk);
      return [];
    }
    const ids = new Map<string, number>();
    for (const chunk of chunksOf(rows)) {
      const stored = await tables.deliveries(trx).insert(chunk, ['id', 'event_id', 'webhook_id']);
      for (const row of stored as DeliveryRow[]) ids.set(keyOf(row), row.id);
    }
    return rows
      .filter(({ claim_id }) => claim_id !== null)
      .map((row) => ({ ...row, id: ids.get(keyOf(row)) }) as ClaimedRow);
  };

  /** Answers what was stored as claimed. MySQL tells no new ids of many rows, so there nothing is. */
  return async (addressed: readonly Addressed[], context: AddContext): Promise<Handed[]> => {
    const { trx, now } = context;
    const claimFor = tables.dialect === 'mysql' ? undefined : context.claimFor;
    const rows = await withClaims(
      addressed.flatMap(({ event, webhooks }) =>
        webhooks.map((webhook) => deliveryRow(event, webhook, now)),
      ),
      { ...context, claimFor },
    );
    const payloads = await storeEvents(
      addressed.map(({ event }) => event),
      trx,
    );
    const handed = await addDeliveries(rows, trx);
    return handed.map((row) => ({ row, payload: payloads.get(row.event_id) ?? '' }));
  };
};

/** Removes events that were stored in this transaction, with their deliveries. None of these may be claimed already. */
export const createTakeBack =
  (tables: Tables) =>
  async (eventIds: readonly string[], trx: Knex.Transaction): Promise<void> => {
    for (const chunk of chunksOf(eventIds)) {
      await tables.deliveries(trx).whereIn('event_id', chunk).delete();
      await tables.eventParts(trx).whereIn('event_id', chunk).delete();
      await tables.events(trx).whereIn('event_id', chunk).delete();
    }
  };

/** A call that was made while somebody waited for it: a test, or a validation. No dispatcher ever claims it. */
export type FinishedCall = {
  webhook: Addressee;
  attempt: NewAttempt;
  isDelivered: boolean;
  isTest: boolean;
  /** Why it is not tried again by itself, where it was not delivered. */
  reason: string;
  verdict: VerdictKind | null;
};

const finishedRow = (event: WebhookEvent, call: FinishedCall): NewDelivery => ({
  ...deliveryRow(event, call.webhook, call.attempt.at),
  state: call.isDelivered ? 'delivered' : 'dead',
  reason: call.isDelivered ? null : withoutNul(call.reason),
  attempt_count: 1,
  trigger: call.attempt.trigger,
  is_test: call.isTest,
  delivered_at: call.isDelivered ? call.attempt.at : null,
  verdict: call.verdict,
});

/** Stores an event with calls that are over, one for each webhook: each a delivery with its one attempt. */
export const createAddFinished = (tables: Tables, { storeAsIs }: Pick<EventRows, 'storeAsIs'>) => {
  /** MySQL returns the new id of one row, the others the columns that are asked for of all of them. */
  const idsOf = async (
    rows: NewDelivery[],
    trx: Knex.Transaction,
  ): Promise<Map<string, number>> => {
    const ids = new Map<string, number>();
    if (tables.dialect !== 'mysql') {
      const stored = await tables.deliveries(trx).insert(rows, ['id', 'webhook_id']);
      for (const { id, webhook_id } of stored as DeliveryRow[]) ids.set(webhook_id, id);
      return ids;
    }
    for (const row of rows) {
      const [id] = await tables.deliveries(trx).insert(row);
      ids.set(row.webhook_id, Number(id));
    }
    return ids;
  };

  const addCalls = async (
    event: WebhookEvent,
    calls: readonly FinishedCall[],
    trx: Knex.Transaction,
  ) => {
    const rows = calls.map((call) => finishedRow(event, call));
    const ids = await idsOf(rows, trx);
    const how = { isFirst: true, statementBytes: await tables.statementBytes(trx) };
    const attempts = calls.map(({ webhook, attempt }) =>
      attemptRowOf(ids.get(webhook.id) as number, attempt, how),
    );
    await addAttempts(tables, attempts, trx);
  };

  return async (
    event: WebhookEvent,
    calls: readonly FinishedCall[],
    { trx }: { trx: Knex.Transaction },
  ): Promise<void> => {
    if (calls.length === 0) return;
    await storeAsIs(event, trx);
    for (const chunk of chunksOf(calls)) await addCalls(event, chunk, trx);
  };
};
