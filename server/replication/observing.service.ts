/**
 * Observes transfers: Strapi's commands `transfer`, `export` and `import`, and another Strapi that pushes into this one or
 * pulls from it. An error here is logged and never stops the transfer.
 */
import type { ReplicationFacts } from '../contract/event';
import {
  observationPoints,
  wrapMethods,
  type Engine,
  type Provider,
} from '../strapi/transfer.service';
import {
  createObservedRuns,
  createSides,
  messageOf,
  type ObservedRunsOptions,
  type PullConnections,
} from './sides.service';
import { countProvider } from './tally';

type Options = ObservedRunsOptions & {
  /** The sides of engines in this process whose runs are already recorded. */
  engines: WeakSet<object>;
  here: string;
  whenGone: PullConnections['whenGone'];
};

export const createObserving = (options: Options) => {
  const { strapi, engines, here, whenGone } = options;
  const observedRuns = createObservedRuns(options);
  const { watchDestination, watchSource } = createSides({ observedRuns, engines, here, whenGone });

  /** The engine of a command runs in this process: its providers and its error are known. */
  const watchTransfer = (real: (this: Engine) => unknown) =>
    async function watched(this: Engine) {
      const { sourceProvider, destinationProvider } = this;
      if (engines.has(sourceProvider)) return real.call(this);
      const facts = {
        kind: kindOf(this),
        trigger: 'cli' as const,
        source: placeOf(sourceProvider, here),
        destination: placeOf(destinationProvider, here),
      };
      const run = await observedRuns.begin(facts, !isLocal(destinationProvider));
      engines.add(sourceProvider).add(destinationProvider);
      countProvider(destinationProvider, run.tally);
      const release = holdOpen(this);
      try {
        const result = await real.call(this);
        await observedRuns.end(run, { state: 'completed', tallied: run.tally.result() });
        return result;
      } catch (error) {
        await observedRuns.end(run, { state: 'failed', error: messageOf(error) });
        throw error;
      } finally {
        // The caller must receive the error of the transfer, not that of Strapi's end after it.
        await release().catch((error) =>
          strapi.log.warn(
            `workflow-webhooks: Strapi could not be stopped after a data transfer: ${messageOf(error)}`,
          ),
        );
      }
    };

  /** @param points a test passes others */
  return (points = observationPoints()): void => {
    if ('missing' in points) {
      strapi.log.warn(
        `workflow-webhooks: strapi transfer, export and import are not told as replication events: this version of Strapi does not have ${points.missing.join(', ')}. A project's own replications are not concerned.`,
      );
      return;
    }
    wrapMethods<Engine>(points.engine, { transfer: watchTransfer });
    watchDestination(points.destination);
    watchSource(points.source, points.isIgnored);
  };
};

/**
 * Closed local sides end Strapi, and with it the database that the end of the run is stored in. Keeps it open until the
 * answered function is called.
 */
function holdOpen({ sourceProvider, destinationProvider }: Engine): () => Promise<void> {
  const held = [sourceProvider, destinationProvider].filter(
    (provider) => isLocal(provider) && provider.options && provider.options.autoDestroy !== false,
  );
  for (const { options } of held) if (options) options.autoDestroy = false;
  return async () => {
    for (const { strapi } of held) await strapi?.destroy();
  };
}

/** An address without its token, the path of a file, or this Strapi. */
function placeOf({ name = '', options }: Provider, here: string): string {
  if (name.includes('remote')) return options?.url?.href ?? 'another Strapi';
  const path = options?.file?.path ?? options?.directory?.path;
  return path ?? (name.includes('local-strapi') ? here : name || 'a file');
}

function kindOf({ sourceProvider, destinationProvider }: Engine): ReplicationFacts['kind'] {
  const isStrapi = ({ name = '' }: Provider) => name.includes('strapi');
  if (!isStrapi(destinationProvider)) return 'export';
  return isStrapi(sourceProvider) ? 'transfer' : 'import';
}

function isLocal({ name = '' }: Provider): boolean {
  return name.includes('local-strapi');
}
