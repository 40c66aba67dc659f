/** Builds the parts of replications: the plugin's own jobs, observed transfers, and the project's own replications. */
import type { Core } from '@strapi/strapi';
import { z } from 'zod';
import type { Recorder } from '../capture/recorder.service';
import type { Config } from '../config/index';
import type { Actor } from '../contract/event';
import { createPeerGuard } from '../send/http/connections.service';
import type { Secrets } from '../store/secrets/secrets.service';
import { createRepeating, type Clock } from '../strapi/clock.service';
import { parse } from '../strapi/errors';
import { createJobRuns } from './job-runs.service';
import { createObserving, createPullConnections } from './observing.service';
import { messageOf, type Ending } from './job';
import { createRuns, type Runs } from './runs.service';
import { createTally } from './tally';
import { createTransferring } from './transferring.service';
import { createRunWorker } from './worker-process.service';

type Options = {
  strapi: Core.Strapi;
  clock: Clock;
  recorder: Recorder;
  secrets: Secrets;
  config: Pick<Config, 'network'>;
  actor(): Actor;
  /** The configuration was replaced. */
  onReplaced(): Promise<void>;
};

const PRUNE_MS = 60 * 60_000;
const ABANDONED_MS = 5_000;
const DUE_MS = 1_000;

export function createReplication(options: Options) {
  const { strapi, clock, actor, config, onReplaced } = options;
  const runs = createRuns(options);
  /** Events name this Strapi by its own address, if it is configured. */
  const here = String(strapi.config.get('server.absoluteUrl') || 'this Strapi');
  /** The sides of transfers whose runs are already recorded. */
  const engines = new WeakSet<object>();
  const { atPull, whenGone } = createPullConnections();
  const guard = createPeerGuard({ network: config.network });
  const runWorker = createRunWorker({ strapi, ca: config.network.ca });
  const jobRuns = createJobRuns({ ...options, runs, guard, runWorker, here });

  let pruneAt = 0;
  async function endAbandoned(): Promise<void> {
    await runs.endAbandoned();
    if (clock.now() < pruneAt) return;
    pruneAt = clock.now() + PRUNE_MS;
    await runs.prune();
  }
  function onError({ message }: Error): void {
    strapi.log.warn(`workflow-webhooks: replications are looked at again later: ${message}`);
  }
  const abandoned = createRepeating(endAbandoned, { everyMs: ABANDONED_MS, clock, onError });
  const due = createRepeating(jobRuns.startDue, { everyMs: DUE_MS, clock, onError });

  return {
    ...{ atPull, guard, runs, jobRuns },
    observe: createObserving({ strapi, runs, engines, here, whenGone, onReplaced }),
    projectCode: createProjectCode(runs, actor),
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
}

const text = (what: string) =>
  z.string(`Expected ${what}.`).trim().min(1, `Expected ${what}.`).max(1000);

const ownReplicationSchema = z.strictObject({
  name: text('a name'),
  source: text('where the content comes from'),
  destination: text('where the content goes'),
  kind: z
    .enum(['transfer', 'export', 'import'], 'Expected "transfer", "export" or "import".')
    .default('transfer'),
});

/** For a project's own replications: `strapi.plugin('workflow-webhooks').service('replication')`. */
function createProjectCode(runs: Runs, actor: () => Actor) {
  /** Stores `replication.started`. If the process dies before the end, another instance stores `replication.failed`. */
  async function start(input: z.input<typeof ownReplicationSchema>) {
    const facts = parse(ownReplicationSchema, input);
    const run = await runs.begin({ ...facts, trigger: 'code', actor: actor() });
    const tally = createTally();
    async function end(ending: Ending): Promise<void> {
      run.stop();
      if (!(await run.end(ending)))
        throw new Error(`The replication ${run.id} is over already; it can end only once.`);
    }
    return {
      /** `replication.id` of its events. */
      id: run.id,
      /** Counts copied documents, each once. */
      replicated: (uid: string, ...documentIds: string[]): void => tally.add(uid, documentIds),
      /** Stores `replication.completed`. */
      complete: () => end({ state: 'completed', tallied: tally.result() }),
      /** Stores `replication.failed`, with the error's message and what was copied until then. */
      fail: (error: unknown) =>
        end({ state: 'failed', error: messageOf(error), tallied: tally.result() }),
    };
  }

  return { start };
}
