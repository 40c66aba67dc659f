/** Builds the parts of replications: the plugin's own jobs, observed transfers, and the project's own replications. */
import type { Core } from '@strapi/strapi';
import type { Recorder } from '../capture/recorder.service';
import type { Config } from '../config/index';
import type { Actor } from '../contract/event';
import { createPeerGuard } from '../send/http/connections.service';
import type { Secrets } from '../store/secrets/secrets.service';
import type { Clock } from '../strapi/clock.service';
import { createJobRuns } from './job-runs.service';
import { createObserving } from './observing.service';
import { createProjectCode } from './project-code.service';
import { createRuns } from './runs.service';
import { createPullConnections } from './sides.service';
import { createTransferring } from './transferring.service';
import { createStartWorker } from './worker-process.service';

type Options = {
  strapi: Core.Strapi;
  clock: Clock;
  recorder: Recorder;
  secrets: Secrets;
  config: Pick<Config, 'network'>;
  actor(): Actor;
  onChange(): void;
};

const PRUNE_MS = 60 * 60_000;
const ABANDONED_MS = 5_000;
const DUE_MS = 1_000;

export const createReplication = (options: Options) => {
  const { strapi, clock, actor, config, onChange } = options;
  const runs = createRuns(options);
  /** Events name this Strapi by its own address, if it is configured. */
  const here = String(strapi.config.get('server.absoluteUrl') || 'this Strapi');
  /** The runs of this process, and the sides of transfers whose runs are already recorded. */
  const [mine, engines] = [new Set<string>(), new WeakSet<object>()];
  const { atPull, whenGone } = createPullConnections();
  const guard = createPeerGuard({ network: config.network });
  const startWorker = createStartWorker({ strapi, ca: config.network.ca });
  const jobRuns = createJobRuns({ ...options, runs, mine, guard, startWorker, here });

  let pruneAt = 0;
  const endAbandoned = async () => {
    await runs.endAbandoned(mine);
    if (clock.now() < pruneAt) return;
    pruneAt = clock.now() + PRUNE_MS;
    await runs.prune();
  };
  const abandoned = createRepeating(endAbandoned, { everyMs: ABANDONED_MS, clock, strapi });
  const due = createRepeating(jobRuns.startDue, { everyMs: DUE_MS, clock, strapi });

  return {
    ...{ atPull, guard, runs, jobRuns },
    observe: createObserving({
      ...{ strapi, runs, mine, engines, here, whenGone },
      onReplaced: onChange,
    }),
    projectCode: createProjectCode({ runs, mine, actor }),
    process: { transfer: createTransferring({ strapi, engines }) },
    start: () => {
      abandoned.start();
      due.start();
    },
    stop: async () => {
      await due.stop();
      await jobRuns.stop();
      await abandoned.stop();
    },
  };
};

type Repeating = { everyMs: number; clock: Clock; strapi: Core.Strapi };

/** Calls `act` again and again, one call at a time. */
function createRepeating(act: () => Promise<void>, { everyMs, clock, strapi }: Repeating) {
  let timer: NodeJS.Timeout | undefined;
  let acting: Promise<void> | null = null;
  let isAgain = false;

  const now = (): void => {
    if (!timer) return;
    isAgain = acting !== null;
    acting ??= act()
      .catch((error: Error) => {
        strapi.log.warn(
          `workflow-webhooks: replications are looked at again later: ${error.message}`,
        );
      })
      .finally(() => {
        acting = null;
        if (isAgain) now();
      });
  };
  clock.onTurn(now);

  return {
    start: () => {
      timer ??= setInterval(now, everyMs);
      now();
    },
    /** Waits for the call that is under way. */
    stop: async () => {
      clearInterval(timer);
      timer = undefined;
      await acting;
    },
  };
}
