/** How deliveries went over a time, for the overview in the panel. */
import { z } from 'zod';
import { moment, type DeliveryState, type OutcomeName } from './delivery';
import type { HealthState } from './webhook';

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
