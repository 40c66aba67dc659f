/** One event for one webhook, and the HTTP calls that were made for it. */
import { z } from 'zod';
import { VERDICT_KINDS, type Verdict, type VerdictKind } from './document';
import type { HealthState } from './webhook';

export const DELIVERY_STATES = [
  'pending',
  'sending',
  'delivered',
  'retrying',
  'dead',
  'cancelled',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const OUTCOMES = [
  'delivered',
  'refused',
  'timeout',
  'connection',
  'blocked',
  'auth',
  'tooLarge',
] as const;
export type OutcomeName = (typeof OUTCOMES)[number];
export type Trigger = 'automatic' | 'resend' | 'test';

export type Delivery = {
  id: string;
  eventId: string;
  event: string;
  /** The name of today; of a deleted webhook, the one that it had when the delivery was made. */
  webhook: { id: string; name: string; isDeleted: boolean };
  state: DeliveryState;
  /** Why it is dead, cancelled or waiting; null otherwise. */
  reason: string | null;
  attemptCount: number;
  nextAttemptAt: string | null;
  createdAt: string;
  deliveredAt: string | null;
  uid: string | null;
  documentId: string | null;
  locale: string | null;
  isTest: boolean;
  /** Of a call to a validation endpoint: what its answer meant. Null for every other delivery. */
  verdict: VerdictKind | null;
};

/** The document of a delivery, as far as the reader may read it. */
export type DeliveryDocument = {
  /** The title of today; of a deleted document, the one of its event. Null where there is none that may be read. */
  title: string | null;
  /** Null where the content type is gone. */
  contentType: { displayName: string; kind: 'collectionType' | 'singleType' } | null;
  /** Whether the Content Manager shows it to the reader. */
  isOpenable: boolean;
};

/** As lists answer it. `document` is null where the event is about none. */
export type ListedDelivery = Delivery & { document: DeliveryDocument | null };

export type RecordedRequest = {
  method: 'POST';
  url: string;
  headers: Record<string, string>;
  body: string;
};
export type RecordedResponse = { status: number; headers: Record<string, string>; body: string };

/** Secrets are masked before an attempt is stored, so they are masked here too. */
export type Attempt = {
  id: string;
  at: string;
  durationMs: number;
  outcome: OutcomeName;
  trigger: Trigger;
  request: RecordedRequest;
  response: RecordedResponse | null;
  error: string | null;
};

export type DeliveryDetail = Delivery & {
  attempts: Attempt[];
  /** True where the bodies are left out, because the reader may not read the whole document in them. */
  isContentHidden: boolean;
};
export type ShownDelivery = ListedDelivery & DeliveryDetail;

const states = z.array(z.enum(DELIVERY_STATES));
export const moment = z.iso.datetime({
  offset: true,
  message: 'Expected a time such as "2026-11-21T18:12:03Z".',
});

const ID_EXPECTED = 'Expected the id of a delivery, such as "123".';
const idSchema = z.string().regex(/^\d{1,10}$/, ID_EXPECTED);

const filters = {
  webhook: z.string().optional(),
  event: z.string().optional(),
  documentId: z.string().optional(),
  /** A part of a title, a document id or an event id. */
  search: z
    .string()
    .trim()
    .max(200, 'At most 200 characters.')
    .transform((text) => text || undefined)
    .optional(),
  from: moment.optional(),
  to: moment.optional(),
};

const CURSOR_EXPECTED = 'Expected "next" of the answer before.';

/** POST /deliveries/resend and /deliveries/cancel. */
export const manySchema = z.strictObject({
  ...filters,
  states: states.min(1, 'Name at least one state, for example "dead".'),
  /** What was delivered, given up, cancelled or missed since then. */
  endedFrom: moment.optional(),
  /** Only these. */
  ids: z.array(idSchema).max(1000).optional(),
  /** Only says how many there are. */
  dryRun: z.boolean().optional(),
  /** At most so many in one call; the answer then says where to go on. */
  limit: z.int().min(1).max(10_000).optional(),
  next: z
    .string()
    .regex(/^\d{1,10}-\d{1,10}$/, CURSOR_EXPECTED)
    .optional(),
});
export type Many = z.infer<typeof manySchema>;

export type ManyDone = {
  count: number;
  /** Only where a limit was set: what to send with the next call; null when all is done. */
  next?: string | null;
  /** Only of a dry run: to whom, most first. */
  webhooks?: { id: string; name: string; count: number }[];
};

/** The query of GET /deliveries. `state` may name several, separated by commas. */
export const deliveryQuerySchema = z.object({
  ...filters,
  state: z
    .string()
    .transform((text) => text.split(','))
    .pipe(states)
    .optional(),
  /** Leaves out what cannot be sent again: of deleted webhooks, tests, and questions to validations. */
  resendable: z
    .enum(['true', 'false'], 'Expected "true" or "false".')
    .transform((text) => text === 'true')
    .optional(),
  /** Of questions to validations: what their answers meant. May name several, separated by commas. */
  verdict: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(VERDICT_KINDS)))
    .optional(),
  /** Only what was made after this delivery. */
  after: idSchema.optional(),
  /** Only what was made before this delivery, and it. */
  upTo: idSchema.optional(),
});
export type DeliveryQuery = z.infer<typeof deliveryQuerySchema>;

