/** Stores events and their deliveries, in the transaction of the change that made them. */
import type { Knex } from 'knex';
import type { WebhookEvent } from '../contract/event';
import type { WebhookSettings } from '../contract/webhook';
import type { DeliveryRow } from './rows';
import { chunksOf, type Tables } from './tables.service';

export type Addressee = { id: string } & Pick<WebhookSettings, 'name' | 'format' | 'serialization'>;
export type Addressed = { event: WebhookEvent; webhooks: Addressee[] };

type NewDelivery = Omit<DeliveryRow, 'id'>;

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

export const createAdd =
  (tables: Tables) =>
  async (
    addressed: readonly Addressed[],
    { trx, now }: { trx: Knex.Transaction; now: number },
  ): Promise<void> => {
    const events = addressed.map(({ event }) => ({
      event_id: event.id,
      payload: JSON.stringify(event),
      created_at: now,
    }));
    const deliveries = addressed.flatMap(({ event, webhooks }) =>
      webhooks.map((webhook) => deliveryRow(event, webhook, now)),
    );
    for (const chunk of chunksOf(events)) await tables.events(trx).insert(chunk);
    for (const chunk of chunksOf(deliveries)) await tables.deliveries(trx).insert(chunk);
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
