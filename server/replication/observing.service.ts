/**
 * Hears of transfers that are not ours: Strapi's commands `transfer`, `export` and `import`, and another Strapi that
 * pushes into this one or pulls from it. Never in their way: what fails here is logged, and the transfer goes on.
 */
import type { Readable, Writable } from 'node:stream';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Actor, ReplicationFacts } from '../contract/event';
import { committed } from '../storage/certain.service';
import { observationPoints, type Prototypes } from './data-transfer.service';
import { keepAlive } from './keeping.service';
import { isLocal, kindOf, placeOf, type Engine, type Provider } from './providers';
import type { Ending } from './run';
import type { Runs } from './runs.service';
import { createTally, type Tally } from './tally';
import { tapReadable, tapWritable } from './tap.service';

/** Set for the process of a replication of ours, which is told of by whoever started it. */
export const CHILD_MARK = 'WORKFLOW_WEBHOOKS_REPLICATION_RUN';

type Options = {
  strapi: Core.Strapi;
  runs: Runs;
  mine: Set<string>;
  here: string;
  /** What was known of webhooks is known no longer: their tables were replaced. */
  onReplaced(): void;
};

type Local = Provider & {
  strapi?: Core.Strapi;
  transaction?: { attach(work: (trx: Knex.Transaction) => Promise<unknown>): Promise<unknown> };
};
type Watched = { id: string | null; tally: Tally; stop(): void; hasRead: boolean };
type Method = (this: Local, ...args: unknown[]) => unknown;

const SYSTEM: Actor = { type: 'system', id: null, name: null };
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

const UNDONE = 'It was given up, and nothing was changed here. The other side says why.';
const UNREAD = 'The other side ended it before it had read anything.';

export const createObserving = ({ strapi, runs, mine, here, onReplaced }: Options) => {
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
      .begin({ ...facts, name, jobId: null, actor: SYSTEM }, { tellsNow })
      .catch(complain('the start'));
    const stop = id === null ? () => undefined : keepAlive({ runs, runId: id, mine });
    return { id, stop, tally: createTally(), hasRead: false };
  };

  const end = async ({ id, stop }: Watched, ending: Ending) => {
    stop();
    onReplaced();
    if (id !== null) await runs.end(id, ending).catch(complain('the end'));
  };

  /** The engine runs in this process: a command. Its providers are known, and so is its error. */
  const engines = new WeakSet<object>();

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

  const watchEngine = (prototype: Prototypes['engine']) => {
    const transfer = prototype.transfer as (this: Engine) => Promise<unknown>;
    prototype.transfer = async function watched(this: Engine) {
      const { sourceProvider, destinationProvider } = this;
      const facts = {
        kind: kindOf(this),
        trigger: 'cli' as const,
        source: placeOf(sourceProvider, here),
        destination: placeOf(destinationProvider, here),
      };
      const run = await begin(facts, !isLocal(destinationProvider));
      engines.add(sourceProvider).add(destinationProvider);
      tapProvider(destinationProvider, run);
      const release = heldOpen(this);
      try {
        const result = await transfer.call(this);
        await end(run, { state: 'completed', tallied: run.tally.result() });
        return result;
      } catch (error) {
        await end(run, { state: 'failed', error: messageOf(error) });
        throw error;
      } finally {
        await release();
      }
    };
  };

  const tapProvider = (provider: Provider, { tally }: Watched) => {
    const one = provider as { createEntitiesWriteStream?(): Writable | Promise<Writable> };
    const create = one.createEntitiesWriteStream?.bind(one);
    if (create) one.createEntitiesWriteStream = async () => tapWritable(await create(), tally);
  };

  /** Another Strapi's engine has this one as a side: only the side is here to be heard. */
  const sides = new WeakMap<object, Watched>();
  const fates = new WeakMap<object, Promise<unknown>>();

  const wrap = (
    prototype: Record<string, unknown>,
    name: string,
    around: (real: Method) => Method,
  ) => {
    prototype[name] = around(prototype[name] as Method);
  };

  /** Strapi does not wait for the COMMIT of what a transfer wrote; whoever reads it right after must. */
  const followCommit = async (provider: Local) => {
    await provider.transaction?.attach(async (trx) => {
      fates.set(provider, committed(trx));
      committed(trx).catch(() => undefined);
    });
  };

  const watchDestination = (prototype: Prototypes['destination']) => {
    wrap(
      prototype,
      'bootstrap',
      (real) =>
        async function bootstrap(this: Local, ...args) {
          if (!engines.has(this)) {
            const facts = { kind: 'transfer', trigger: 'remote', destination: here } as const;
            sides.set(this, await begin({ ...facts, source: 'another Strapi' }, false));
          }
          const answer = await real.apply(this, args);
          await followCommit(this);
          return answer;
        },
    );
    wrap(
      prototype,
      'createEntitiesWriteStream',
      (real) =>
        function create(this: Local, ...args) {
          const stream = real.apply(this, args) as Writable;
          const side = sides.get(this);
          return side ? tapWritable(stream, side.tally) : stream;
        },
    );
    wrap(
      prototype,
      'rollback',
      (real) =>
        async function rollback(this: Local, ...args) {
          fates.delete(this);
          const answer = await real.apply(this, args);
          const side = sides.get(this);
          sides.delete(this);
          if (side) await end(side, { state: 'failed', error: UNDONE });
          return answer;
        },
    );
    wrap(
      prototype,
      'close',
      (real) =>
        async function close(this: Local, ...args) {
          const answer = await real.apply(this, args);
          await fates.get(this);
          const side = sides.get(this);
          sides.delete(this);
          if (side) await end(side, { state: 'completed', tallied: side.tally.result() });
          return answer;
        },
    );
  };

  const watchSource = (prototype: Prototypes['source']) => {
    wrap(
      prototype,
      'bootstrap',
      (real) =>
        async function bootstrap(this: Local, ...args) {
          if (!engines.has(this)) {
            const facts = { kind: 'transfer', trigger: 'remote', source: here } as const;
            sides.set(this, await begin({ ...facts, destination: 'another Strapi' }, true));
          }
          return real.apply(this, args);
        },
    );
    wrap(
      prototype,
      'createEntitiesReadStream',
      (real) =>
        async function create(this: Local, ...args) {
          const stream = (await real.apply(this, args)) as Readable;
          const side = sides.get(this);
          if (!side) return stream;
          side.hasRead = true;
          return tapReadable(stream, side.tally);
        },
    );
    wrap(
      prototype,
      'close',
      (real) =>
        async function close(this: Local, ...args) {
          const answer = await real.apply(this, args);
          const side = sides.get(this);
          sides.delete(this);
          if (side?.hasRead) await end(side, { state: 'completed', tallied: side.tally.result() });
          else if (side) await end(side, { state: 'failed', error: UNREAD });
          return answer;
        },
    );
  };

  /** @param points what is there to be observed; not what Strapi brings in a test alone */
  return (points = observationPoints()): void => {
    if (process.env[CHILD_MARK]) return;
    if ('missing' in points) {
      strapi.log.warn(
        `workflow-webhooks: strapi transfer, export and import are not told as replication events: this version of Strapi does not have ${points.missing.join(', ')}. Replications of the plugin's own are not concerned.`,
      );
      return;
    }
    watchEngine(points.engine);
    watchDestination(points.destination);
    watchSource(points.source);
  };
};