export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The query of GET /deliveries/export: the list's, and the format. */
export const exportQuerySchema = deliveryQuerySchema.extend({
  format: z.enum(EXPORT_FORMATS, 'Expected "jsonl" or "csv".').default('jsonl'),
});

/** The answer of POST /webhooks/:id/test. */
export type TestResult = {
  ok: boolean;
  request: RecordedRequest;
  response: RecordedResponse | null;
  error: string | null;
  durationMs: number;
  /** Of a validation webhook: what the answer would have meant for a command. */
  verdict?: Verdict;
};

/** GET /health. */
export type Health = {
  deliveries: Record<DeliveryState, number>;
  oldestPendingMs: number | null;
  inFlight: number;
  webhooks: {
    id: string;
    name: string;
    state: string;
    consecutiveFailures: number;
    /** Of validation webhooks, over what the log still holds: a refusal is an answer; no answer and an unreadable one are failures. */
    verdicts: Record<VerdictKind, number> | null;
  }[];
  /**
   * `isRunning`: whether the process that answers sends. `dispatch`: whether it is meant to; if not, another one sends.
   * `isReachable`: whether the Redis of the engine answers it; null where the engine needs none.
   */
  engine: { driver: string; isRunning: boolean; dispatch: boolean; isReachable: boolean | null };
  clockSkewMs: number;
};

/** The query of GET /statistics: the last day, unless told otherwise. */
export const statisticsQuerySchema = z.object({
  from: moment.optional(),
  to: moment.optional(),
  webhook: z
    .string('Expected the id of one webhook.')
    .max(64, 'A webhook id has at most 64 characters.')
    .optional(),
});
export type StatisticsQuery = z.infer<typeof statisticsQuerySchema>;

/** Milliseconds. */
export type Latency = { p50: number; p95: number; p99: number };

/** Deliveries by the time at which they were stored, and by the state that they are in now. */
export type Bucket = {
  at: string;
  states: Record<DeliveryState, number>;
  /** Of the attempts of these deliveries; null where there was none. */
  latency: Latency | null;
};

export type EndpointFigures = {
  id: string;
  /** Null once the webhook is deleted. */
  name: string | null;
  health: HealthState;
  /** False where it was switched off, or disabled by itself. */
  enabled: boolean;
  delivered: number;
  /** Deliveries that are dead or being retried; of a validation, questions without an answer. */
  failed: number;
  /** Waiting now, whenever it was stored. */
  waiting: number;
  p95: number | null;
};

/** Tests are left out everywhere; questions to validations count for their endpoints and latency alone. */
export type Statistics = {
  /** When this was counted. It may be a few seconds old. */
  at: string;
  from: string;
  to: string;
  bucketMs: number;
  buckets: Bucket[];
  states: Record<DeliveryState, number>;
  /** Of how the attempts ended. */
  outcomes: Record<OutcomeName, number>;
  latency: Latency | null;
  /** Latency and outcomes are those of every so many-th delivery: 1 is all of them. */
  sampledEvery: number;
  /** The most failures first, then the slowest. */
  endpoints: EndpointFigures[];
  queue: {
    pending: number;
    sending: number;
    retrying: number;
    oldestWaitingMs: number | null;
    /** Requests of the instance that answers. */
    inFlight: number;
  };
  webhooks: { total: number; failing: number; disabled: number };
  engine: { driver: string; isRunning: boolean; dispatch: boolean };
  /** False where nothing was ever stored, or nothing is left of it. */
  hasDeliveries: boolean;
};
