/** Everything between the outbox and the wire, put together around the engine that was chosen. */
import type { Core } from '@strapi/strapi';
import type { Config } from '../config/index';
import type { Outbox } from '../store/outbox/outbox.service';
import type { Active } from '../match/active.service';
import type { Attempter } from './attempt.service';
import type { Bookkeeping } from './bookkeeping.service';
import { createClaiming, type Claiming } from './claiming.service';
import type { Clock } from '../strapi/clock.service';
import { Dispatcher } from './dispatcher.service';
import type { HealthBook } from './health.service';
import type { Jobs } from './jobs.service';
import { createLeases } from './leases.service';
import { createPruner } from './pruner.service';
import { createRoster } from './roster.service';
import { createTroubles } from './troubles';
import { createDatabaseEngine } from './engine/database-engine.service';
import { createBullmqEngine } from './engine/bullmq-engine.service';
import type { Engine } from './engine/engine';
import { loadPackages } from './engine/redis.service';

const LEASE_MARGIN_MS = 10_000;

type Options = {
  strapi: Core.Strapi;
  config: Config;
  outbox: Outbox;
  jobs: Jobs;
  clock: Clock;
  attempt: Attempter;
  bookkeeping: Bookkeeping;
  active: Active;
  health: HealthBook;
  webhookNames(): Promise<ReadonlyMap<string, string>>;
};

type Parts = Options & { claiming: Claiming; onError(error: unknown): void };

const engineOf = ({ strapi, config, outbox, clock, active, claiming, onError }: Parts): Engine => {
  const { now } = clock;
  const { driver, redis } = config.engine;
  const { concurrency, concurrencyPerWebhook } = config.delivery;
  if (driver === 'database' || redis === null) {
    // More than the process may send at once is not worth taking.
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
};

export const createSendingHalf = (options: Options) => {
  const { strapi, config, outbox, jobs, clock, health, active } = options;
  const { now } = clock;
  const onError = createTroubles({
    write: (line) => strapi.log.error(`workflow-webhooks: sending goes on after an error: ${line}`),
    now,
  });
  const lease = config.delivery.timeout + LEASE_MARGIN_MS;
  const leases = createLeases({ lease, extend: outbox.extend, now, onError });
  const claiming = createClaiming({ outbox, jobs, leases, now, takeSlots: health.takeSlots });
  const engine = engineOf({ ...options, claiming, onError });
  const dispatcher = new Dispatcher({
    config: config.delivery,
    outbox,
    jobs,
    clock,
    attempt: options.attempt,
    bookkeeping: options.bookkeeping,
    engine,
    leases,
    roster: createRoster({ active: active.renewed, healthOf: health.all }),
    onError,
  });
  clock.onTurn(() => dispatcher.wake());
  const pruner = createPruner({
    outbox,
    clock,
    webhooks: options.webhookNames,
    clearDisabled: async (before) =>
      health.clearDisabled(
        (await active.renewed()).map(({ id }) => id),
        before,
      ),
    limits: config.delivery,
    log: strapi.log,
  });

  /** As long as this process lives: it stores deliveries, and those who send hear of them. */
  const open = () => {
    clock.start();
    engine.open(null);
  };

  /** From here on this process sends, and looks after the log. */
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
};
