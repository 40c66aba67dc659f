/** Metrics in the text format that Prometheus reads (exposition format 0.0.4). Pure. */
import type { Health, OutcomeName } from '../contract/delivery';
import type { VerdictKind } from '../contract/document';

type Labels = Record<string, string>;
type Sample = { labels: Labels; value: number };

type Metric = {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  /** A sample of a histogram has a `suffix`: `_bucket`, `_sum` or `_count`. */
  samples: (Sample & { suffix?: string })[];
};

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export const textOf = (metrics: readonly Metric[]): string =>
  `${metrics.flatMap(metricLines).join('\n')}\n`;

const metricLines = ({ name, type, help, samples }: Metric): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...samples.map(
    ({ labels, value, suffix = '' }) => `${name}${suffix}${labelled(labels)} ${value}`,
  ),
];

function labelled(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

const gauge = (name: string, help: string, samples: Sample[]): Metric => ({
  name: `workflow_webhooks_${name}`,
  type: 'gauge',
  help,
  samples,
});

const alone = (value: number): Sample[] => [{ labels: {}, value }];

/** The answer of GET /health as metrics: the same for every instance, since it comes from the database. */
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

/** Seconds: from a receiver nearby to the longest usual deadline. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];

function createCounter() {
  const values = new Map<string, { labels: Labels; value: number }>();
  return {
    add: (labels: Labels) => {
      const key = JSON.stringify(labels);
      const known = values.get(key) ?? { labels, value: 0 };
      values.set(key, { labels, value: known.value + 1 });
    },
    samples: () => [...values.values()],
  };
}

type Durations = { counts: number[]; sum: number; count: number };

function createHistogram() {
  const values = new Map<string, Durations>();
  return {
    observe: (webhook: string, seconds: number) => {
      const known = values.get(webhook) ?? { counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
      values.set(webhook, {
        counts: known.counts.map((count, index) => count + (seconds <= BUCKETS[index]! ? 1 : 0)),
        sum: known.sum + seconds,
        count: known.count + 1,
      });
    },
    samples: () => [...values].flatMap(durationSamples),
  };
}

const durationSamples = ([webhook, { counts, sum, count }]: [string, Durations]) => [
  ...BUCKETS.map((le, index) => ({
    suffix: '_bucket',
    labels: { webhook, le: String(le) },
    value: counts[index] ?? 0,
  })),
  { suffix: '_bucket', labels: { webhook, le: '+Inf' }, value: count },
  { suffix: '_sum', labels: { webhook }, value: sum },
  { suffix: '_count', labels: { webhook }, value: count },
];

/** Counts what this process did since it started. */
export function createMeter() {
  const attempts = createCounter();
  const validations = createCounter();
  const durations = createHistogram();
  return {
    /** One HTTP call of a delivery that was settled, or that was found impossible. */
    attempted: (webhook: string, outcome: OutcomeName, ms: number): void => {
      attempts.add({ webhook, outcome });
      durations.observe(webhook, ms / 1000);
    },
    /** How the answer of a validation was understood. */
    judged: (webhook: string, verdict: VerdictKind): void => validations.add({ webhook, verdict }),
    metrics: (): Metric[] => [
      {
        name: 'workflow_webhooks_attempts_total',
        type: 'counter',
        help: 'Attempts of deliveries by this process, by what came of them.',
        samples: attempts.samples(),
      },
      {
        name: 'workflow_webhooks_attempt_duration_seconds',
        type: 'histogram',
        help: 'How long attempts of this process took, from connecting to the end of the answer.',
        samples: durations.samples(),
      },
      {
        name: 'workflow_webhooks_validations_total',
        type: 'counter',
        help: 'What validations answered this process: allowed, refused, noAnswer, or unreadable.',
        samples: validations.samples(),
      },
    ],
  };
}

export type Meter = ReturnType<typeof createMeter>;
