/** What the figures say beside the goals, as tables. Pure. */
import { DOCUMENTS, OPERATIONS, type DocumentKind, type Operation } from './documents';
import type { DrainRates } from './drain';
import type { Latencies } from './latency';
import { median, quantile, ratios, summary } from './statistics';
import type { Table } from './table';
import { TITLES, type Variant } from './variants';
import type { WriteRates } from './write-rate';

export const GOALS = { none: 0.99, one: 0.95, drain: 2, p50: 10, p99: 50 };

const mark = (isMet: boolean) => (isMet ? 'met' : 'MISSED');

const ratioText = (values: readonly number[], goal?: number) => {
  const { median: middle, min, max } = summary(values);
  const text = `${middle.toFixed(2)} (${min.toFixed(2)}-${max.toFixed(2)})`;
  return goal === undefined ? text : `${text} ${mark(middle >= goal)}`;
};

const cells = DOCUMENTS.flatMap((kind) => OPERATIONS.map((operation) => ({ kind, operation })));
const rate = (values: readonly number[]) => median(values).toFixed(0);

const writeRow = (
  rates: WriteRates,
  { kind, operation }: { kind: DocumentKind; operation: Operation },
) => {
  const of = (variant: Variant) => rates(variant, kind, operation).rate;
  const beside = (variant: Variant, goal?: number) => [
    rate(of(variant)),
    ratioText(ratios(of(variant), of('without')), goal),
  ];
  return [
    `${kind}, ${operation}`,
    rate(of('without')),
    ...beside('none', GOALS.none),
    ...beside('one', GOALS.one),
    ...beside('strapi'),
  ];
};

export const writeTable = (rates: WriteRates): Table => ({
  title: 'Write rate: writes per second of one writer',
  head: [
    'document',
    'without',
    'none matching',
    `ratio (goal ${GOALS.none})`,
    'one matching',
    `ratio (goal ${GOALS.one})`,
    "Strapi's own",
    'ratio',
  ],
  rows: cells.map((cell) => writeRow(rates, cell)),
  notes: [
    `In process, one writer, each write awaited; deliveries go out meanwhile on the same event loop. The drain after the last write is not included. Ratios are to "without", round by round: median (least-most) of ${rates('without', 'small', 'create').rate.length} rounds.`,
  ],
});

const cpuText = (rates: WriteRates, variant: Variant, cell: (typeof cells)[number]) => {
  const { cpu } = rates(variant, cell.kind, cell.operation);
  const base = rates('without', cell.kind, cell.operation).cpu;
  const text = median(cpu).toFixed(2);
  return variant === 'without' ? text : `${text} (x ${median(ratios(cpu, base)).toFixed(2)})`;
};

const behindText = (rates: WriteRates, variant: Variant) => {
  const all = cells.flatMap(({ kind, operation }) => rates(variant, kind, operation).behind);
  return `${Math.round(median(all) * 100)} %`;
};

/** No goal of its own: it tells what a rate hides, the work that is done after the write has returned. */
export const cpuTable = (rates: WriteRates): Table => ({
  title: 'CPU per write (ms), its deliveries and their log included',
  head: ['document', 'without', 'none matching', 'one matching', "Strapi's own"],
  rows: cells.map((cell) => [
    `${cell.kind}, ${cell.operation}`,
    ...(['without', 'none', 'one', 'strapi'] as const).map((variant) =>
      cpuText(rates, variant, cell),
    ),
  ]),
  notes: [
    `Deliveries that had not arrived when the last write of a slice was done: ${behindText(rates, 'one')} of ours, ${behindText(rates, 'strapi')} of Strapi's own.`,
  ],
});

export const drainTable = (rates: DrainRates): Table => {
  const ours = rates.one;
  const theirs = rates.strapi;
  const ratio = ours && theirs ? ratios(ours.whole, theirs.whole) : [];
  const row = (variant: Variant) => {
    const series = rates[variant];
    if (!series) return [];
    const { whole, arriving, bytes } = series;
    const text = summary(whole);
    return [
      TITLES[variant],
      `${text.median.toFixed(0)} (${text.min.toFixed(0)}-${text.max.toFixed(0)})`,
      rate(arriving),
      String(bytes),
    ];
  };
  return {
    title: 'Drain: deliveries per second to an instant receiver',
    head: ['', 'from start to end', 'first to last arrival', 'bytes each'],
    rows: [row('one'), row('strapi')],
    notes: [
      `Ratio from start to end: ${ratioText(ratio, GOALS.drain)}, goal ${GOALS.drain}.`,
      "Ours are durable and logged: read from the database, signed, sent, and over when every attempt is recorded. Strapi's own are in memory and over when the last one arrives.",
    ],
  };
};

const latencyRow = (variant: Variant, rounds: readonly number[][], isGoal: boolean) => {
  const all = rounds.flat();
  const text = (share: number, goal: number) => {
    const each = rounds.map((round) => quantile(round, share));
    const value = quantile(all, share);
    const range = `${value.toFixed(1)} (${Math.min(...each).toFixed(1)}-${Math.max(...each).toFixed(1)})`;
    return isGoal ? `${range} ${mark(value < goal)}` : range;
  };
  return [TITLES[variant], text(0.5, GOALS.p50), text(0.99, GOALS.p99), String(all.length)];
};

export const latencyTable = (latencies: Latencies, perSecond: number): Table => ({
  title: `From commit to arrival (ms) at ${perSecond} events a second`,
  head: ['', `p50 (goal ${GOALS.p50})`, `p99 (goal ${GOALS.p99})`, 'events'],
  rows: (['one', 'strapi'] as const).map((variant) =>
    latencyRow(variant, latencies[variant] ?? [], variant === 'one'),
  ),
  notes: ['Of all events, and in brackets the least and most of the rounds.'],
});
