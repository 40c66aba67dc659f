/**
 * Observes transfers: Strapi's commands `transfer`, `export` and `import`, and another Strapi that pushes into this one or
 * pulls from it. An error here is logged and never stops the transfer.
 */
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Core } from '@strapi/strapi';
import { createContext } from '../strapi/requests.service';
import { SYSTEM_ACTOR, type ReplicationFacts } from '../contract/event';
import { sentence, type SentenceCode } from '../contract/sentences';
import { committed } from '../strapi/database.service';
import {
  observationPoints,
  wrapMethods,
  type Engine,
  type Method,
  type Provider,
  type TransferPoints,
  type TransferPrototypes,
} from '../strapi/transfer.service';
import { messageOf, type Ending } from './job';
import type { Runs } from './runs.service';
import {
  countProvider,
  countRead,
  countWritten,
  createReading,
  createTally,
  type Stage,
} from './tally';

type Options = {
  strapi: Core.Strapi;
  runs: Runs;
  /** The sides of engines in this process whose runs are already recorded. */
  engines: WeakSet<object>;
  here: string;
  whenGone: ReturnType<typeof createPullConnections>['whenGone'];
  /** The tables of webhooks were replaced, in a way that Strapi notifies nobody of. */
  onReplaced(): Promise<void>;
};

export function createObserving(options: Options) {
  const { strapi, engines, here } = options;
  const observedRuns = createObservedRuns(options);
  const { watchDestination, watchSource } = createSides(options, observedRuns);

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
      const observed = await observedRuns.begin(facts, !isLocal(destinationProvider));
      engines.add(sourceProvider).add(destinationProvider);
      countProvider(destinationProvider, observed.tally);
      const release = holdOpen(this);
      try {
        const result = await real.call(this);
        await observedRuns.complete(observed);
        return result;
      } catch (error) {
        await observedRuns.end(observed, { state: 'failed', error: messageOf(error) });
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
        `workflow-webhooks: strapi transfer, export and import send no replication events: this version of Strapi does not have ${points.missing.join(', ')}. A project's own replications still send theirs.`,
      );
      return;
    }
    wrapMethods<Engine>(points.engine, { transfer: watchTransfer });
    watchDestination(points.destination);
    watchSource(points.source, points.isIgnored);
  };
}

type ObservedFacts = Pick<ReplicationFacts, 'kind' | 'trigger' | 'source' | 'destination'>;

/** Runs that are recorded while their transfers are observed. Their `run` is null if the start could not be stored. */
function createObservedRuns({ strapi, runs, onReplaced }: Options) {
  const logFailure = (what: string) => (error: unknown) => {
    strapi.log.warn(
      `workflow-webhooks: ${what} of a data transfer could not be stored: ${messageOf(error)}`,
    );
    return null;
  };

  async function begin(facts: ObservedFacts, notifiesNow: boolean) {
    const beginning = { ...facts, name: `strapi ${facts.kind}`, actor: SYSTEM_ACTOR };
    const run = await runs.begin(beginning, { notifiesNow }).catch(logFailure('the start'));
    return { run, tally: createTally(), reading: createReading() };
  }

  async function end({ run }: ObservedRun, ending: Ending): Promise<void> {
    run?.stop();
    await onReplaced().catch(logFailure('the change of the webhooks'));
    await run?.end(ending).catch(logFailure('the end'));
  }

  function complete(observed: ObservedRun): Promise<void> {
    return end(observed, { state: 'completed', tallied: observed.tally.result() });
  }

  return { begin, end, complete };
}

type ObservedRuns = ReturnType<typeof createObservedRuns>;
type ObservedRun = Awaited<ReturnType<ObservedRuns['begin']>>;

const ELSEWHERE = 'another Strapi';

