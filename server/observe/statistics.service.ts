/** How deliveries went over a time, and the state of the queue. Kept for a moment, so that many readers cost as one. */
import { setImmediate as giveWay } from 'node:timers/promises';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Config } from '../config/index';
import type { OutcomeName, Statistics, StatisticsQuery } from '../contract/delivery';
import type { Dispatcher } from '../deliver/dispatcher.service';
import type { HealthStore } from '../deliver/health.service';
import {
  oldestWaiting,
  totalOf,
  waitingDeliveries,
  type Waiting,
} from '../store/outbox/log.service';
import { TABLES } from '../store/models';
import type { DeliveryRow, Moment } from '../store/outbox/rows';
import { createTables, type Tables } from '../store/tables.service';
import type { Clock } from '../strapi/clock.service';
import {
  figuresOf,
  rangeOf,
  type Counted,
  type Group,
  type Known,
  type Range,
  type Sampled,
} from './figures';

type Options = {
  strapi: Core.Strapi;
  webhooks: {
    /** By id. */
    names(): Promise<Map<string, string>>;
    enabledIds(): Promise<Set<string>>;
  };
  health: Pick<HealthStore, 'all'>;
  clock: Clock;
  dispatcher: Pick<Dispatcher, 'inFlight' | 'isRunning'>;
  config: Config;
};

const FRESH_MS = 3000;
const STALE_MS = 5 * 60_000;
/** Counting may take a twentieth of the time at most, however many deliveries there are. */
const REST = 20;
const MOST_KEPT = 50;

type Kept = { until: number; answer: Promise<Statistics> };

export function createStatistics(options: Options) {
  const { webhooks, health, clock, dispatcher, config } = options;
  const tables = createTables(options.strapi);
  const kept = new Map<string, Kept>();

  async function knownWebhooks(waiting: readonly Waiting[], names: ReadonlyMap<string, string>) {
    const [healths, enabled] = await Promise.all([health.all(), webhooks.enabledIds()]);
    const knownOf = (id: string, name: string): Known => {
      const own = waiting.filter(({ webhookId }) => webhookId === id);
      return {
        name,
        health: healths.get(id)?.health.state ?? 'healthy',
        enabled: enabled.has(id),
        waiting: totalOf(own, 'pending', 'retrying'),
      };
    };
    return new Map([...names].map(([id, name]) => [id, knownOf(id, name)]));
  }

  async function queueOf(waiting: readonly Waiting[], now: number): Promise<Statistics['queue']> {
    const storedAt = await oldestWaiting(tables, waiting);
    return {
      pending: totalOf(waiting, 'pending'),
      sending: totalOf(waiting, 'sending'),
      retrying: totalOf(waiting, 'retrying'),
      oldestWaitingMs: storedAt === null ? null : Math.max(0, now - storedAt),
      inFlight: dispatcher.inFlight(),
    };
  }

  async function statisticsOf({ range, webhook }: Choice): Promise<Statistics> {
    const now = clock.now();
    const names = await webhooks.names();
    const chosen = [...names.keys()].filter((id) => webhook === undefined || id === webhook);
    const waiting = await waitingDeliveries(tables, chosen);
    const known = await knownWebhooks(waiting, names);
    const countOf = (isSo: (one: Known) => boolean) =>
      chosen.flatMap((id) => known.get(id) ?? []).filter(isSo).length;
    return {
      at: new Date(now).toISOString(),
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      bucketMs: range.width,
      ...figuresOf(await countDeliveries(tables, { range, webhook }), range, known),
      queue: await queueOf(waiting, now),
      webhooks: {
        total: chosen.length,
        // A failing webhook that somebody disabled needs no attention.
        failing: countOf((one) => one.health === 'failing' && one.enabled),
        disabled: countOf((one) => one.health === 'disabled'),
      },
      engine: {
        driver: config.engine.driver,
        isRunning: dispatcher.isRunning(),
        dispatch: config.engine.dispatch,
      },
      hasDeliveries: (await tables.deliveries().select('id').first()) !== undefined,
    };
  }

  function forgetOld(now: number) {
    for (const [key, { until }] of kept) if (until <= now) kept.delete(key);
    for (const key of kept.keys()) if (kept.size >= MOST_KEPT) kept.delete(key);
  }

  function keep(key: string, choice: Choice): Promise<Statistics> {
    const startedAt = performance.now();
    const one: Kept = { until: Number.POSITIVE_INFINITY, answer: statisticsOf(choice) };
    kept.set(key, one);
    one.answer.then(
      () => {
        const took = performance.now() - startedAt;
        const rest = Math.min(STALE_MS, Math.max(FRESH_MS, REST * took));
        one.until = performance.now() + rest;
      },
      () => kept.delete(key),
    );
    return one.answer;
  }

  /** The last day, now or a second later, is one question: a chart does not show the difference. */
  function choiceKey({ range, webhook }: Choice) {
    const isNow = Math.abs(clock.now() - range.to) < FRESH_MS;
    return JSON.stringify([
      isNow ? range.width : [range.from, range.to],
      isNow && Math.round((range.to - range.from) / range.width),
      webhook,
    ]);
  }

  return async ({ webhook, ...query }: StatisticsQuery): Promise<Statistics> => {
    const choice = { range: rangeOf(query, clock.now()), webhook };
    forgetOld(performance.now());
    const key = choiceKey(choice);
    return kept.get(key)?.answer ?? keep(key, choice);
  };
}

