/** The wing of replications: the plugin's own jobs, what is observed, and the project's own. */
import type { Core } from '@strapi/strapi';
import type { Audit } from '../store/audit.service';
import type { Recorder } from '../capture/recorder.service';
import type { Config } from '../config/schema';
import type { Actor } from '../contract/event';
import type { Clock } from '../strapi/clock.service';
import { createPeerGuard } from '../send/http/guard.service';
import type { Secrets } from '../store/secrets/secrets.service';
import { createConnections } from './connections.service';
import { createObserving } from './observing.service';
import { createProjectCode } from './project-code.service';
import { createRuns } from './runs.service';
import { createStarting } from './starting.service';
import { createTransferring } from './transferring.service';
import { createWatching } from './watching.service';
import { createStartWorker } from './worker.service';
import { createWork } from './working.service';

type Options = {
  strapi: Core.Strapi;
  clock: Clock;
  recorder: Recorder;
  secrets: Secrets;
  audit: Audit;
  config: Pick<Config, 'network'>;
  actor(): Actor;
  onChange(): void;
};

/** How events name this Strapi: by its own address, where it knows one. */
const addressOf = (strapi: Core.Strapi): string =>
  String(strapi.config.get('server.absoluteUrl') || 'this Strapi');

const HOUR_MS = 60 * 60_000;
const BURY_MS = 5_000;
const DUE_MS = 1_000;

/** What is called often, and done once an hour. */
const hourly = (work: () => Promise<unknown>) => {
  let next = 0;
  return async (now: number): Promise<void> => {
    if (now < next) return;
    next = now + HOUR_MS;
    await work();
  };
};

export const createReplicationWing = (options: Options) => {
  const { strapi, clock, actor, config, onChange } = options;
  const runs = createRuns(options);
  const here = addressOf(strapi);
  /** The runs that this process works at, and the sides of transfers that are told of as such. */
  const [mine, engines] = [new Set<string>(), new WeakSet<object>()];
  const { atPull, whenGone } = createConnections();
  const told = { runs, mine, engines, here, whenGone, onReplaced: onChange };
  const observe = createObserving({ strapi, ...told });

  const guard = createPeerGuard({ network: config.network });
  const startWorker = createStartWorker({ strapi, ca: config.network.ca });
  const work = createWork({ ...options, runs, mine, guard, startWorker });
  const starting = createStarting({ ...options, runs, work, here });

  const prune = hourly(runs.prune);
  const look = async () => {
    await runs.bury(mine);
    await prune(clock.now());
  };
  const log = strapi.log;
  const burying = createWatching({ clock, look, everyMs: BURY_MS, log });
  const turns = createWatching({ clock, look: starting.due, everyMs: DUE_MS, log });

  return {
    observe,
    atPull,
    guard,
    runs,
    starting,
    projectCode: createProjectCode({ runs, mine, actor }),
    process: { transfer: createTransferring({ strapi, engines }) },
    start: () => {
      burying.start();
      turns.start();
    },
    stop: async () => {
      await turns.stop();
      await work.stop();
      await burying.stop();
    },
  };
};
