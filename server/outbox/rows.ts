/** The rows of the outbox as they stand in the database, and as the API answers them. */
import type {
  Attempt,
  Delivery,
  DeliveryState,
  OutcomeName,
  RecordedRequest,
  Trigger,
} from '../contract/delivery';
import type { VerdictKind } from '../contract/verdict';
import type { Format, Serialization } from '../contract/webhook';

/** Big integers arrive as text from PostgreSQL and MySQL. */
export type Moment = number | string;

export type EventRow = { event_id: string; payload: string; created_at: Moment };

export type DeliveryRow = {
  id: number;
  event_id: string;
  event: string;
  webhook_id: string;
  webhook_name: string;
  format: Format;
  serialization: Serialization;
  state: DeliveryState;
  reason: string | null;
  attempt_count: number;
  due_at: Moment;
  claim_id: string | null;
  trigger: Trigger;
  is_test: boolean | number;
  created_at: Moment;
  delivered_at: Moment | null;
  uid: string | null;
  document_id: string | null;
  locale: string | null;
  verdict: VerdictKind | null;
};

export type AttemptRow = {
  id: number;
  delivery_id: number;
  at: Moment;
  duration_ms: number;
  outcome: OutcomeName;
  trigger: Trigger;
  request: string;
  body: string | null;
  response: string | null;
  error: string | null;
};

export type NewAttempt = Omit<Attempt, 'id' | 'at'> & { at: number };

const iso = (moment: Moment | null) =>
  moment === null ? null : new Date(Number(moment)).toISOString();
const isWaiting = (state: DeliveryState) => state === 'pending' || state === 'retrying';

/** `webhookNames` holds the webhooks that exist. */
export const deliveryOf = (
  row: DeliveryRow,
  webhookNames: ReadonlyMap<string, string>,
): Delivery => ({
  id: String(row.id),
  eventId: row.event_id,
  event: row.event,
  webhook: {
    id: row.webhook_id,
    name: webhookNames.get(row.webhook_id) ?? row.webhook_name,
    isDeleted: !webhookNames.has(row.webhook_id),
  },
  state: row.state,
  reason: row.reason,
  attemptCount: row.attempt_count,
  nextAttemptAt: isWaiting(row.state) ? iso(row.due_at) : null,
  createdAt: iso(row.created_at) ?? '',
  deliveredAt: iso(row.delivered_at),
  uid: row.uid,
  documentId: row.document_id,
  locale: row.locale,
  isTest: Boolean(row.is_test),
  verdict: row.verdict ?? null,
});

/** `body` is what the delivery's first attempt sent; later ones sent the same. */
export const attemptOf = (row: AttemptRow, body: string): Attempt => ({
  id: String(row.id),
  at: iso(row.at) ?? '',
  durationMs: row.duration_ms,
  outcome: row.outcome,
  trigger: row.trigger,
  request: {
    ...(JSON.parse(row.request) as Omit<RecordedRequest, 'body'>),
    body: row.body ?? body,
  },
  response: row.response === null ? null : JSON.parse(row.response),
  error: row.error,
});

export const attemptRowOf = (
  deliveryId: number,
  attempt: NewAttempt,
  isFirst: boolean,
): Omit<AttemptRow, 'id'> => {
  const { body, ...request } = attempt.request;
  return {
    delivery_id: deliveryId,
    at: attempt.at,
    duration_ms: Math.round(attempt.durationMs),
    outcome: attempt.outcome,
    trigger: attempt.trigger,
    request: JSON.stringify(request),
    // Empty where the request could not be made: then it is still to be made, not to be sent empty again.
    body: isFirst && body !== '' ? body : null,
    response: attempt.response === null ? null : JSON.stringify(attempt.response),
    error: attempt.error,
  };
};
