/** A real OpenTelemetry SDK inside Strapi, set up as in an app, with an exporter that stores the spans. */
import type { App } from '../../support/strapi';

export type Recorded = {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parent: string | null;
  links: { traceId: string; spanId: string }[];
  attributes: Record<string, unknown>;
  status: { code: number; message?: string };
};

export const KINDS = { internal: 0, server: 1, client: 2, producer: 3 } as const;
export const ERROR = 2;

/** Simulates the usual instrumentations: a span for each request of the server, and a `traceparent` header on undici's requests. */
export const startTracing = (app: App): Promise<void> =>
  app.run((strapi) => {
    const { context, propagation, trace } = require('@opentelemetry/api');
    const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
    const { W3CTraceContextPropagator } = require('@opentelemetry/core');
    const sdk = require('@opentelemetry/sdk-trace-base');
    const exporter = new sdk.InMemorySpanExporter();
    const provider = new sdk.BasicTracerProvider({
      spanProcessors: [new sdk.SimpleSpanProcessor(exporter)],
    });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(provider);
    (globalThis as any).__exporter = exporter;
    require('node:diagnostics_channel').subscribe(
      'undici:request:create',
      ({ request }: { request: any }) => {
        const headers: Record<string, string> = {};
        propagation.inject(context.active(), headers);
        for (const [name, value] of Object.entries(headers)) request.addHeader(name, value);
      },
    );

    const server = strapi.server.httpServer;
    const [listener] = server.listeners('request');
    server.removeAllListeners('request');
    server.on('request', (request: any, response: any) =>
      trace.getTracer('http').startActiveSpan(`${request.method}`, { kind: 1 }, (span: any) => {
        response.on('finish', () => span.end());
        listener.call(server, request, response);
      }),
    );
  });

export const spansOf = (app: App): Promise<Recorded[]> =>
  app.run(() =>
    (globalThis as any).__exporter.getFinishedSpans().map((span: any) => ({
      name: span.name,
      kind: span.kind,
      traceId: span.spanContext().traceId,
      spanId: span.spanContext().spanId,
      parent: span.parentSpanContext?.spanId ?? null,
      links: span.links.map(({ context }: any) => ({
        traceId: context.traceId,
        spanId: context.spanId,
      })),
      attributes: span.attributes,
      status: span.status,
    })),
  );

export const forgetSpans = (app: App): Promise<void> =>
  app.run(() => (globalThis as any).__exporter.reset());
