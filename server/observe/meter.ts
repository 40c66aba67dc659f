/** Counts what this process did since it started. Pure: what it counts is told to it. */
import type { OutcomeName } from '../contract/delivery';
import type { VerdictKind } from '../contract/document';
import type { Labels, Metric } from './exposition';

/** Seconds. From a receiver next door to the longest deadline that is usual. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];

const createCounter = () => {
  const values = new Map<string, { labels: Labels; value: number }>();
  return {
    add: (labels: Labels) => {
      const key = JSON.stringify(labels);
      const known = values.get(key);
      if (known) known.value += 1;
      else values.set(key, { labels, value: 1 });
    },
    samples: () => [...values.values()],
  };
};

type Durations = { counts: number[]; sum: number; count: number };

const createHistogram = () => {
  const values = new Map<string, Durations>();
  const none = (): Durations => ({ counts: BUCKETS.map(() => 0), sum: 0, count: 0 });
  const samplesOf = ([webhook, { counts, sum, count }]: [string, Durations]) => [
    ...BUCKETS.map((le, index) => ({
      suffix: '_bucket',
      labels: { webhook, le: String(le) },
      value: counts[index] ?? 0,
    })),
    { suffix: '_bucket', labels: { webhook, le: '+Inf' }, value: count },
    { suffix: '_sum', labels: { webhook }, value: sum },
    { suffix: '_count', labels: { webhook }, value: count },
  ];
  return {
    observe: (webhook: string, seconds: number) => {
      const known = values.get(webhook) ?? none();
      values.set(webhook, {
        counts: known.counts.map((count, index) => count + (seconds <= BUCKETS[index]! ? 1 : 0)),
        sum: known.sum + seconds,
        count: known.count + 1,
      });
    },
    samples: () => [...values].flatMap(samplesOf),
  };
};

export const createMeter = () => {
  const attempts = createCounter();
  const validations = createCounter();
  const durations = createHistogram();
  return {
    /** One HTTP call of a delivery that was settled, or that was found impossible. */
    attempted: (webhook: string, outcome: OutcomeName, ms: number): void => {
      attempts.add({ webhook, outcome });
      durations.observe(webhook, ms / 1000);
    },
    /** What a validation was taken to have said. */
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
};

export type Meter = ReturnType<typeof createMeter>;
