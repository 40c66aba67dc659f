/** Puts the parts of sending together, around the engine that is configured. */
import type { Core } from '@strapi/strapi';
import type { Config } from '../config/index';
import type { Active } from '../match/active.service';
import type { Outbox } from '../store/outbox/outbox.service';
import type { Clock } from '../strapi/clock.service';
import type { Attempter } from './attempt.service';
import { createClaiming, createLeases, type Claiming } from './claims.service';
import { Dispatcher } from './dispatcher.service';
import { createBullmqEngine } from './engines/bullmq.service';
import { createDatabaseEngine, type Engine } from './engines/database.service';
import { loadPackages } from './engines/queues.service';
import type { HealthBook } from './health.service';
import { createPruner } from './pruner.service';
import type { Bookkeeping } from './record.service';
import { createErrorLog } from './repeated-errors';

const LEASE_MARGIN_MS = 10_000;

type Options = {
  strapi: Core.Strapi;
  config: Config;
  outbox: Outbox;
  clock: Clock;
  attempt: Attempter;
  bookkeeping: Bookkeeping;
  active: Active;
  health: HealthBook;
  webhookNames(): Promise<ReadonlyMap<string, string>>;
};

export function createDelivering(options: Options) {
  const { strapi, config, outbox, clock, health, active, attempt, bookkeeping } = options;
  const { now } = clock;
  const onError = createErrorLog({
    write: (line) => strapi.log.error(`workflow-webhooks: sending goes on after an error: ${line}`),
    now,
  });
  const lease = config.delivery.timeout + LEASE_MARGIN_MS;
  const leases = createLeases({ lease, outbox, now, onError });
  const claiming = createClaiming({ outbox, leases, now, takeSlots: health.takeSlots });
  const engine = engineOf({ ...options, claiming, onError });
  const dispatcher = new Dispatcher({
    config: config.delivery,
    outbox,
    clock,
    attempt,
    bookkeeping,
    engine,
    leases,
    readWebhooks: active.renewed,
    readHealths: health.all,
    onError,
  });
  clock.onTurn(() => dispatcher.wake());
  const pruner = createPruner({
    outbox,
    clock,
    webhooks: options.webhookNames,
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
    engine.open(dispatcher.hear);
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
  return createBullmqEngine({
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
