/** Puts the parts of sending together, around the engine that is configured. */
import type { Core } from '@strapi/strapi';
import type { Config } from '../config/index';
import type { Active } from '../match/active.service';
import type { Outbox } from '../store/outbox/outbox.service';
import type { Clock } from '../strapi/clock.service';
import type { Traffic } from '../strapi/traffic.service';
import type { Attempter } from './attempt.service';
import { createClaiming, createLeases, type Claiming } from './claims.service';
import { Dispatcher } from './dispatcher.service';
import { BullmqEngine } from './engines/bullmq.service';
import { createDatabaseEngine, type Engine } from './engines/database.service';
import { loadPackages } from './engines/redis.service';
import type { HealthStore } from './health.service';
import { createPruner } from './pruner.service';
import type { RecordAttempts } from './record.service';

const LEASE_MARGIN_MS = 10_000;

/**
 * Requests that leave in one turn of the event loop. On this event loop each takes up to a millisecond, more if it needs a
 * connection, and between turns commits and answers are handled. In a thread of their own they take some microseconds.
 */
const PER_TURN = 4;
const PER_TURN_IN_THREAD = 64;

type Options = {
  strapi: Core.Strapi;
  config: Config;
  outbox: Outbox;
  clock: Clock;
  attempt: Attempter;
  recordAttempts: RecordAttempts;
  active: Active;
  health: HealthStore;
  traffic: Traffic;
  changes: { prune(before: number): Promise<void> };
  webhookNames(): Promise<ReadonlyMap<string, string>>;
};

export function createDelivering(options: Options) {
  const { strapi, config, outbox, clock, health, active, attempt, recordAttempts } = options;
  const { now } = clock;
  const onError = createErrorLog({
    write: (line) => strapi.log.error(`workflow-webhooks: sending goes on after an error: ${line}`),
    now,
  });
  const lease = config.delivery.timeout + LEASE_MARGIN_MS;
  const leases = createLeases({ lease, outbox, now, onError });
  const claiming = createClaiming({
    outbox,
    leases,
    now,
    takeSlots: (webhookId, slots) => health.takeSlots(webhookId, slots),
  });
  const engine = engineOf({ ...options, claiming, onError });
  const dispatcher = new Dispatcher({
    config: config.delivery,
    outbox,
    clock,
    attempt,
    recordAttempts,
    engine,
    perTurn: config.engine.thread ? PER_TURN_IN_THREAD : PER_TURN,
    leases,
    quiet: options.traffic.quiet,
    readWebhooks: active.renewed,
    readHealths: () => health.failingOrPaused(now()),
    onError,
  });
  clock.onTurn(() => dispatcher.wake());
  const pruner = createPruner({
    outbox,
    clock,
    webhooks: options.webhookNames,
    pruneChanges: options.changes.prune,
    clearDisabled: async (before) => {
      const enabled = (await active.renewed()).map(({ id }) => id);
      await health.clearDisabled(enabled, before);
    },
    limits: config.delivery,
    log: strapi.log,
  });

  /** From here on this process announces what it stores. It need not send. */
  const open = () => {
    clock.start();
    engine.open(null);
  };

  /** From here on this process sends and prunes. */
  const start = async () => {
    open();
    pruner.start();
    await dispatcher.start();
    engine.open(dispatcher.onAnnounced);
  };

  const stop = async () => {
    clock.stop();
    pruner.stop();
    await dispatcher.stop();
    await engine.close();
  };

  return { dispatcher, pruner, engine, worker: { open, start, stop } };
}

type EngineOptions = Options & { claiming: Claiming; onError(error: unknown): void };

function engineOf({ strapi, config, clock, active, ...options }: EngineOptions): Engine {
  const { outbox, claiming, onError } = options;
  const { now } = clock;
  const { driver, redis } = config.engine;
  const { concurrency, concurrencyPerWebhook } = config.delivery;
  if (driver === 'database' || redis === null) {
    // More than the process may send at once is not worth claiming.
    const perWebhook = Math.min(concurrencyPerWebhook, concurrency);
    return createDatabaseEngine({ outbox, claiming, perWebhook, now });
  }
  return new BullmqEngine({
    packages: loadPackages(strapi.dirs.app.root),
    config,
    url: redis,
    outbox,
    claiming,
    now,
    active: active.active,
    log: strapi.log,
    onError,
  });
}

/** The same error is logged again after this time (ms). */
const QUIET_MS = 60_000;
const LONGEST = 300;
const MOST_REMEMBERED = 50;

type ErrorLogOptions = { write(line: string): void; now(): number };

/** Logs errors that sending survives: the database's own message, and each of them rarely. */
export function createErrorLog({ write, now }: ErrorLogOptions) {
  const logged = new Map<string, { at: number; repeats: number }>();
  return (error: unknown): void => {
    const message = plainMessage(error);
    const before = logged.get(message);
    if (before && now() - before.at < QUIET_MS) {
      before.repeats += 1;
      return;
    }
    // Messages that differ each time must not fill the memory.
    if (!before && logged.size >= MOST_REMEMBERED) logged.clear();
    logged.set(message, { at: now(), repeats: 0 });
    const since = before?.repeats ? ` (${before.repeats} times more since it was last told)` : '';
    write(`${message}${since}`);
  };
}

/**
 * Knex puts the whole statement before the database's message. On SQLite it contains the values: thousands of them in a
 * batch, and content among them.
 */
export function plainMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const isStatement = /^(select|insert|update|delete|with|begin|commit)\b/i.test(message);
  const own = isStatement ? message.slice(message.lastIndexOf(' - ') + 1) : message;
  return own.replace(/^- /, '').replace(/\s+/g, ' ').slice(0, LONGEST);
}