/** This Strapi as one side of a transfer whose engine runs in another Strapi, which pushes into this one or pulls from it. */
function createSides({ engines, here, whenGone }: Options, observedRuns: ObservedRuns) {
  const sides = new WeakMap<object, ObservedRun>();
  const commits = new WeakMap<object, Promise<unknown>>();

  async function start(
    provider: Provider,
    { notifiesNow, ...places }: { source: string; destination: string; notifiesNow: boolean },
  ): Promise<void> {
    if (engines.has(provider)) return;
    const facts = { kind: 'transfer', trigger: 'remote', ...places } as const;
    sides.set(provider, await observedRuns.begin(facts, notifiesNow));
  }

  async function finish(provider: Provider, failure: SentenceCode | null): Promise<void> {
    const observed = sides.get(provider);
    sides.delete(provider);
    if (!observed) return;
    if (failure === null) await observedRuns.complete(observed);
    else await observedRuns.end(observed, { state: 'failed', error: sentence(failure) });
  }

  /** Strapi does not wait for the COMMIT of a transfer, but readers right after the transfer need it. */
  async function followCommit(provider: Provider): Promise<void> {
    await provider.transaction?.attach(async (trx) => {
      const commit = committed(trx);
      commits.set(provider, commit);
      commit.catch(() => undefined);
    });
  }

  function watchDestination(prototype: TransferPrototypes['destination']): void {
    wrapMethods<Provider>(prototype, {
      bootstrap: (real) =>
        async function bootstrap(this: Provider, ...args) {
          await start(this, { source: ELSEWHERE, destination: here, notifiesNow: false });
          const result = await real.apply(this, args);
          await followCommit(this);
          return result;
        },
      createEntitiesWriteStream: (real) =>
        function create(this: Provider, ...args) {
          const stream = real.apply(this, args) as Writable;
          const observed = sides.get(this);
          return observed ? countWritten(stream, observed.tally) : stream;
        },
      rollback: (real) =>
        async function rollback(this: Provider, ...args) {
          commits.delete(this);
          const result = await real.apply(this, args);
          await finish(this, 'replication-undone');
          return result;
        },
      close: (real) =>
        async function close(this: Provider, ...args) {
          const result = await real.apply(this, args);
          // From here on Strapi undoes nothing: a rollback would wait forever.
          await Promise.resolve(commits.get(this)).catch(async (error) => {
            await finish(this, 'replication-unstored');
            throw error;
          });
          await finish(this, null);
          return result;
        },
    });
  }

  /** Not async, as Strapi's own methods: their caller expects a stream, not a promise of one. */
  const followStage = (stage: Stage) => (real: Method<Provider>) =>
    function create(this: Provider, ...args: unknown[]) {
      const stream = real.apply(this, args) as Readable;
      const observed = sides.get(this);
      return observed ? followRead(stream, stage, observed) : stream;
    };

  function watchSource(
    prototype: TransferPrototypes['source'],
    isIgnored: TransferPoints['isIgnored'],
  ): void {
    wrapMethods<Provider>(prototype, {
      bootstrap: (real) =>
        async function bootstrap(this: Provider, ...args) {
          await start(this, { source: here, destination: ELSEWHERE, notifiesNow: true });
          whenGone(() => void finish(this, 'replication-other-side-gone'));
          return real.apply(this, args);
        },
      createEntitiesReadStream: (real) =>
        async function create(this: Provider, ...args) {
          const stream = (await real.apply(this, args)) as Readable;
          const observed = sides.get(this);
          if (!observed) return stream;
          return followRead(countRead(stream, observed.tally, isIgnored), 'entities', observed);
        },
      createLinksReadStream: followStage('links'),
      createAssetsReadStream: followStage('assets'),
      createConfigurationReadStream: followStage('configuration'),
      close: (real) =>
        async function close(this: Provider, ...args) {
          const result = await real.apply(this, args);
          await finish(this, sides.get(this)?.reading.isWhole() ? null : 'replication-unread');
          return result;
        },
    });
  }

  return { watchDestination, watchSource };
}

function followRead(stream: Readable, stage: Stage, { reading }: ObservedRun): Readable {
  reading.begin(stage);
  return stream.once('end', () => reading.end(stage));
}

/** After this time without traffic, the system checks whether the other machine is still there. */
const QUIET_MS = 60_000;

/**
 * The connections over which other Strapis pull. Strapi's own half of a pull does not notice the end of its connection: it
 * is never closed, and its run would go on forever.
 */
export function createPullConnections() {
  const current = createContext<Socket>();
  const watched = new WeakSet<Socket>();

  /** Runs the handlers of the socket's messages in a context that knows the socket. */
  function watch(socket: Socket): void {
    if (watched.has(socket)) return;
    watched.add(socket);
    const emit = socket.emit.bind(socket) as (...args: unknown[]) => boolean;
    socket.emit = (...args: unknown[]) => current.run(socket, () => emit(...args));
    socket.setKeepAlive(true, QUIET_MS);
  }

  return {
    /** A middleware of Strapi's route for pulls. */
    atPull: (context: { req: { socket: Socket } }, next: () => Promise<unknown>) => {
      watch(context.req.socket);
      return next();
    },
    /** Calls `act` once, when the connection of the current message has ended. */
    whenGone: (act: () => void): void => {
      const socket = current.get();
      if (socket?.destroyed) act();
      else socket?.once('close', act);
    },
  };
}

/**
 * Closed local sides end Strapi, and with it the database that the end of the run is stored in. Keeps the sides open until
 * the returned function is called.
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
  if (name.includes('remote')) return options?.url?.href ?? ELSEWHERE;
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
