/** What GET /health tells, as metrics: the same for every instance, since it comes from the database. Pure. */
import type { Health } from '../contract/delivery';
import type { Metric, Sample } from './exposition';

const gauge = (name: string, help: string, samples: Sample[]): Metric => ({
  name: `workflow_webhooks_${name}`,
  type: 'gauge',
  help,
  samples,
});

const alone = (value: number): Sample[] => [{ labels: {}, value }];

export const healthMetrics = (health: Health): Metric[] => [
  gauge(
    'deliveries',
    'Deliveries in the log, by state. The queue is those that are pending, sending or retrying.',
    Object.entries(health.deliveries).map(([state, value]) => ({ labels: { state }, value })),
  ),
  gauge(
    'oldest_pending_seconds',
    'Age of the delivery that waits longest; 0 if none waits.',
    alone((health.oldestPendingMs ?? 0) / 1000),
  ),
  gauge('in_flight', 'Requests of this process that are under way.', alone(health.inFlight)),
  gauge(
    'dispatcher_running',
    'Whether this process sends: 1 or 0.',
    alone(health.engine.isRunning ? 1 : 0),
  ),
  gauge(
    'clock_skew_seconds',
    'How far the clock of this process is from that of the database.',
    alone(health.clockSkewMs / 1000),
  ),
  gauge(
    'webhook_info',
    'Which webhook an id is, and how it is; always 1.',
    health.webhooks.map(({ id, name, state }) => ({
      labels: { webhook: id, name, state },
      value: 1,
    })),
  ),
  gauge(
    'webhook_consecutive_failures',
    'Failed attempts in a row.',
    health.webhooks.map(({ id, consecutiveFailures }) => ({
      labels: { webhook: id },
      value: consecutiveFailures,
    })),
  ),
];
