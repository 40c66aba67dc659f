/** This Strapi as one side of a transfer whose engine runs in another Strapi: pushed into, or pulled from. */
import { sentence } from '../contract/sentences';
import type { Readable, Writable } from 'node:stream';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { ReplicationFacts } from '../contract/event';
import { committed } from '../store/transaction.service';
import type { Connections } from './connections.service';
import type { Points, Prototypes } from './data-transfer.service';
import type { Provider } from './providers';
import type { Reading, Stage } from './reading';
import type { Ending } from './run';
import { without, type Tally } from './tally';
import { tapReadable, tapWritable } from './tap.service';

export type Local = Provider & {
  strapi?: Core.Strapi;
  transaction?: { attach(work: (trx: Knex.Transaction) => Promise<unknown>): Promise<unknown> };
};
export type Watched = { id: string | null; tally: Tally; reading: Reading; stop(): void };
type Method = (this: Local, ...args: unknown[]) => unknown;

type Options = {
  begin(
    facts: Pick<ReplicationFacts, 'kind' | 'trigger' | 'source' | 'destination'>,
    tellsNow: boolean,
  ): Promise<Watched>;
  end(run: Watched, ending: Ending): Promise<void>;
  /** The sides of engines of this process, which are told of there. */
  engines: WeakSet<object>;
  here: string;
  whenGone: Connections['whenGone'];
};

const ELSEWHERE = 'another Strapi';
const UNDONE = sentence('replication-undone');
const UNSTORED = sentence('replication-unstored');
const UNREAD = sentence('replication-unread');
const GONE = sentence('replication-other-side-gone');

/** A stage's rows, for whoever reads them; one that was read to its end is known to be. */
const followed = (stream: Readable, stage: Stage, { reading }: Watched): Readable => {
  reading.begin(stage);
  return stream.once('end', () => reading.end(stage));
};

/** Each method of a prototype in place of Strapi's own, which it is given and calls. */
const wrapAll = (
  prototype: Record<string, unknown>,
  wraps: Record<string, (real: Method) => Method>,
) => {
  for (const [name, wrap] of Object.entries(wraps))
    prototype[name] = wrap(prototype[name] as Method);
};

export const createSides = ({ begin, end, engines, here, whenGone }: Options) => {
  /** Another Strapi's engine has this one as a side: only the side is here to be heard. */
  const sides = new WeakMap<object, Watched>();
  const fates = new WeakMap<object, Promise<unknown>>();

  const start = async (
    provider: Local,
    { tellsNow, ...ends }: { source: string; destination: string; tellsNow: boolean },
  ) => {
    if (engines.has(provider)) return;
    sides.set(provider, await begin({ kind: 'transfer', trigger: 'remote', ...ends }, tellsNow));
  };

  const finish = async (provider: Local, endingOf: (side: Watched) => Ending) => {
    const side = sides.get(provider);
    sides.delete(provider);
    if (side) await end(side, endingOf(side));
  };

  /** Strapi does not wait for the COMMIT of what a transfer wrote; whoever reads it right after must. */
  const followCommit = async (provider: Local) => {
    await provider.transaction?.attach(async (trx) => {
      fates.set(provider, committed(trx));
      committed(trx).catch(() => undefined);
    });
  };

  const watchDestination = (prototype: Prototypes['destination']) =>
    wrapAll(prototype, {
      bootstrap: (real) =>
        async function bootstrap(this: Local, ...args) {
          await start(this, { source: ELSEWHERE, destination: here, tellsNow: false });
          const answer = await real.apply(this, args);
          await followCommit(this);
          return answer;
        },
      createEntitiesWriteStream: (real) =>
        function create(this: Local, ...args) {
          const stream = real.apply(this, args) as Writable;
          const side = sides.get(this);
          return side ? tapWritable(stream, side.tally) : stream;
        },
      rollback: (real) =>
        async function rollback(this: Local, ...args) {
          fates.delete(this);
          const answer = await real.apply(this, args);
          await finish(this, () => ({ state: 'failed', error: UNDONE }));
          return answer;
        },
      close: (real) =>
        async function close(this: Local, ...args) {
          const answer = await real.apply(this, args);
          // Strapi undoes nothing from here on, and waits for ever where it is asked to.
          await Promise.resolve(fates.get(this)).catch(async (error) => {
            await finish(this, () => ({ state: 'failed', error: UNSTORED }));
            throw error;
          });
          await finish(this, ({ tally }) => ({ state: 'completed', tallied: tally.result() }));
          return answer;
        },
    });

  /** At once, as Strapi's own: a promise of a stream is none to whoever reads it. */
  const following = (stage: Stage) => (real: Method) =>
    function create(this: Local, ...args: unknown[]) {
      const stream = real.apply(this, args) as Readable;
      const side = sides.get(this);
      return side ? followed(stream, stage, side) : stream;
    };

  const watchSource = (prototype: Prototypes['source'], isIgnored: Points['isIgnored']) =>
    wrapAll(prototype, {
      bootstrap: (real) =>
        async function bootstrap(this: Local, ...args) {
          await start(this, { source: here, destination: ELSEWHERE, tellsNow: true });
          whenGone(() => void finish(this, () => ({ state: 'failed', error: GONE })));
          return real.apply(this, args);
        },
      createEntitiesReadStream: (real) =>
        async function create(this: Local, ...args) {
          const stream = (await real.apply(this, args)) as Readable;
          const side = sides.get(this);
          if (!side) return stream;
          return followed(tapReadable(stream, without(isIgnored, side.tally)), 'entities', side);
        },
      createLinksReadStream: following('links'),
      createAssetsReadStream: following('assets'),
      createConfigurationReadStream: following('configuration'),
      close: (real) =>
        async function close(this: Local, ...args) {
          const answer = await real.apply(this, args);
          await finish(this, ({ reading, tally }) =>
            reading.isWhole()
              ? { state: 'completed', tallied: tally.result() }
              : { state: 'failed', error: UNREAD },
          );
          return answer;
        },
    });

  return { watchDestination, watchSource };
};
