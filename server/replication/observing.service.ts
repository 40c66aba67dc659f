/**
 * Hears of transfers: Strapi's commands `transfer`, `export` and `import`, and another Strapi that
 * pushes into this one or pulls from it. Never in their way: what fails here is logged, and the transfer goes on.
 */
import type { Core } from '@strapi/strapi';
import type { Actor, ReplicationFacts } from '../contract/event';
import type { Connections } from './connections.service';
import { observationPoints, type Prototypes } from './data-transfer.service';
import { keepAlive } from './keeping.service';
import { isLocal, kindOf, placeOf, type Engine } from './providers';
import { createReading } from './reading';
import type { Ending } from './run';
import type { Runs } from './runs.service';
import { createTally } from './tally';
import { createSides, type Local, type Watched } from './sides.service';
import { tapProvider } from './tap.service';

type Options = {
  strapi: Core.Strapi;
  runs: Runs;
  mine: Set<string>;
  /** The sides of engines of this process: what is among them is told of by whoever put it there. */
  engines: WeakSet<object>;
  here: string;
  whenGone: Connections['whenGone'];
  /** What was known of webhooks is known no longer: their tables were replaced. */
  onReplaced(): void;
};

const SYSTEM: Actor = { type: 'system', id: null, name: null };
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

export const createObserving = (options: Options) => {
  const { strapi, runs, mine, engines, here, onReplaced, whenGone } = options;
  const complain = (what: string) => (error: unknown) => {
    strapi.log.warn(
      `workflow-webhooks: ${what} of a data transfer could not be stored: ${messageOf(error)}`,
    );
    return null;
  };

  const begin = async (
    facts: Pick<ReplicationFacts, 'kind' | 'trigger' | 'source' | 'destination'>,
    tellsNow: boolean,
  ): Promise<Watched> => {
    const name = `strapi ${facts.kind}`;
    const id = await runs
      .begin({ ...facts, name, actor: SYSTEM }, { tellsNow })
      .catch(complain('the start'));
    const stop = id === null ? () => undefined : keepAlive({ runs, runId: id, mine });
    return { id, stop, tally: createTally(), reading: createReading() };
  };

  const end = async ({ id, stop }: Watched, ending: Ending) => {
    stop();
    onReplaced();
    if (id !== null) await runs.end(id, ending).catch(complain('the end'));
  };

  /** They end Strapi when they are closed, and with it the database that the end is to be stored in: held until then. */
  const heldOpen = (engine: Engine) => {
    const held = [engine.sourceProvider, engine.destinationProvider].filter(
      (provider) => isLocal(provider) && provider.options && provider.options.autoDestroy !== false,
    );
    for (const { options } of held) if (options) options.autoDestroy = false;
    return async () => {
      for (const provider of held) await (provider as Local).strapi?.destroy();
    };
  };

  /** The engine runs in this process: a command. Its providers are known, and so is its error. */
  const watchEngine = (prototype: Prototypes['engine']) => {
    const transfer = prototype.transfer as (this: Engine) => Promise<unknown>;
    prototype.transfer = async function watched(this: Engine) {
      const { sourceProvider, destinationProvider } = this;
      if (engines.has(sourceProvider)) return transfer.call(this);
      const facts = {
        kind: kindOf(this),
        trigger: 'cli' as const,
        source: placeOf(sourceProvider, here),
        destination: placeOf(destinationProvider, here),
      };
      const run = await begin(facts, !isLocal(destinationProvider));
      engines.add(sourceProvider).add(destinationProvider);
      tapProvider(destinationProvider, run.tally);
      const release = heldOpen(this);
      try {
        const result = await transfer.call(this);
        await end(run, { state: 'completed', tallied: run.tally.result() });
        return result;
      } catch (error) {
        await end(run, { state: 'failed', error: messageOf(error) });
        throw error;
      } finally {
        // How the transfer ended is what its caller must learn, not how Strapi ended after it.
        await release().catch((error) =>
          strapi.log.warn(
            `workflow-webhooks: Strapi could not be stopped after a data transfer: ${messageOf(error)}`,
          ),
        );
      }
    };
  };

  const { watchDestination, watchSource } = createSides({ begin, end, engines, here, whenGone });

  /** @param points what is there to be observed; not what Strapi brings in a test alone */
  return (points = observationPoints()): void => {
    if ('missing' in points) {
      strapi.log.warn(
        `workflow-webhooks: strapi transfer, export and import are not told as replication events: this version of Strapi does not have ${points.missing.join(', ')}. A project's own replications are not concerned.`,
      );
      return;
    }
    watchEngine(points.engine);
    watchDestination(points.destination);
    watchSource(points.source, points.isIgnored);
  };
};
