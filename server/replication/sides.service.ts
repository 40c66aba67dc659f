/** This Strapi as one side of a transfer whose engine runs in another Strapi, which pushes into this one or pulls from it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Core } from '@strapi/strapi';
import { SYSTEM_ACTOR, type ReplicationFacts } from '../contract/event';
import { sentence } from '../contract/sentences';
import { committed } from '../strapi/database.service';
import {
  wrapMethods,
  type Method,
  type Provider,
  type TransferPoints,
  type TransferPrototypes,
} from '../strapi/transfer.service';
import type { Ending } from './run';
import { keepAlive, type Runs } from './runs.service';
import {
  countRead,
  countWritten,
  createReading,
  createTally,
  withoutTypes,
  type Stage,
} from './tally';

export type ObservedRunsOptions = {
  strapi: Core.Strapi;
  runs: Runs;
  mine: Set<string>;
  /** Forgets cached webhooks: their tables were replaced. */
  onReplaced(): void;
};

/** A run that is recorded while its transfer is observed. `id` is null if its start could not be stored. */
export const createObservedRuns = ({ strapi, runs, mine, onReplaced }: ObservedRunsOptions) => {
  const logFailure = (what: string) => (error: unknown) => {
    strapi.log.warn(
      `workflow-webhooks: ${what} of a data transfer could not be stored: ${messageOf(error)}`,
    );
    return null;
  };
  return {
    begin: async (
      facts: Pick<ReplicationFacts, 'kind' | 'trigger' | 'source' | 'destination'>,
      notifiesNow: boolean,
    ) => {
      const id = await runs
        .begin({ ...facts, name: `strapi ${facts.kind}`, actor: SYSTEM_ACTOR }, { notifiesNow })
        .catch(logFailure('the start'));
      const stop = id === null ? () => undefined : keepAlive({ runs, runId: id, mine });
      return { id, stop, tally: createTally(), reading: createReading() };
    },
    end: async ({ id, stop }: { id: string | null; stop(): void }, ending: Ending) => {
      stop();
      onReplaced();
      if (id !== null) await runs.end(id, ending).catch(logFailure('the end'));
    },
  };
};

export type ObservedRuns = ReturnType<typeof createObservedRuns>;

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

type ObservedRun = Awaited<ReturnType<ObservedRuns['begin']>>;

type Options = {
  observedRuns: ObservedRuns;
  /** The sides of engines in this process, whose runs are recorded with the engine. */
  engines: WeakSet<object>;
  here: string;
  whenGone: PullConnections['whenGone'];
};

const ELSEWHERE = 'another Strapi';
const failure = (code: Parameters<typeof sentence>[0]): Ending => ({
  state: 'failed',
  error: sentence(code),
});

