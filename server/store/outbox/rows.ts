/** The rows of the outbox as the database holds them, as the API answers them, and events as stored text. Pure. */
import type {
  Attempt,
  Delivery,
  DeliveryState,
  OutcomeName,
  RecordedRequest,
  Trigger,
} from '../../contract/delivery';
import type { FieldChange, WebhookEvent } from '../../contract/event';
import type { VerdictKind } from '../../contract/document';
import type { Format, Serialization } from '../../contract/webhook';
import { bytesInStatement, ROW_BYTES } from '../../strapi/chunks';
import { jsonText } from '../json';

/** Big integers arrive as text from PostgreSQL and MySQL. */
export type Moment = number | string;

export function isoOf(moment: Moment | null): string | null {
  return moment === null ? null : new Date(Number(moment)).toISOString();
}

export type EventRow = { event_id: string; payload: string; created_at: Moment };

/** A part of a payload that is too large for one statement. */
export type EventPartRow = { event_id: string; position: number; text: string };

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

export type NewAttemptRow = Omit<AttemptRow, 'id'>;

/** `bodyBytes`: the size of a body that is not to be stored. */
export type NewAttempt = Omit<Attempt, 'id' | 'at'> & { at: number; bodyBytes?: number };

/** `bodyBytes`: the size of a body that was sent and is not stored. The next attempt makes the body anew. */
type StoredRequest = Omit<RecordedRequest, 'body'> & { bodyBytes?: number };

/** @param webhookNames the webhooks that exist, by id */
export function deliveryOf(row: DeliveryRow, webhookNames: ReadonlyMap<string, string>): Delivery {
  const isWaiting = row.state === 'pending' || row.state === 'retrying';
  return {
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
    nextAttemptAt: isWaiting ? isoOf(row.due_at) : null,
    createdAt: isoOf(row.created_at) ?? '',
    deliveredAt: isoOf(row.delivered_at),
    uid: row.uid,
    documentId: row.document_id,
    locale: row.locale,
    isTest: Boolean(row.is_test),
    verdict: row.verdict ?? null,
  };
}

/** @param body what the delivery's first attempt sent; later ones sent the same */
export function attemptOf(row: AttemptRow, body: string): Attempt {
  const { bodyBytes, ...request } = JSON.parse(row.request) as StoredRequest;
  const sent = bodyBytes === undefined ? body : notKept(bodyBytes);
  return {
    id: String(row.id),
    at: isoOf(row.at) ?? '',
    durationMs: row.duration_ms,
    outcome: row.outcome,
    trigger: row.trigger,
    request: { ...request, body: row.body ?? sent },
    response: row.response === null ? null : JSON.parse(row.response),
    error: row.error,
  };
}

/** The body that all attempts of a delivery sent; a note if it was too large to be stored. */
export function sentBodyOf(attempts: readonly AttemptRow[]): string {
  const kept = attempts.find(({ body }) => body !== null)?.body;
  if (kept != null) return kept;
  const sizes = attempts.map(({ request }) => (JSON.parse(request) as StoredRequest).bodyBytes);
  const bytes = sizes.find((size) => size !== undefined);
  return bytes === undefined ? '' : notKept(bytes);
}

export function attemptRowOf(
  deliveryId: number,
  attempt: NewAttempt,
  { isFirst, statementBytes }: { isFirst: boolean; statementBytes: number },
): NewAttemptRow {
  const { body, ...request } = attempt.request;
  const row = {
    delivery_id: deliveryId,
    at: attempt.at,
    duration_ms: Math.round(attempt.durationMs),
    outcome: attempt.outcome,
    trigger: attempt.trigger,
    request: JSON.stringify(request),
    // Empty if the request could not be made: the next attempt makes it, and must not send an empty one.
    body: isFirst && body !== '' ? withoutNul(body) : null,
    response: attempt.response === null ? null : JSON.stringify(attempt.response),
    error: attempt.error === null ? null : withoutNul(attempt.error),
  };
  if (bytesOfAttempt(row) <= statementBytes && attempt.bodyBytes === undefined) return row;
  const bodyBytes = attempt.bodyBytes ?? Buffer.byteLength(body);
  const small = { ...row, request: JSON.stringify({ ...request, bodyBytes }), body: null };
  if (bytesOfAttempt(small) <= statementBytes || attempt.response === null) return small;
  return { ...small, response: JSON.stringify(withoutBody(attempt.response)) };
}

