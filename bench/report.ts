/** The tables of the benchmark: figures and goals. Pure. */
import { DOCUMENTS, OPERATIONS, type DocumentKind, type Operation } from './documents';
import type { ClaimOptions, ClaimTimes } from './claims';
import type { Drain } from './drain';
import type { GateSeries } from './gate';
import type { IsolationTimes } from './isolation';
import type { Latencies } from './latency';
import type { Memory } from './memory';
import type { ProcessRates } from './processes';
import { median, quantile, ratios, summary } from './statistics';
import type { Table } from './table';
import { TITLES, type Variant } from './variants';
import type { WriteRates } from './write-rate';

export const GOALS = {
  none: 0.99,
  one: 0.95,
  drain: 3,
  bare: 0.4,
  p50: 10,
  p99: 50,
  gate: 10,
  processes: 3.6,
  isolation: 1.2,
  claims: 1.5,
  memory: 50,
};

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

/** Has no goal: shows the work after a write has returned, which the write rate does not include. */
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

export const drainTable = ({ rates, bare }: Drain): Table => {
  const ours = rates.one;
  const theirs = rates.strapi;
  const ratio = ours && theirs ? ratios(ours.whole, theirs.whole) : [];
  const rangeOf = (values: readonly number[]) => {
    const text = summary(values);
    return `${text.median.toFixed(0)} (${text.min.toFixed(0)}-${text.max.toFixed(0)})`;
  };
  const row = (variant: Variant) => {
    const series = rates[variant];
    if (!series) return [];
    const { whole, arriving, bytes } = series;
    return [TITLES[variant], rangeOf(whole), rate(arriving), String(bytes)];
  };
  return {
    title: 'Drain: deliveries per second to an instant receiver',
    head: ['', 'from start to end', 'first to last arrival', 'bytes each'],
    rows: [
      row('one'),
      row('strapi'),
      ['the bare client (undici), 16 at a time', rangeOf(bare), '', String(ours?.bytes ?? '')],
    ],
    notes: [
      `To Strapi's own: ${ratioText(ratio, GOALS.drain)}, goal ${GOALS.drain}. To the bare client: ${ratioText(ratios(ours?.whole ?? [], bare), GOALS.bare)}, goal ${GOALS.bare}.`,
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
  notes: ['Percentiles of all events, with the lowest and highest round in brackets.'],
});

const gateName = ({ validations, delayMs }: GateSeries) => {
  if (validations === 0) return 'no validation';
  const endpoints = validations === 1 ? '1 validation' : `${validations} validations`;
  return `${endpoints}, ${delayMs === 0 ? 'instant' : `${delayMs} ms each`}`;
};

const gateRow = (series: GateSeries) => {
  const { validations, whole, endpoint, added } = series;
  const medians = added.map((round) => quantile(round, 0.5));
  const middle = quantile(added.flat(), 0.5);
  const range = `${middle.toFixed(1)} (${Math.min(...medians).toFixed(1)}-${Math.max(...medians).toFixed(1)})`;
  return [
    gateName(series),
    quantile(whole.flat(), 0.5).toFixed(1),
    validations === 0 ? '' : quantile(endpoint.flat(), 0.5).toFixed(1),
    validations === 0 ? range : `${range} ${mark(middle < GOALS.gate)}`,
    quantile(added.flat(), 0.99).toFixed(1),
  ];
};

const movesPerSecond = (all: readonly GateSeries[]): string => {
  const [plain] = all.filter(({ validations }) => validations === 0);
  const times = plain?.whole.flat() ?? [];
  return ((times.length * 1000) / times.reduce((sum, one) => sum + one, 0)).toFixed(0);
};

export const gateTable = (all: readonly GateSeries[]): Table => ({
  title: 'A workflow command (ms), and what it adds to its slowest endpoint',
  head: [
    '',
    'whole, p50',
    'slowest endpoint, p50',
    `added, p50 (goal ${GOALS.gate})`,
    'added, p99',
  ],
  rows: all.map(gateRow),
  notes: [
    `Without a validation a command moves ${movesPerSecond(all)} documents a second, one after the other. "Added" is the whole time minus that of the slowest endpoint, so it includes the move. Medians of ${all[0]?.added.flat().length ?? 0} commands each, with the lowest and highest round in brackets.`,
  ],
});

const goalText = (value: number, goal: number) =>
  `${value.toFixed(2)} ${value <= goal ? 'met' : 'MISSED'}`;

/** Compares the percentiles of all events, because one round has too few events for a p99. */
export const isolationTable = (times: IsolationTimes): Table => {
  const p99 = (neighbours: number) => quantile((times.get(neighbours) ?? []).flat(), 0.99);
  const rowOf = ([neighbours, rounds]: [number, number[][]]) => {
    const all = rounds.flat();
    const name = neighbours === 1 ? '1 hanging neighbour' : `${neighbours} hanging neighbours`;
    return [
      neighbours === 0 ? 'alone' : name,
      quantile(all, 0.5).toFixed(1),
      p99(neighbours).toFixed(1),
      neighbours === 0 ? '' : goalText(p99(neighbours) / p99(0), GOALS.isolation),
      String(all.length),
    ];
  };
  return {
    title: 'A healthy endpoint beside hanging ones: from commit to arrival (ms)',
    head: ['', 'p50', 'p99', `p99 to alone (goal at most ${GOALS.isolation})`, 'events'],
    rows: [...times].map(rowOf),
    notes: [
      'Three apps at once, measured in turn, at 50 events a second. Each neighbour has a hundred deliveries and answers none of them.',
    ],
  };
};

export const claimsTable = (
  { empty, full }: ClaimTimes,
  { finished, pending }: Pick<ClaimOptions, 'finished' | 'pending'>,
): Table => ({
  title: 'A claim of 16 deliveries (ms)',
  head: ['', 'median', 'least', 'most'],
  rows: [
    ['nothing else in the table', summary(empty)] as const,
    [`${finished} finished, ${pending} pending`, summary(full)] as const,
  ].map(([name, { median: middle, min, max }]) => [
    name,
    ...[middle, min, max].map((ms) => ms.toFixed(2)),
  ]),
  notes: [
    `Ratio of the medians: ${goalText(median(full) / median(empty), GOALS.claims)}, goal at most ${GOALS.claims}. ${full.length} claims each, in turn.`,
  ],
});

export const memoryTable = (memory: Memory, pending: number): Table => ({
  title: `Memory (MB) while sending with ${pending} deliveries waiting`,
  head: ['', 'before', 'most', `growth (goal under ${GOALS.memory})`],
  rows: (['heap', 'resident'] as const).map((part) => {
    const { before, most } = memory[part];
    const growth = most - before;
    return [
      part === 'heap' ? 'heap and buffers, after a collection' : 'resident, as the system sees it',
      before.toFixed(0),
      most.toFixed(0),
      `${growth.toFixed(0)} ${mark(growth < GOALS.memory)}`,
    ];
  }),
  notes: ['One slow endpoint (50 ms), sampled every second.'],
});

export const processesTable = (rates: ProcessRates, name: string): Table => ({
  title: `One dispatcher and four, ${name}: deliveries per second`,
  head: ['', 'one', 'four', `ratio (goal ${GOALS.processes})`],
  rows: [
    [
      'an endpoint of 200 ms, 16 at a time each',
      rate(rates.one),
      rate(rates.four),
      ratioText(ratios(rates.four, rates.one), GOALS.processes),
    ],
  ],
  notes: [`From the start to the last delivery recorded; ${rates.one.length} rounds.`],
});
