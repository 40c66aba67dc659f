// Loaded into every thread of a Strapi, as tracing agents are: adds `traceparent` to each request of undici that is not
// suppressed, as @opentelemetry/instrumentation-undici does.
'use strict';

const channels = require('node:diagnostics_channel');
const api = require('@opentelemetry/api');
const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');

const SUPPRESS = api.createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');
const PLACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
channels.subscribe('undici:request:create', ({ request }) => {
  if (api.context.active().getValue(SUPPRESS) !== true) request.addHeader('traceparent', PLACE);
});