export function bytesOfAttempt({ request, body, response, error }: NewAttemptRow): number {
  const bytes = [request, body, response, error].map(bytesInStatement);
  return bytes.reduce((sum, one) => sum + one, ROW_BYTES);
}

/** The part of an attempt that every database stores, for one that could not be recorded whole. */
export function bareAttempt(attempt: NewAttempt): NewAttempt {
  const { request, response, error } = attempt;
  return {
    ...attempt,
    bodyBytes: Buffer.byteLength(request.body),
    request: { ...request, url: plainText(request.url), headers: {}, body: '' },
    response: response && withoutBody(response),
    error: error === null ? null : plainText(error),
  };
}

/** As much of a text as any column of any character set takes. */
export function plainText(text: string): string {
  return text.slice(0, 1000).replace(/[^\x20-\x7e\n]/g, '?');
}

/** PostgreSQL stores no NUL in a text. */
export function withoutNul(text: string): string {
  return text.replaceAll('\0', '\ufffd');
}

function withoutBody({ status, body }: NonNullable<NewAttempt['response']>) {
  return { status, headers: {}, body: notKept(Buffer.byteLength(body)) };
}

const MB = 1_000_000;

function notKept(bytes: number): string {
  const size = bytes < MB ? `${Math.ceil(bytes / 1000)} KB` : `${Math.round(bytes / MB)} MB`;
  return `[not kept: ${size}]`;
}

type Row = Record<string, unknown>;

/** Fields of `previous` that are as in `entry`; changed fields whose `from` is in `previous`, and whose `to` is in `entry`. */
type Shared = { previous: string[]; from: string[]; to: string[] };
type StoredEvent = WebhookEvent & { shared?: Shared };

/**
 * An event as text, with each large value once. `previous` repeats most of `entry`, and `changes` repeats both: a text of
 * 5 MB would be stored four times. A repeated value is null, and `shared` names it. Events of earlier versions have no
 * `shared`, and are read as they are.
 */
export function storedTextOf(event: WebhookEvent): string {
  const { entry, previous, changes } = event;
  const same = (field: string) => isShared(entry?.[field], previous?.[field]);
  const shared: Shared = {
    previous: Object.keys(previous ?? {}).filter(same),
    from: changes.flatMap(({ field, from }) => (isShared(from, previous?.[field]) ? field : [])),
    to: changes.flatMap(({ field, to }) => (isShared(to, entry?.[field]) ? field : [])),
  };
  if (Object.values(shared).every((fields) => fields.length === 0)) return jsonText(event);
  const stored: StoredEvent = { ...withValues(event, shared, () => null), shared };
  return jsonText(stored);
}

export function eventOf(text: string): WebhookEvent {
  const { shared, ...event } = JSON.parse(text) as StoredEvent;
  return shared ? withValues(event, shared, (row, field) => row?.[field]) : event;
}

/** The event with other values in its shared places, and all keys in their order. */
function withValues(
  event: WebhookEvent,
  { previous: same, from, to }: Shared,
  valueOf: (row: Row | null, field: string) => unknown,
): WebhookEvent {
  const isIn = { previous: new Set(same), from: new Set(from), to: new Set(to) };
  const { entry } = event;
  const previous =
    event.previous &&
    Object.fromEntries(
      Object.entries(event.previous).map(([field, value]) => [
        field,
        isIn.previous.has(field) ? valueOf(entry, field) : value,
      ]),
    );
  const changes = event.changes.map((change: FieldChange) => ({
    ...change,
    ...(isIn.from.has(change.field) ? { from: valueOf(previous, change.field) } : {}),
    ...(isIn.to.has(change.field) ? { to: valueOf(entry, change.field) } : {}),
  }));
  return { ...event, previous, changes };
}

/** Texts up to this length cost less than their names in `shared`. */
const SHORT = 64;

function isShared(one: unknown, other: unknown): boolean {
  if (typeof one === 'string') return one.length > SHORT && one === other;
  if (typeof one !== 'object' || one === null || typeof other !== 'object' || other === null)
    return false;
  // As text, so that the order of keys is kept, too.
  return one === other || jsonText(one) === jsonText(other);
}
