/**
 * Spans for recorded events and for attempts, through the OpenTelemetry API of the app if it has one. Names and attributes
 * follow OpenTelemetry's semantic conventions for messaging and for HTTP clients, with our own below `workflow_webhooks.`.
 * No attribute holds a URL: the path of some services' addresses is a key.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Core } from '@strapi/strapi';
import type * as OpenTelemetry from '@opentelemetry/api';
import type { WebhookEvent } from '../contract/event';
import type { Attempter, Message, Tried } from '../deliver/attempt.service';
import type { ActiveWebhook } from '../match/active.service';
import { outcomeName, type Outcome, type Unsent } from '../send/http/outcome';
import type { Addressed } from '../store/outbox/add.service';

type Api = typeof OpenTelemetry;
type Span = OpenTelemetry.Span;
type Context = OpenTelemetry.Context;

/** As the SDK names it (@opentelemetry/core); keys of contexts are global symbols. */
const SUPPRESS = 'OpenTelemetry SDK Context Key SUPPRESS_TRACING';

/** The app's own copy: the app's SDK would not know a copy of ours. Null if the app has none. */
export function apiOf(strapi: Core.Strapi): Api | null {
  try {
    const requireOfApp = createRequire(path.join(strapi.dirs.app.root, 'package.json'));
    return requireOfApp('@opentelemetry/api') as Api;
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND')
      strapi.log.warn(`workflow-webhooks: no traces: @opentelemetry/api does not load: ${error}`);
    return null;
  }
}

type Options = { api: Api; version: string; propagate: boolean };

export function createTracing({ api, version, propagate }: Options) {
  const tracer = api.trace.getTracer('strapi-plugin-workflow-webhooks', version);
  const suppress = api.createContextKey(SUPPRESS);

  const failed = (span: Span, message: string) =>
    span.setStatus({ code: api.SpanStatusCode.ERROR, message });

  const eventSpan = ({ event, webhooks }: Addressed): Span =>
    tracer.startSpan(`record ${event.name}`, {
      kind: api.SpanKind.PRODUCER,
      attributes: eventAttributes(event, webhooks.length),
    });

  /** Stored with the event, and never sent: every format picks what it sends. */
  const placed = (addressed: Addressed, span: Span): Addressed =>
    span.isRecording()
      ? { ...addressed, event: { ...addressed.event, trace: traceparentOf(span.spanContext()) } }
      : addressed;

  /** A span for each event, open while they are stored. */
  const recording = async <T>(
    addressed: readonly Addressed[],
    store: (placed: readonly Addressed[]) => Promise<T>,
  ): Promise<T> => {
    const spans = addressed.map(eventSpan);
    try {
      return await store(addressed.map((one, index) => placed(one, spans[index] as Span)));
    } catch (error) {
      for (const span of spans) failed(span, 'The event could not be stored.');
      throw error;
    } finally {
      for (const span of spans) span.end();
    }
  };

  /** A link, not a parent: a retry may come days after the request that caused it, whose trace is closed by then. */
  const describe = (span: Span, webhook: ActiveWebhook, message: Message) => {
    span.setAttributes(addressAttributes(webhook.target.url));
    const place = message.delivery ? recordedAt(message.event.parsed) : null;
    if (place) span.addLink({ context: { ...place, isRemote: true } });
  };

  const propagating = (webhook: ActiveWebhook, span: Span): ActiveWebhook => {
    const place = span.spanContext();
    const isSet = Object.keys(webhook.target.headers).some((name) => /^traceparent$/i.test(name));
    if (!propagate || isSet || !api.isSpanContextValid(place)) return webhook;
    const headers = { ...webhook.target.headers, traceparent: traceparentOf(place) };
    return { ...webhook, target: { ...webhook.target, headers } };
  };

  /** Without this, an instrumentation of undici would trace the call once more, and send a `traceparent` unasked. */
  const within = (parent: Context, span: Span): Context =>
    api.trace.setSpan(parent, span).setValue(suppress, true);

  const finish = (span: Span, { outcome, attempt }: Tried) => {
    if (!span.isRecording()) return;
    span.setAttributes(outcomeAttributes(outcome, attempt.request.body));
    const failure = failureMessage(outcome);
    if (failure !== null) failed(span, failure);
  };

  /** A call that somebody waits for (a test, a validation) belongs to their request; a delivery is a trace of its own. */
  const attempting =
    (attempt: Attempter): Attempter =>
    async (webhook, message, options) => {
      const parent = message.delivery ? api.ROOT_CONTEXT : api.context.active();
      const name = `${operationOf(webhook, message)} ${webhook.name}`;
      const attributes = attemptAttributes(webhook, message);
      const span = tracer.startSpan(name, { kind: api.SpanKind.CLIENT, attributes }, parent);
      if (span.isRecording()) describe(span, webhook, message);
      try {
        const tried = await api.context.with(within(parent, span), () =>
          attempt(propagating(webhook, span), message, options),
        );
        finish(span, tried);
        return tried;
      } finally {
        span.end();
      }
    };

  return { recording, attempting };
}

