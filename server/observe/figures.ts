/** The figures of a time range, cut into buckets of a round length, as the overview shows them. Pure. */
import {
  DELIVERY_STATES,
  OUTCOMES,
  type DeliveryState,
  type OutcomeName,
  type Bucket,
  type EndpointFigures,
  type Latency,
  type Statistics,
  type StatisticsQuery,
} from '../contract/delivery';
import { isUndecided, type VerdictKind } from '../contract/document';
import type { HealthState } from '../contract/webhook';
import { invalid, problem } from '../strapi/errors';

export type Range = {
  /** Milliseconds since 1970; the start of the first bucket. */
  from: number;
  to: number;
  width: number;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WIDTHS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7].map((days) => days * DAY),
];
const MOST_BUCKETS = 60;
const LONGEST = 400 * DAY;

/** The shortest width with which a chart can show all buckets; rounded down, since "the last hour" began a moment ago. */
export const widthOf = (length: number): number =>
  WIDTHS.find((width) => Math.floor(length / width) <= MOST_BUCKETS) ?? 7 * DAY;

/** Without `from`, a day; without `to`, until now. */
export function rangeOf(query: Pick<StatisticsQuery, 'from' | 'to'>, now: number): Range {
  const to = query.to === undefined ? now : Date.parse(query.to);
  const from = query.from === undefined ? to - DAY : Date.parse(query.from);
  if (from >= to) throw invalid([problem(['from'], 'range-reversed')]);
  if (to - from > LONGEST) throw invalid([problem(['from'], 'range-too-long')]);
  const width = widthOf(to - from);
  return { from: from - (from % width), to, width };
}

/** Where each bucket starts, empty ones too. */
export const startsOf = ({ from, to, width }: Range): number[] =>
  Array.from({ length: Math.ceil((to - from) / width) }, (_, index) => from + index * width);

/** Deliveries of one bucket, webhook, state and verdict. */
export type Group = {
  bucket: number;
  webhookId: string;
  state: DeliveryState;
  verdict: VerdictKind | null;
  count: number;
};

export type Sampled = {
  bucket: number;
  webhookId: string;
  outcome: OutcomeName;
  durationMs: number;
};

export type Counted = {
  groups: readonly Group[];
  attempts: readonly Sampled[];
  sampledEvery: number;
};

/** The state of a webhook now. */
export type Known = {
  name: string | null;
  health: HealthState;
  enabled: boolean;
  waiting: number;
};

const DELETED: Known = { name: null, health: 'healthy', enabled: false, waiting: 0 };

/** Outcomes that reached a receiver: the time of a refused connection or address says nothing about an endpoint. */
const TIMED: readonly OutcomeName[] = ['delivered', 'refused', 'timeout'];

/** The smallest value that is not below so large a part of all (nearest rank). */
const percentile = (sorted: readonly number[], part: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;

export function latencyOf(attempts: readonly Sampled[]): Latency | null {
  const sorted = attempts
    .filter(({ outcome }) => TIMED.includes(outcome))
    .map(({ durationMs }) => durationMs)
    .sort((one, other) => one - other);
  if (sorted.length === 0) return null;
  return {
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
  };
}

const zeros = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;

function statesOf(groups: readonly Group[]) {
  const states = zeros(DELIVERY_STATES);
  for (const { state, count } of groups) states[state] += count;
  return states;
}

function grouped<T, Key>(items: readonly T[], groupOf: (item: T) => Key): Map<Key, T[]> {
  const found = new Map<Key, T[]>();
  for (const item of items) {
    const same = found.get(groupOf(item));
    if (same) same.push(item);
    else found.set(groupOf(item), [item]);
  }
  return found;
}

const FAILED: readonly DeliveryState[] = ['dead', 'retrying'];

const isFailed = ({ state, verdict }: Group) =>
  verdict === null ? FAILED.includes(state) : isUndecided(verdict);

const sum = (groups: readonly Group[]) => groups.reduce((total, { count }) => total + count, 0);

const MOST_FAILING = 10;
const MOST_SLOW = 5;

/** The ones that fail most, and the slowest of the others. */
function worst(all: readonly EndpointFigures[]): EndpointFigures[] {
  const slowness = ({ p95 }: EndpointFigures) => p95 ?? -1;
  const failing = all
    .filter(({ failed }) => failed > 0)
    .sort((one, other) => other.failed - one.failed || slowness(other) - slowness(one))
    .slice(0, MOST_FAILING);
  const slow = all
    .filter((one) => !failing.includes(one))
    .sort((one, other) => slowness(other) - slowness(one) || other.waiting - one.waiting)
    .slice(0, MOST_SLOW);
  return [...failing, ...slow];
}

export function endpointsOf(
  { groups, attempts }: Pick<Counted, 'groups' | 'attempts'>,
  known: ReadonlyMap<string, Known>,
): EndpointFigures[] {
  const groupsOf = grouped(groups, ({ webhookId }) => webhookId);
  const attemptsOf = grouped(attempts, ({ webhookId }) => webhookId);
  const waiting = [...known].filter(([, one]) => one.waiting > 0).map(([id]) => id);
  const all = [...new Set([...groupsOf.keys(), ...waiting])].map((id): EndpointFigures => {
    const own = groupsOf.get(id) ?? [];
    return {
      id,
      ...(known.get(id) ?? DELETED),
      delivered: sum(own.filter(({ state }) => state === 'delivered')),
      failed: sum(own.filter(isFailed)),
      p95: latencyOf(attemptsOf.get(id) ?? [])?.p95 ?? null,
    };
  });
  return worst(all);
}

function bucketsOf(
  { groups, attempts }: Pick<Counted, 'groups' | 'attempts'>,
  range: Range,
): Bucket[] {
  const groupsOf = grouped(groups, ({ bucket }) => bucket);
  const attemptsOf = grouped(attempts, ({ bucket }) => bucket);
  return startsOf(range).map((start) => ({
    at: new Date(start).toISOString(),
    states: statesOf(groupsOf.get(start) ?? []),
    latency: latencyOf(attemptsOf.get(start) ?? []),
  }));
}

/** An estimate, where not all were looked at. */
function outcomesOf({ attempts, sampledEvery }: Counted) {
  const outcomes = zeros(OUTCOMES);
  for (const { outcome } of attempts) outcomes[outcome] += sampledEvery;
  return outcomes;
}

export function figuresOf(
  counted: Counted,
  range: Range,
  known: ReadonlyMap<string, Known>,
): Pick<Statistics, 'buckets' | 'states' | 'outcomes' | 'latency' | 'endpoints' | 'sampledEvery'> {
  const queued = counted.groups.filter(({ verdict }) => verdict === null);
  return {
    buckets: bucketsOf({ groups: queued, attempts: counted.attempts }, range),
    states: statesOf(queued),
    outcomes: outcomesOf(counted),
    latency: latencyOf(counted.attempts),
    endpoints: endpointsOf(counted, known),
    sampledEvery: counted.sampledEvery,
  };
}
