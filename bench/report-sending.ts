/** The tables of writes, the drain and the latency. Pure. */
import { DOCUMENTS, OPERATIONS, type DocumentKind, type Operation } from './documents';
import type { Drain } from './drain';
import { atMostText, GOALS, mark, rangeText, rate, ratioText } from './goals';
import type { Latencies } from './latency';
import type { QueueRates } from './queues';
import { median, quantile, ratios } from './statistics';
import type { Table } from './table';
import { TITLES, type Variant } from './variants';
import type { Series, WriteRates } from './write-rate';

type Cell = { kind: DocumentKind; operation: Operation };

const CELLS: Cell[] = DOCUMENTS.flatMap((kind) =>
  OPERATIONS.map((operation) => ({ kind, operation })),
);

/** The figures of one row: of one kind of write, or the ratios of all of them together. */
type Figures = {
  title: string;
  values(variant: Variant, part: keyof Series): readonly number[];
  ratios(variant: Variant, base: Variant, part: keyof Series): number[];
};

function figuresOf(rates: WriteRates, { kind, operation }: Cell): Figures {
  const values = (variant: Variant, part: keyof Series) => rates(variant, kind, operation)[part];
  return {
    title: `${kind}, ${operation}`,
    values,
    ratios: (variant, base, part) => ratios(values(variant, part), values(base, part)),
  };
}

function allFigures(rates: WriteRates): Figures[] {
  const cells = CELLS.map((cell) => figuresOf(rates, cell));
  const together: Figures = {
    title: 'all together',
    values: () => [],
    ratios: (...about) => cells.flatMap((cell) => cell.ratios(...about)),
  };
  return [...cells, together];
}

function valueText(values: readonly number[], digits: number): string {
  return values.length === 0 ? '' : median(values).toFixed(digits);
}

const ROUND_BY_ROUND = 'Ratios are round by round: median (least-most)';

export function writeTables(rates: WriteRates): Table[] {
  const { length: rounds } = rates('without', 'small', 'create').rate;
  const figures = allFigures(rates);
  return [besideWithout(figures, rounds), besideStrapi(figures), cpuTable(rates, figures)];
}

function besideWithout(figures: Figures[], rounds: number): Table {
  return {
    title: 'Write rate beside the app without the plugin: writes per second of one writer',
    head: [
      'document',
      'without',
      'none matching',
      `ratio (goal ${GOALS.none})`,
      'storing alone',
      `ratio (goal ${GOALS.stored})`,
    ],
    rows: figures.map((figure) => [
      figure.title,
      valueText(figure.values('without', 'rate'), 0),
      valueText(figure.values('none', 'rate'), 0),
      ratioText(figure.ratios('none', 'without', 'rate'), GOALS.none),
      valueText(figure.values('stored', 'rate'), 0),
      ratioText(figure.ratios('stored', 'without', 'rate'), GOALS.stored),
    ]),
    notes: [
      `In process, one writer, each write awaited. Storing alone: one webhook matches, and this process does not send (engine.dispatch is false). ${ROUND_BY_ROUND} of ${rounds} rounds.`,
    ],
  };
}

function besideStrapi(figures: Figures[]): Table {
  return {
    title: "Write rate beside Strapi's own webhooks: writes per second of one writer",
    head: [
      'document',
      "Strapi's own",
      'to without',
      'one matching',
      'to without',
      `to Strapi's own (goal ${GOALS.write})`,
    ],
    rows: figures.map((figure) => [
      figure.title,
      valueText(figure.values('strapi', 'rate'), 0),
      ratioText(figure.ratios('strapi', 'without', 'rate')),
      valueText(figure.values('one', 'rate'), 0),
      ratioText(figure.ratios('one', 'without', 'rate')),
      ratioText(figure.ratios('one', 'strapi', 'rate'), GOALS.write),
    ]),
    notes: [
      'The same writes. Both have one matching webhook, whose receiver answers at once over HTTPS; deliveries go out while the writer writes. The drain after the last write is not included.',
    ],
  };
}

