/** The rows of the outbox as they stand in the database, and as the API answers them. */
import type {
  Attempt,
  Delivery,
  DeliveryState,
  OutcomeName,
  RecordedRequest,
  Trigger,
} from '../../contract/delivery';
import type { VerdictKind } from '../../contract/document';
import type { Format, Serialization } from '../../contract/webhook';
import { bytesInStatement, ROW_BYTES } from './sizes';

/** Big integers arrive as text from PostgreSQL and MySQL. */
export type Moment = number | string;

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

/** `bodyBytes`: its body is not to be stored, and had so many. */
export type NewAttempt = Omit<Attempt, 'id' | 'at'> & { at: number; bodyBytes?: number };

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
export const attemptOf = (row: AttemptRow, body: string): Attempt => {
  const { bodyBytes, ...request } = JSON.parse(row.request) as StoredRequest;
  const sent = bodyBytes === undefined ? body : notKept(bodyBytes);
  return {
    id: String(row.id),
    at: iso(row.at) ?? '',
    durationMs: row.duration_ms,
    outcome: row.outcome,
    trigger: row.trigger,
    request: { ...request, body: row.body ?? sent },
    response: row.response === null ? null : JSON.parse(row.response),
    error: row.error,
  };
};

/** What all attempts of a delivery sent, as far as it is stored; a note where it did not fit. */
export function sentBodyOf(attempts: readonly AttemptRow[]): string {
  const kept = attempts.find(({ body }) => body !== null)?.body;
  if (kept != null) return kept;
  const sizes = attempts.map(({ request }) => (JSON.parse(request) as StoredRequest).bodyBytes);
  const bytes = sizes.find((size) => size !== undefined);
  return bytes === undefined ? '' : notKept(bytes);
}

/** `bodyBytes`: of a body that was sent and is not stored. Who sends it again makes it anew. */
type StoredRequest = Omit<RecordedRequest, 'body'> & { bodyBytes?: number };
type NewAttemptRow = Omit<AttemptRow, 'id'>;

export const attemptRowOf = (
  deliveryId: number,
  attempt: NewAttempt,
  { isFirst, statementBytes }: { isFirst: boolean; statementBytes: number },
): NewAttemptRow => {
  const { body, ...request } = attempt.request;
  const row = {
    delivery_id: deliveryId,
    at: attempt.at,
    duration_ms: Math.round(attempt.durationMs),
    outcome: attempt.outcome,
    trigger: attempt.trigger,
    request: JSON.stringify(request),
    // Empty where the request could not be made: then it is still to be made, not to be sent empty again.
    body: isFirst && body !== '' ? withoutNul(body) : null,
    response: attempt.response === null ? null : JSON.stringify(attempt.response),
    error: attempt.error === null ? null : withoutNul(attempt.error),
  };
  if (bytesOfAttempt(row) <= statementBytes && attempt.bodyBytes === undefined) return row;
  const bodyBytes = attempt.bodyBytes ?? Buffer.byteLength(body);
  const small = { ...row, request: JSON.stringify({ ...request, bodyBytes }), body: null };
  return bytesOfAttempt(small) <= statementBytes ? small : withoutResponse(small, attempt);
};

export const bytesOfAttempt = ({ request, body, response, error }: NewAttemptRow): number =>
  [request, body, response, error].reduce((sum, text) => sum + bytesInStatement(text), ROW_BYTES);

function withoutResponse(row: NewAttemptRow, { response }: NewAttempt): NewAttemptRow {
  if (response === null) return row;
  const { status, body } = response;
  const kept = { status, headers: {}, body: notKept(Buffer.byteLength(body)) };
  return { ...row, response: JSON.stringify(kept) };
}

const MB = 1_000_000;

function notKept(bytes: number): string {
  const size = bytes < MB ? `${Math.ceil(bytes / 1000)} KB` : `${Math.round(bytes / MB)} MB`;
  return `[not kept: ${size}]`;
}

/** PostgreSQL stores no NUL in a text. */
export const withoutNul = (text: string): string => text.replaceAll('\0', '\ufffd');

/** What any database stores of an attempt: for one that could not be recorded whole. */
export const bareAttempt = (attempt: NewAttempt): NewAttempt => ({
  ...attempt,
  bodyBytes: Buffer.byteLength(attempt.request.body),
  request: { ...attempt.request, url: plainText(attempt.request.url), headers: {}, body: '' },
  response: attempt.response && {
    status: attempt.response.status,
    headers: {},
    body: notKept(Buffer.byteLength(attempt.response.body)),
  },
  error: attempt.error === null ? null : plainText(attempt.error),
});

/** Of a text, as much as any column of any character set takes. */
export const plainText = (text: string): string =>
  text.slice(0, 1000).replace(/[^\x20-\x7e\n]/g, '?');
