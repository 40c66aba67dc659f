/** Deliveries: one event for one webhook, with the HTTP calls made for it; and the statistics over them. */
import { z } from 'zod';
import { commaSeparated, flag, oneOf } from './api';
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
  /** The current name; of a deleted webhook, the name when the delivery was created. */
  webhook: { id: string; name: string; isDeleted: boolean };
  state: DeliveryState;
  /** Why the delivery is dead, cancelled or waiting; null otherwise. */
  reason: string | null;
  attemptCount: number;
  nextAttemptAt: string | null;
  createdAt: string;
  deliveredAt: string | null;
  uid: string | null;
  documentId: string | null;
  locale: string | null;
  isTest: boolean;
  /** The verdict of a validation call. Null for every other delivery. */
  verdict: VerdictKind | null;
};

/** The document of a delivery, as far as the reader may read it. */
export type DeliveryDocument = {
  /** The current title; of a deleted document, the one in its event. Null if there is none that may be read. */
  title: string | null;
  /** Null if the content type is gone. */
  contentType: { displayName: string; kind: 'collectionType' | 'singleType' } | null;
  /** Whether the Content Manager shows it to the reader. */
  isOpenable: boolean;
};

/** As lists answer it. `document` is null if the event is about none. */
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
  /** True if the bodies are left out, because the reader may not read the whole document in them. */
  isContentHidden: boolean;
};
export type ShownDelivery = ListedDelivery & DeliveryDetail;

const states = z.array(z.enum(DELIVERY_STATES));
const moment = z.iso.datetime({
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
  /** Only deliveries that ended since then. */
  endedFrom: moment.optional(),
  /** Only these deliveries. */
  ids: z.array(idSchema).max(1000).optional(),
  /** Only counts them. */
  dryRun: z.boolean().optional(),
  /** The most in one call; `next` in the answer continues. */
  limit: z.int().min(1).max(10_000).optional(),
  next: z
    .string()
    .regex(/^\d{1,10}-\d{1,10}$/, CURSOR_EXPECTED)
    .optional(),
});
export type Many = z.infer<typeof manySchema>;

export type ManyDone = {
  count: number;
  /** Only with a limit: send it with the next call; null when all is done. */
  next?: string | null;
  /** Only for a dry run, largest count first. */
  webhooks?: { id: string; name: string; count: number }[];
};

/** The query of GET /deliveries. `state` may name several, separated by commas. */
export const deliveryQuerySchema = z.object({
  ...filters,
  state: commaSeparated().pipe(states).optional(),
  /** Leaves out tests, validation calls, and deliveries of deleted webhooks, which cannot be sent again. */
  resendable: flag.optional(),
  /** The verdicts of validation calls. May name several, separated by commas. */
  verdict: commaSeparated()
    .pipe(z.array(z.enum(VERDICT_KINDS)))
    .optional(),
  /** Only deliveries created after this one. */
  after: idSchema.optional(),
  /** Only this delivery and those created before it. */
  upTo: idSchema.optional(),
});
export type DeliveryQuery = z.infer<typeof deliveryQuerySchema>;

export const EXPORT_FORMATS = ['jsonl', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The query of GET /deliveries/export: the list's, and the format. */
export const exportQuerySchema = deliveryQuerySchema.extend({
  format: oneOf(EXPORT_FORMATS).default('jsonl'),
});

/** The answer of POST /webhooks/:id/test. */
export type TestResult = {
  ok: boolean;
  request: RecordedRequest;
  response: RecordedResponse | null;
  error: string | null;
  durationMs: number;
  /** For a validation webhook: what the answer would have meant for a command. */
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
    /** For validation webhooks, over what the log holds: no answer and an unreadable one are failures, a refusal is none. */
    verdicts: Record<VerdictKind, number> | null;
  }[];
  /**
   * The process that answers the request describes itself. `isRunning`: it sends. `dispatch`: it is configured to send.
   * `isReachable`: its Redis answers; null if the engine needs no Redis.
   */
  engine: { driver: string; isRunning: boolean; dispatch: boolean; isReachable: boolean | null };
  clockSkewMs: number;
};

/** The query of GET /statistics; the default is the last day. */
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

/** Deliveries by the time when they were stored, and by their current state. */
export type Bucket = {
  at: string;
  states: Record<DeliveryState, number>;
  /** The latency of their attempts; null if there was none. */
  latency: Latency | null;
};

export type EndpointFigures = {
  id: string;
  /** Null once the webhook is deleted. */
  name: string | null;
  health: HealthState;
  /** False if an administrator, its failures or its receiver disabled it. */
  enabled: boolean;
  delivered: number;
  /** Dead and retrying deliveries; for a validation, calls without an answer. */
  failed: number;
  /** Waiting now, whenever they were stored. */
  waiting: number;
  p95: number | null;
};

/** Tests are left out. Validation calls count for their endpoints and the latency only. */
export type Statistics = {
  /** When this was counted, which may be a few seconds ago. */
  at: string;
  from: string;
  to: string;
  bucketMs: number;
  buckets: Bucket[];
  states: Record<DeliveryState, number>;
  /** The outcomes of the attempts. */
  outcomes: Record<OutcomeName, number>;
  latency: Latency | null;
  /** Latency and outcomes are those of every n-th delivery: 1 is all of them. */
  sampledEvery: number;
  /** Most failures first, then the slowest. */
  endpoints: EndpointFigures[];
  queue: {
    pending: number;
    sending: number;
    retrying: number;
    oldestWaitingMs: number | null;
    /** Open requests of the instance that answers. */
    inFlight: number;
  };
  webhooks: { total: number; failing: number; disabled: number };
  engine: { driver: string; isRunning: boolean; dispatch: boolean };
  /** False if the log is empty. */
  hasDeliveries: boolean;
};
