/** How deliveries went over a time, and how the queue is now. Kept for a moment, so that many who look cost as one. */
import type { Core } from '@strapi/strapi';
import type { Config } from '../../config/index';
import type { Statistics, StatisticsQuery } from '../../contract/delivery';
import type { Clock } from '../../strapi/clock.service';
import type { Dispatcher } from '../../deliver/dispatcher.service';
import type { HealthBook } from '../../deliver/health.service';
import { createCensus, totalOf, type Waiting } from '../../store/outbox/census.service';
import { createTables } from '../../store/outbox/tables.service';
import { createCounting } from './counting.service';
import { figuresOf, type Known } from './figures';
import { rangeOf, type Range } from './range';

type Options = {
  strapi: Core.Strapi;
  webhooks: {
    /** By id. */
    names(): Promise<Map<string, string>>;
    enabledIds(): Promise<Set<string>>;
  };
  health: Pick<HealthBook, 'all'>;
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

export const createStatistics = (options: Options) => {
  const { webhooks, health, clock, dispatcher, config } = options;
  const tables = createTables(options.strapi);
  const counting = createCounting(tables);
  const census = createCensus(tables);
  const kept = new Map<string, Kept>();

  const knownOf = async (waiting: readonly Waiting[], names: ReadonlyMap<string, string>) => {
    const [healths, enabled] = await Promise.all([health.all(), webhooks.enabledIds()]);
    const of = (id: string, name: string): Known => ({
      name,
      health: healths.get(id)?.health.state ?? 'healthy',
      enabled: enabled.has(id),
      waiting: totalOf(
        waiting.filter(({ webhookId }) => webhookId === id),
        'pending',
        'retrying',
      ),
    });
    return new Map([...names].map(([id, name]) => [id, of(id, name)]));
  };

  const oldestOf = async (waiting: readonly Waiting[], now: number): Promise<number | null> => {
    const storedAt = await census.oldestWaiting(waiting);
    return storedAt === null ? null : Math.max(0, now - storedAt);
  };

  const queueOf = async (
    waiting: readonly Waiting[],
    now: number,
  ): Promise<Statistics['queue']> => ({
    pending: totalOf(waiting, 'pending'),
    sending: totalOf(waiting, 'sending'),
    retrying: totalOf(waiting, 'retrying'),
    oldestWaitingMs: await oldestOf(waiting, now),
    inFlight: dispatcher.inFlight(),
  });

  const counted = async (range: Range, webhook: string | undefined): Promise<Statistics> => {
    const now = clock.now();
    const names = await webhooks.names();
    const chosen = [...names.keys()].filter((id) => webhook === undefined || id === webhook);
    const waiting = await census.waiting(chosen);
    const known = await knownOf(waiting, names);
    const among = (isSo: (one: Known) => boolean) =>
      chosen.flatMap((id) => known.get(id) ?? []).filter(isSo).length;
    return {
      at: new Date(now).toISOString(),
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      bucketMs: range.width,
      ...figuresOf(await counting.count({ range, webhook }), range, known),
      queue: await queueOf(waiting, now),
      webhooks: {
        total: chosen.length,
        // One that failed and was switched off needs nobody.
        failing: among((one) => one.health === 'failing' && one.enabled),
        disabled: among((one) => one.health === 'disabled'),
      },
      engine: {
        driver: config.engine.driver,
        isRunning: dispatcher.isRunning(),
        dispatch: config.engine.dispatch,
      },
      hasDeliveries: await counting.hasAny(),
    };
  };

  const forgetOld = (now: number) => {
    for (const [key, { until }] of kept) if (until <= now) kept.delete(key);
    for (const key of kept.keys()) if (kept.size >= MOST_KEPT) kept.delete(key);
  };

  const keep = (key: string, count: () => Promise<Statistics>): Promise<Statistics> => {
    const startedAt = performance.now();
    const one: Kept = { until: Number.POSITIVE_INFINITY, answer: count() };
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
  };

  /** The last day at one moment and a second later are one question: what differs is not seen in a chart. */
  const keyOf = (range: Range, webhook: string | undefined) => {
    const isNow = Math.abs(clock.now() - range.to) < FRESH_MS;
    return JSON.stringify([
      isNow ? range.width : [range.from, range.to],
      isNow && Math.round((range.to - range.from) / range.width),
      webhook,
    ]);
  };

  return async ({ webhook, ...query }: StatisticsQuery): Promise<Statistics> => {
    const range = rangeOf(query, clock.now());
    forgetOld(performance.now());
    const key = keyOf(range, webhook);
    return kept.get(key)?.answer ?? keep(key, () => counted(range, webhook));
  };
};

export type StatisticsOf = ReturnType<typeof createStatistics>;
