/** The tables of all sections but writes, drains and latency. Pure. */
import type { ClaimOptions, ClaimTimes } from './claims';
import type { GateSeries } from './gate';
import { atMostText, GOALS, mark, rangeText, rate, ratioText } from './goals';
import { MANY, WANTING, type Growth } from './growth';
import type { IdleShares } from './idle';
import type { IsolationTimes } from './isolation';
import type { Memory } from './memory';
import type { ProcessRates } from './processes';
import type { ReadTimes } from './reads';
import { median, quantile, ratios, summary } from './statistics';
import type { Table } from './table';

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
      neighbours === 0 ? '' : atMostText(p99(neighbours) / p99(0), GOALS.isolation),
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
    `Ratio of the medians: ${atMostText(median(full) / median(empty), GOALS.claims)}, goal at most ${GOALS.claims}. ${full.length} claims each, in turn.`,
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

export function readsTable({ idle, draining, rounds }: ReadTimes, count: number): Table {
  const row = (title: string, times: readonly number[], ratio: string) => [
    title,
    quantile(times, 0.5).toFixed(1),
    quantile(times, 0.99).toFixed(1),
    ratio,
    String(times.length),
  ];
  const ratio = quantile(draining, 0.99) / quantile(idle, 0.99);
  return {
    title: 'Reads beside a drain (ms): GET /api/notices, 25 a second',
    head: ['', 'p50', 'p99', `p99 to idle (goal at most ${GOALS.reads})`, 'reads'],
    rows: [
      row('the app idle', idle, ''),
      row('while it drains', draining, atMostText(ratio, GOALS.reads)),
    ],
    notes: [
      `${rounds} drains of ${count} deliveries over HTTPS, each followed by as many reads of the idle app. A read counts from the moment at which it was due.`,
    ],
  };
}

export function idleTable(shares: IdleShares): Table {
  return {
    title: 'CPU of an idle process: percent of a core',
    head: ['webhooks', `with the plugin (goal at most ${GOALS.idle})`, 'without the plugin'],
    rows: shares.map(({ webhooks, plugin, without }) => [
      String(webhooks),
      `${rangeText(plugin, 2)} ${mark(median(plugin) <= GOALS.idle)}`,
      rangeText(without, 2),
    ]),
    notes: ['Two apps at the same time. The median of the rounds, with the least and the most.'],
  };
}

export function growthTable({ one, many }: Growth): Table {
  const saves = { one: median(one.save), many: median(many.save) };
  return {
    title: `A save with one webhook and with ${MANY}`,
    head: ['', 'one', 'many', 'compared', 'goal'],
    rows: [
      [
        `creates a second that none of ${MANY} wants`,
        rate(one.rate),
        rate(many.rate),
        ratioText(ratios(many.rate, one.rate), GOALS.creates),
        `at least ${GOALS.creates}`,
      ],
      [
        `a save that ${WANTING} want (ms)`,
        saves.one.toFixed(1),
        saves.many.toFixed(1),
        `+ ${atMostText(saves.many - saves.one, GOALS.fanOut, 1)}`,
        `at most + ${GOALS.fanOut}`,
      ],
    ],
    notes: [
      `${one.rate.length} rounds of creates; medians of ${one.save.length} saves, each without its sending.`,
    ],
  };
}
