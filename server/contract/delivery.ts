/** One event for one webhook, and the HTTP calls that were made for it. */
import { z } from 'zod';

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
  /** `name` is null once the webhook is deleted. */
  webhook: { id: string; name: string | null };
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
};

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

export type DeliveryDetail = Delivery & { attempts: Attempt[] };

const states = z.array(z.enum(DELIVERY_STATES));
const moment = z.iso.datetime({
  offset: true,
  message: 'Expected a time such as "2026-11-21T18:12:03Z".',
});

/** POST /deliveries/resend. */
export const resendManySchema = z.strictObject({
  webhook: z.string().optional(),
  states: states.min(1, 'Name at least one state, for example "dead".'),
  from: moment.optional(),
  to: moment.optional(),
});
export type ResendMany = z.infer<typeof resendManySchema>;

/** The query of GET /deliveries. `state` may name several, separated by commas. */
export const deliveryQuerySchema = z.object({
  webhook: z.string().optional(),
  state: z
    .string()
    .transform((text) => text.split(','))
    .pipe(states)
    .optional(),
  event: z.string().optional(),
  documentId: z.string().optional(),
  from: moment.optional(),
  to: moment.optional(),
});
export type DeliveryQuery = z.infer<typeof deliveryQuerySchema>;

/** The answer of POST /webhooks/:id/test. */
export type TestResult = {
  ok: boolean;
  request: RecordedRequest;
  response: RecordedResponse | null;
  error: string | null;
  durationMs: number;
};

/** GET /health. */
export type Health = {
  deliveries: Record<DeliveryState, number>;
  oldestPendingMs: number | null;
  inFlight: number;
  webhooks: { id: string; name: string; state: string; consecutiveFailures: number }[];
  engine: { driver: string; isRunning: boolean };
  clockSkewMs: number;
};