export const createSides = ({ observedRuns, engines, here, whenGone }: Options) => {
  /** Only the side is in this process, not the engine. */
  const sides = new WeakMap<object, ObservedRun>();
  const commits = new WeakMap<object, Promise<unknown>>();

  const start = async (
    provider: Provider,
    { notifiesNow, ...places }: { source: string; destination: string; notifiesNow: boolean },
  ) => {
    if (engines.has(provider)) return;
    const facts = { kind: 'transfer', trigger: 'remote', ...places } as const;
    sides.set(provider, await observedRuns.begin(facts, notifiesNow));
  };

  const finish = async (provider: Provider, endingOf: (run: ObservedRun) => Ending) => {
    const run = sides.get(provider);
    sides.delete(provider);
    if (run) await observedRuns.end(run, endingOf(run));
  };

  /** Strapi does not wait for the COMMIT of a transfer, but readers right after the transfer need it. */
  const followCommit = async (provider: Provider) => {
    await provider.transaction?.attach(async (trx) => {
      const commit = committed(trx);
      commits.set(provider, commit);
      commit.catch(() => undefined);
    });
  };

  const watchDestination = (prototype: TransferPrototypes['destination']) =>
    wrapMethods<Provider>(prototype, {
      bootstrap: (real) =>
        async function bootstrap(this: Provider, ...args) {
          await start(this, { source: ELSEWHERE, destination: here, notifiesNow: false });
          const answer = await real.apply(this, args);
          await followCommit(this);
          return answer;
        },
      createEntitiesWriteStream: (real) =>
        function create(this: Provider, ...args) {
          const stream = real.apply(this, args) as Writable;
          const run = sides.get(this);
          return run ? countWritten(stream, run.tally) : stream;
        },
      rollback: (real) =>
        async function rollback(this: Provider, ...args) {
          commits.delete(this);
          const answer = await real.apply(this, args);
          await finish(this, () => failure('replication-undone'));
          return answer;
        },
      close: (real) =>
        async function close(this: Provider, ...args) {
          const answer = await real.apply(this, args);
          // From here on Strapi undoes nothing; asked to, it would wait for ever.
          await Promise.resolve(commits.get(this)).catch(async (error) => {
            await finish(this, () => failure('replication-unstored'));
            throw error;
          });
          await finish(this, ({ tally }) => ({ state: 'completed', tallied: tally.result() }));
          return answer;
        },
    });

  /** Not async, as Strapi's own methods: their caller expects a stream, not a promise of one. */
  const followStage = (stage: Stage) => (real: Method<Provider>) =>
    function create(this: Provider, ...args: unknown[]) {
      const stream = real.apply(this, args) as Readable;
      const run = sides.get(this);
      return run ? followRead(stream, stage, run) : stream;
    };

  const watchSource = (
    prototype: TransferPrototypes['source'],
    isIgnored: TransferPoints['isIgnored'],
  ) =>
    wrapMethods<Provider>(prototype, {
      bootstrap: (real) =>
        async function bootstrap(this: Provider, ...args) {
          await start(this, { source: here, destination: ELSEWHERE, notifiesNow: true });
          whenGone(() => void finish(this, () => failure('replication-other-side-gone')));
          return real.apply(this, args);
        },
      createEntitiesReadStream: (real) =>
        async function create(this: Provider, ...args) {
          const stream = (await real.apply(this, args)) as Readable;
          const run = sides.get(this);
          if (!run) return stream;
          return followRead(countRead(stream, withoutTypes(isIgnored, run.tally)), 'entities', run);
        },
      createLinksReadStream: followStage('links'),
      createAssetsReadStream: followStage('assets'),
      createConfigurationReadStream: followStage('configuration'),
      close: (real) =>
        async function close(this: Provider, ...args) {
          const answer = await real.apply(this, args);
          await finish(this, ({ reading, tally }) =>
            reading.isWhole()
              ? { state: 'completed', tallied: tally.result() }
              : failure('replication-unread'),
          );
          return answer;
        },
    });

  return { watchDestination, watchSource };
};

function followRead(stream: Readable, stage: Stage, { reading }: ObservedRun): Readable {
  reading.begin(stage);
  return stream.once('end', () => reading.end(stage));
}

/** After this time without traffic, the system checks whether the other machine is still there. */
const QUIET_MS = 60_000;

/**
 * The connections over which other Strapis pull. Strapi's own half of a pull does not notice the end of its connection: it
 * is never closed, and its run would go on for ever.
 */
export const createPullConnections = () => {
  const current = new AsyncLocalStorage<Socket>();
  const watched = new WeakSet<Socket>();

  /** Runs the handlers of the socket's messages in a context that knows the socket. */
  const watch = (socket: Socket): void => {
    if (watched.has(socket)) return;
    watched.add(socket);
    const emit = socket.emit.bind(socket) as (...args: unknown[]) => boolean;
    socket.emit = (...args: unknown[]) => current.run(socket, () => emit(...args));
    socket.setKeepAlive(true, QUIET_MS);
  };

  return {
    /** A middleware of Strapi's route for pulls. */
    atPull: (context: { req: { socket: Socket } }, next: () => Promise<unknown>) => {
      watch(context.req.socket);
      return next();
    },
    /** Calls `act` once, when the connection of the current message has ended. */
    whenGone: (act: () => void): void => {
      const socket = current.getStore();
      if (socket?.destroyed) act();
      else socket?.once('close', act);
    },
  };
};

export type PullConnections = ReturnType<typeof createPullConnections>;
