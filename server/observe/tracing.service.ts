/** Spans for what is recorded and for every attempt, through the OpenTelemetry API of the app, where it has one. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Core } from '@strapi/strapi';
import type * as OpenTelemetry from '@opentelemetry/api';
import type { WebhookEvent } from '../contract/event';
import type { Attempter, Message, Tried } from '../deliver/attempt.service';
import type { Addressed } from '../store/outbox/add.service';
import type { ActiveWebhook } from '../match/active.service';
import {
  addressAttributes,
  attemptAttributes,
  attemptSpanName,
  eventAttributes,
  eventSpanName,
  failureOf,
  outcomeAttributes,
  placeIn,
  traceparentOf,
} from './spans';

export type Api = typeof OpenTelemetry;
type Span = OpenTelemetry.Span;
type Context = OpenTelemetry.Context;

/** As the SDK names it (@opentelemetry/core); keys of contexts are global symbols. */
const SUPPRESS = 'OpenTelemetry SDK Context Key SUPPRESS_TRACING';

/** The app's own: a copy of ours would be another one, of which the app's SDK knows nothing. */
export const apiOf = (strapi: Core.Strapi): Api | null => {
  try {
    const requireOfApp = createRequire(path.join(strapi.dirs.app.root, 'package.json'));
    return requireOfApp('@opentelemetry/api') as Api;
  } catch (error) {
    if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND')
      strapi.log.warn(`workflow-webhooks: no traces: @opentelemetry/api does not load: ${error}`);
    return null;
  }
};

type Options = { api: Api; version: string; propagate: boolean };

export const createTracing = ({ api, version, propagate }: Options) => {
  const tracer = api.trace.getTracer('strapi-plugin-workflow-webhooks', version);
  const suppress = api.createContextKey(SUPPRESS);

  const failed = (span: Span, message: string) =>
    span.setStatus({ code: api.SpanStatusCode.ERROR, message });

  const eventSpan = ({ event, webhooks }: Addressed): Span =>
    tracer.startSpan(eventSpanName(event), {
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

  /** Nothing, where its event is gone: then the attempt says so. */
  const recordedAt = (event: () => WebhookEvent) => {
    try {
      return placeIn(event().trace);
    } catch {
      return null;
    }
  };

  /** A link, not a parent: a retry may come days after the request that caused it, whose trace is closed by then. */
  const describe = (span: Span, webhook: ActiveWebhook, message: Message) => {
    span.setAttributes(addressAttributes(webhook.target.url));
    const place = message.delivery ? recordedAt(message.event) : null;
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

  const finish = (span: Span, { outcome, request }: Tried) => {
    if (!span.isRecording()) return;
    span.setAttributes(outcomeAttributes(outcome, request.body));
    const failure = failureOf(outcome);
    if (failure !== null) failed(span, failure);
  };

  /** What is waited for (a test, a validation) belongs to the request that waits; a delivery is a trace of its own. */
  const attempting =
    (attempt: Attempter): Attempter =>
    async (webhook, message, options) => {
      const parent = message.delivery ? api.ROOT_CONTEXT : api.context.active();
      const settings = {
        kind: api.SpanKind.CLIENT,
        attributes: attemptAttributes(webhook, message),
      };
      const span = tracer.startSpan(attemptSpanName(webhook, message), settings, parent);
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
};