type Attributes = Record<string, string | number | boolean>;

const SYSTEM = 'workflow_webhooks';

const given = (attributes: Record<string, string | number | null>): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).filter(
      (entry): entry is [string, string | number] => entry[1] !== null,
    ),
  );

const eventAttributes = (event: WebhookEvent, webhooks: number): Attributes =>
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

function operationOf(webhook: ActiveWebhook, message: Message) {
  if (message.delivery) return 'send';
  return webhook.kind === 'validation' ? 'validate' : 'test';
}

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
const attemptAttributes = (webhook: ActiveWebhook, message: Message): Attributes => ({
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

function addressAttributes(url: string): Attributes {
  if (!URL.canParse(url)) return {};
  const { hostname, port, protocol } = new URL(url);
  return {
    'server.address': hostname,
    'server.port': port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port),
    'url.scheme': protocol.slice(0, -1),
  };
}

function errorType(outcome: Outcome | Unsent): string | null {
  if (outcome.kind === 'answered') return outcome.status < 300 ? null : String(outcome.status);
  return outcome.reason === 'aborted' ? 'aborted' : outcomeName(outcome);
}

/** `error.type` is the status of an answer that was no success, or why there was none. */
const outcomeAttributes = (outcome: Outcome | Unsent, body: string): Attributes =>
  given({
    [`${SYSTEM}.outcome`]: outcomeName(outcome),
    'error.type': errorType(outcome),
    'http.request.body.size': Buffer.byteLength(body),
    'http.response.status_code': outcome.kind === 'answered' ? outcome.status : null,
  });

/** Why a span failed; null where it did not. The message is masked where the outcome is made. */
function failureMessage(outcome: Outcome | Unsent): string | null {
  if (outcome.kind !== 'answered') return outcome.message;
  return outcome.status < 300 ? null : `The receiver answered ${outcome.status}.`;
}

/** A place in a trace as W3C Trace Context writes it: `00-<trace>-<span>-<flags>`. */
type TracePlace = { traceId: string; spanId: string; traceFlags: number };

export const traceparentOf = ({ traceId, spanId, traceFlags }: TracePlace): string =>
  `00-${traceId}-${spanId}-${(traceFlags & 0xff).toString(16).padStart(2, '0')}`;

/** Null if the event is gone: then the attempt says so. */
function recordedAt(event: () => WebhookEvent): TracePlace | null {
  try {
    return placeIn(event().trace);
  } catch {
    return null;
  }
}

const PATTERN = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Null if the text is none: a stored one may be older than this code. */
export function placeIn(traceparent: string | undefined): TracePlace | null {
  const [, traceId, spanId, flags] = PATTERN.exec(traceparent ?? '') ?? [];
  return traceId && spanId && flags
    ? { traceId, spanId, traceFlags: Number.parseInt(flags, 16) }
    : null;
}
