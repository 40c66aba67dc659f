/** Stores events and their deliveries, in the transaction of the change that made them. */
import type { Knex } from 'knex';
import type { WebhookEvent } from '../contract/event';
import type { WebhookSettings } from '../contract/webhook';
import type { ClaimedRow } from './claim.service';
import type { DeliveryRow } from './rows';
import { chunksOf, type Tables } from './tables.service';

export type Addressee = { id: string } & Pick<WebhookSettings, 'name' | 'format' | 'serialization'>;
export type Addressed = { event: WebhookEvent; webhooks: Addressee[] };

type NewDelivery = Omit<DeliveryRow, 'id'>;
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
  state: 'pending',
  reason: null,
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
  claim ? { ...row, state: 'sending', claim_id: claim.claimId, due_at: claim.leaseUntil } : row;

const keyOf = ({ event_id, webhook_id }: Pick<DeliveryRow, 'event_id' | 'webhook_id'>) =>
  `${event_id} ${webhook_id}`;

export const createAdd = (tables: Tables) => {
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
    const payloads = new Map(addressed.map(({ event }) => [event.id, JSON.stringify(event)]));
    const events = [...payloads].map(([event_id, payload]) => ({
      event_id,
      payload,
      created_at: now,
    }));
    const rows = addressed.flatMap(({ event, webhooks }) =>
      webhooks.map((webhook) =>
        claimed(deliveryRow(event, webhook, now), claimFor?.(webhook.id) ?? null),
      ),
    );
    for (const chunk of chunksOf(events)) await tables.events(trx).insert(chunk);
    const handed = await addDeliveries(rows, trx);
    return handed.map((row) => ({ row, payload: payloads.get(row.event_id) ?? '' }));
  };
};

/** A test is a delivery that no dispatcher ever claims: it is stored when it is over. */
export const createAddTest =
  (tables: Tables) =>
  async (input: {
    event: WebhookEvent;
    webhook: Addressee;
    isDelivered: boolean;
    trx: Knex.Transaction;
    now: number;
  }): Promise<number> => {
    const { event, webhook, isDelivered, trx, now } = input;
    const row: NewDelivery = {
      ...deliveryRow(event, webhook, now),
      state: isDelivered ? 'delivered' : 'dead',
      reason: isDelivered ? null : 'A test is not tried again by itself.',
      attempt_count: 1,
      trigger: 'test',
      is_test: true,
      delivered_at: isDelivered ? now : null,
    };
    await tables
      .events(trx)
      .insert({ event_id: event.id, payload: JSON.stringify(event), created_at: now });
    // MySQL returns the new id, the others the columns that are asked for.
    const [inserted] = (await tables.deliveries(trx).insert(row, ['id'])) as (
      number | { id: number }
    )[];
    return typeof inserted === 'object' ? inserted.id : Number(inserted);
  };