function behindText(rates: WriteRates, variant: Variant): string {
  const all = CELLS.flatMap(({ kind, operation }) => rates(variant, kind, operation).behind);
  return `${Math.round(median(all) * 100)} %`;
}

/** Shows the work after a write has returned too, which the write rate does not include. */
function cpuTable(rates: WriteRates, figures: Figures[]): Table {
  const variants = ['stored', 'one', 'strapi'] as const;
  const withRatio = (figure: Figures, variant: Variant) => {
    const ratio = median(figure.ratios(variant, 'without', 'cpu'));
    return `${valueText(figure.values(variant, 'cpu'), 2)} (x ${ratio.toFixed(2)})`.trim();
  };
  return {
    title: 'CPU per write (ms), its deliveries and their log included',
    head: [
      'document',
      'without',
      'none matching',
      `ratio (goal ${GOALS.noneCpu})`,
      'storing alone',
      'one matching',
      "Strapi's own",
    ],
    rows: figures.map((figure) => [
      figure.title,
      valueText(figure.values('without', 'cpu'), 2),
      valueText(figure.values('none', 'cpu'), 2),
      atMostText(median(figure.ratios('none', 'without', 'cpu')), GOALS.noneCpu, 3),
      ...variants.map((variant) => withRatio(figure, variant)),
    ]),
    notes: [
      `Deliveries that had not arrived when the last write of a slice was done: ${behindText(rates, 'one')} of ours, ${behindText(rates, 'strapi')} of Strapi's own.`,
    ],
  };
}

/** Only one of the two ratios has a goal: that to Strapi's own over HTTPS, that to the bare client over HTTP. */
export function drainTable({ rates, bare }: Drain, over: 'HTTPS' | 'HTTP'): Table {
  const ours = rates.one?.whole ?? [];
  const goals =
    over === 'HTTPS'
      ? { strapi: GOALS.drain, bare: undefined }
      : { strapi: undefined, bare: GOALS.bare };
  const row = (variant: Variant, base: readonly number[], goal?: number) => {
    const { whole = [], arriving = [], bytes = 0 } = rates[variant] ?? {};
    const ratio = base.length === 0 ? '' : ratioText(ratios(ours, base), goal);
    return [TITLES[variant], rangeText(whole, 0), rate(arriving), String(bytes), ratio];
  };
  const bareRow = [
    'the bare client (undici), 16 at a time',
    rangeText(bare, 0),
    '',
    String(rates.one?.bytes ?? ''),
    ratioText(ratios(ours, bare), goals.bare),
  ];
  const goalText =
    over === 'HTTPS'
      ? `to Strapi's own at least ${GOALS.drain}`
      : `to the bare client at least ${GOALS.bare}`;
  return {
    title: `Drain over ${over}: deliveries per second to an instant receiver`,
    head: ['', 'from start to end', 'first to last arrival', 'bytes each', 'ours to it'],
    rows: [row('one', []), row('strapi', rates.strapi?.whole ?? [], goals.strapi), bareRow],
    notes: [
      `Goal: ${goalText}. Ours are durable and logged: read from the database, signed, sent, and over when every attempt is recorded. Strapi's own are in memory and over when the last one arrives.`,
    ],
  };
}

export function queuesTable({ ours, queues }: QueueRates): Table {
  const rows = [...queues].map(([name, rates]) => [
    name,
    rangeText(rates, 0),
    ratioText(ratios(ours, rates), GOALS.queue),
  ]);
  return {
    title: 'Drain beside queues that a developer would build instead: per second over HTTPS',
    head: ['', 'from start to end', `ours to it (goal ${GOALS.queue})`],
    rows: [['plugin, with its log', rangeText(ours, 0), ''], ...rows],
    notes: [
      'Each queue sends the same signed requests through axios, 16 at a time, in a process without Strapi, and logs nothing. BullMQ stores its jobs in Redis, the others in PostgreSQL.',
    ],
  };
}

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
