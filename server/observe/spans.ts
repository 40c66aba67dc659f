/**
 * The names and attributes of spans, by OpenTelemetry's semantic conventions for messaging and for HTTP clients, with our
 * own below `workflow_webhooks.`. Never a URL: the path of some services' addresses is a key. Pure.
 */
import type { WebhookEvent } from '../contract/event';
import type { Message } from '../deliver/attempt.service';
import { outcomeName } from '../deliver/settle';
import type { Outcome, Unsent } from '../send/http/outcome';
import type { ActiveWebhook } from '../match/active.service';

export type Attributes = Record<string, string | number | boolean>;

const SYSTEM = 'workflow_webhooks';

const given = (attributes: Record<string, string | number | null>): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).filter(
      (entry): entry is [string, string | number] => entry[1] !== null,
    ),
  );

export const eventSpanName = ({ name }: Pick<WebhookEvent, 'name'>) => `record ${name}`;

export const eventAttributes = (event: WebhookEvent, webhooks: number): Attributes =>
  given({
    'messaging.system': SYSTEM,
    'messaging.operation.name': 'record',
    'messaging.operation.type': 'create',
    'messaging.destination.name': event.name,
    'messaging.message.id': event.id,
    [`${SYSTEM}.event.name`]: event.name,
    [`${SYSTEM}.document.uid`]: event.uid,
    [`${SYSTEM}.document.id`]: event.documentId,
    [`${SYSTEM}.document.locale`]: event.locale,
    [`${SYSTEM}.deliveries`]: webhooks,
  });

const operationOf = (webhook: ActiveWebhook, message: Message) => {
  if (message.delivery) return 'send';
  return webhook.kind === 'validation' ? 'validate' : 'test';
};

export const attemptSpanName = (webhook: ActiveWebhook, message: Message) =>
  `${operationOf(webhook, message)} ${webhook.name}`;

const deliveryAttributes = ({ delivery }: Message): Attributes =>
  delivery
    ? {
        [`${SYSTEM}.delivery.id`]: String(delivery.id),
        [`${SYSTEM}.attempt`]: delivery.attempt,
        [`${SYSTEM}.trigger`]: delivery.trigger,
        'http.request.resend_count': delivery.attempt - 1,
      }
    : {};

/** Known before the call, so that a sampler may choose by it. */
export const attemptAttributes = (webhook: ActiveWebhook, message: Message): Attributes => ({
  'messaging.system': SYSTEM,
  'messaging.operation.name': operationOf(webhook, message),
  'messaging.operation.type': 'send',
  'messaging.destination.name': webhook.name,
  'messaging.message.id': message.eventId,
  'http.request.method': 'POST',
  [`${SYSTEM}.event.name`]: message.eventName,
  [`${SYSTEM}.webhook.id`]: webhook.id,
  [`${SYSTEM}.webhook.kind`]: webhook.kind,
  ...deliveryAttributes(message),
});

const DEFAULT_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443 };

export const addressAttributes = (url: string): Attributes => {
  if (!URL.canParse(url)) return {};
  const { hostname, port, protocol } = new URL(url);
  return {
    'server.address': hostname,
    'server.port': port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port),
    'url.scheme': protocol.slice(0, -1),
  };
};

const errorType = (outcome: Outcome | Unsent): string | null => {
  if (outcome.kind === 'answered') return outcome.status < 300 ? null : String(outcome.status);
  return outcome.reason === 'aborted' ? 'aborted' : outcomeName(outcome);
};

/** `error.type` is the status of an answer that was no success, or why there was none. */
export const outcomeAttributes = (outcome: Outcome | Unsent, body: string): Attributes =>
  given({
    [`${SYSTEM}.outcome`]: outcomeName(outcome),
    'error.type': errorType(outcome),
    'http.request.body.size': Buffer.byteLength(body),
    'http.response.status_code': outcome.kind === 'answered' ? outcome.status : null,
  });

/** Why a span failed; null where it did not. The message is masked where the outcome is made. */
export const failureOf = (outcome: Outcome | Unsent): string | null => {
  if (outcome.kind !== 'answered') return outcome.message;
  return outcome.status < 300 ? null : `The receiver answered ${outcome.status}.`;
};

/** A place in a trace as W3C Trace Context writes it: `00-<trace>-<span>-<flags>`. */
type TracePlace = { traceId: string; spanId: string; traceFlags: number };

export const traceparentOf = ({ traceId, spanId, traceFlags }: TracePlace): string =>
  `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, '0')}`;

const PATTERN = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Null if it is none: a stored one may be older than this code. */
export const placeIn = (traceparent: string | undefined): TracePlace | null => {
  const [, traceId, spanId, flags] = PATTERN.exec(traceparent ?? '') ?? [];
  return traceId && spanId && flags
    ? { traceId, spanId, traceFlags: Number.parseInt(flags, 16) }
    : null;
};