export type StatisticsOf = ReturnType<typeof createStatistics>;

/** Each statement reads so many rows at most, and others have their turn between two. It needs no index that sending would pay for. */
const PIECE = 20_000;
/** How many attempts are looked at, about: more of them would make no percentile truer. */
const SAMPLE = 20_000;
/** Instances' clocks and transactions differ: rows of about the same time may be stored in another order. */
const MARGIN = 1000;

/** With the number of attempts, of which a delivery may have many. */
type Tried = Group & { attempts: number };
type Choice = { range: Range; webhook: string | undefined };
type Piece = { first: number; last: number };

async function countDeliveries(tables: Tables, choice: Choice): Promise<Counted> {
  const pieces = await piecesOf(tables, choice);
  const groups = await inTurn(pieces, (piece) => groupsIn(piece, choice, tables));
  const tried = groups.reduce((sum, group) => sum + group.attempts, 0);
  const every = Math.max(1, Math.ceil(tried / SAMPLE));
  const attempts = await inTurn(pieces, (piece) => attemptsIn(piece, { ...choice, every }, tables));
  return { groups, attempts, sampledEvery: every };
}

/** One after the other: SQLite has one connection, and answers in the process's own thread. */
async function inTurn<T>(pieces: readonly Piece[], read: (piece: Piece) => Promise<T[]>) {
  const found: T[][] = [];
  for (const piece of pieces) {
    found.push(await read(piece));
    await giveWay();
  }
  return found.flat();
}

async function piecesOf(tables: Tables, choice: Choice): Promise<Piece[]> {
  const oldest = await endOf(tables, choice, 'asc');
  const newest = await endOf(tables, choice, 'desc');
  if (oldest === null || newest === null) return [];
  const start = Math.max(1, oldest - MARGIN);
  return Array.from({ length: Math.ceil((newest + MARGIN + 1 - start) / PIECE) }, (_, index) => ({
    first: start + index * PIECE,
    last: start + (index + 1) * PIECE - 1,
  }));
}

/** By the index of `created_at`, one row from either end. */
async function endOf(tables: Tables, { range }: Choice, end: 'asc' | 'desc') {
  const row = await tables
    .deliveries()
    .whereBetween('created_at', [range.from, range.to])
    .orderBy([
      { column: 'created_at', order: end },
      { column: 'id', order: end },
    ])
    .select('id')
    .first();
  return row?.id ?? null;
}

const bucketOf = ({ range }: Choice, tables: Tables) =>
  tables.raw(`${TABLES.deliveries}.created_at - (${TABLES.deliveries}.created_at % ?) as bucket`, [
    range.width,
  ]);

/** Not by the index of webhooks, which would give, for each piece, all that there is of one. */
function narrowToWebhook(query: Knex.QueryBuilder, { webhook }: Choice) {
  if (webhook) query.whereRaw("coalesce(??, '') = ?", ['webhook_id', webhook]);
}

async function groupsIn({ first, last }: Piece, choice: Choice, tables: Tables): Promise<Tried[]> {
  const query: Knex.QueryBuilder = tables
    .deliveries()
    .whereBetween('id', [first, last])
    .whereBetween('created_at', [choice.range.from, choice.range.to])
    .where('is_test', false);
  narrowToWebhook(query, choice);
  const rows: (Pick<DeliveryRow, 'webhook_id' | 'state' | 'verdict'> & {
    bucket: Moment;
    total: number | string;
    attempts: number | string;
  })[] = await query
    .select(bucketOf(choice, tables), 'webhook_id', 'state', 'verdict')
    .count({ total: '*' })
    .sum({ attempts: 'attempt_count' })
    .groupBy('bucket', 'webhook_id', 'state', 'verdict');
  return rows.map((row) => ({
    bucket: Number(row.bucket),
    webhookId: row.webhook_id,
    state: row.state,
    verdict: row.verdict,
    count: Number(row.total),
    attempts: Number(row.attempts),
  }));
}

/** The attempts of every n-th delivery. */
async function attemptsIn(
  { first, last }: Piece,
  choice: Choice & { every: number },
  tables: Tables,
): Promise<Sampled[]> {
  const attempts: Knex.QueryBuilder = tables.attempts();
  const query = attempts
    .join(TABLES.deliveries, `${TABLES.deliveries}.id`, `${TABLES.attempts}.delivery_id`)
    .whereBetween('delivery_id', [first, last])
    .whereRaw('delivery_id % ? = 0', [choice.every])
    .whereBetween(`${TABLES.deliveries}.created_at`, [choice.range.from, choice.range.to])
    .where('is_test', false);
  narrowToWebhook(query, choice);
  const rows: {
    bucket: Moment;
    webhook_id: string;
    outcome: OutcomeName;
    duration_ms: number;
  }[] = await query.select(bucketOf(choice, tables), 'webhook_id', 'outcome', 'duration_ms');
  return rows.map((row) => ({
    bucket: Number(row.bucket),
    webhookId: row.webhook_id,
    outcome: row.outcome,
    durationMs: row.duration_ms,
  }));
}
