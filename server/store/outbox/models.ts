/**
 * The tables of the outbox. Plain database models, not content types: nothing in them is content, they raise no
 * events of their own, and a data transfer does not copy them, so no other environment sends what is ours.
 */
import { PLUGIN_ID } from '../../contract/names';

const TABLE = 'workflow_webhooks';

// Functions, because Strapi writes the column name into the very attribute object that it is given.
/** Milliseconds since 1970. `bigint`, because every database stores and compares it alike. */
const moment = () => ({ type: 'biginteger' });
const string = () => ({ type: 'string' });
const whole = () => ({ type: 'integer', column: { defaultTo: 0 } });
const text = () => ({ type: 'text' });
const id = () => ({ type: 'increments' });

export const TABLES = {
  events: `${TABLE}_events`,
  eventParts: `${TABLE}_event_parts`,
  deliveries: `${TABLE}_deliveries`,
  attempts: `${TABLE}_attempts`,
} as const;

/**
 * What happened, whole, as text: `jsonb` would reorder the keys of what is signed. A payload that one statement cannot take
 * is `parts:` and how many there are in the table of parts.
 */
const eventModel = {
  uid: `plugin::${PLUGIN_ID}.event-row`,
  tableName: TABLES.events,
  singularName: 'event-row',
  attributes: { id: id(), eventId: string(), payload: text(), createdAt: moment() },
  indexes: [
    { name: `${TABLES.events}_event_id`, columns: ['event_id'], type: 'unique' },
    { name: `${TABLES.events}_created_at`, columns: ['created_at'] },
  ],
};

const eventPartModel = {
  uid: `plugin::${PLUGIN_ID}.event-part-row`,
  tableName: TABLES.eventParts,
  singularName: 'event-part-row',
  attributes: { id: id(), eventId: string(), position: whole(), text: text() },
  indexes: [{ name: `${TABLES.eventParts}_event_id`, columns: ['event_id', 'position'] }],
};

/**
 * `due_at` is when a dispatcher may take the delivery: the next attempt's time, or, while it is being sent, the end
 * of the lease. So one index finds both what is due and what a dead process left behind. Of what is over, it is when
 * that was: the log keeps it from then on.
 */
const deliveryModel = {
  uid: `plugin::${PLUGIN_ID}.delivery-row`,
  tableName: TABLES.deliveries,
  singularName: 'delivery-row',
  attributes: {
    id: id(),
    eventId: string(),
    event: string(),
    webhookId: string(),
    webhookName: string(),
    format: string(),
    serialization: string(),
    state: string(),
    reason: text(),
    attemptCount: whole(),
    dueAt: moment(),
    claimId: string(),
    trigger: string(),
    isTest: { type: 'boolean', column: { defaultTo: false } },
    createdAt: moment(),
    deliveredAt: moment(),
    uid: string(),
    documentId: string(),
    locale: string(),
    /** Of a call to a validation endpoint: what its answer meant. */
    verdict: string(),
  },
  indexes: [
    { name: `${TABLES.deliveries}_due`, columns: ['webhook_id', 'state', 'due_at'] },
    { name: `${TABLES.deliveries}_created_at`, columns: ['created_at'] },
    { name: `${TABLES.deliveries}_event_id`, columns: ['event_id'] },
    // Finds the earlier deliveries of a document without reading any of its others.
    {
      name: `${TABLES.deliveries}_document`,
      columns: ['document_id', 'webhook_id', 'state', 'id'],
    },
  ],
};

/** `body` is null where the attempt before it sent the same, and where it does not fit: then `request` says how large it was. */
const attemptModel = {
  uid: `plugin::${PLUGIN_ID}.attempt-row`,
  tableName: TABLES.attempts,
  singularName: 'attempt-row',
  attributes: {
    id: id(),
    deliveryId: { type: 'integer' },
    at: moment(),
    durationMs: whole(),
    outcome: string(),
    trigger: string(),
    request: text(),
    body: text(),
    response: text(),
    error: text(),
  },
  indexes: [{ name: `${TABLES.attempts}_delivery_id`, columns: ['delivery_id'] }],
};

export const OUTBOX_MODELS = [eventModel, eventPartModel, deliveryModel, attemptModel];
