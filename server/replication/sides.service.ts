/** This Strapi as one side of a transfer whose engine runs in another Strapi: pushed into, or pulled from. */
import type { Readable, Writable } from 'node:stream';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { ReplicationFacts } from '../contract/event';
import { committed } from '../storage/certain.service';
import type { Prototypes } from './data-transfer.service';
import type { Provider } from './providers';
import type { Ending } from './run';
import type { Tally } from './tally';
import { tapReadable, tapWritable } from './tap.service';

export type Local = Provider & {
  strapi?: Core.Strapi;
  transaction?: { attach(work: (trx: Knex.Transaction) => Promise<unknown>): Promise<unknown> };
};
export type Watched = { id: string | null; tally: Tally; stop(): void; hasRead: boolean };
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
};

const UNDONE = 'It was given up, and nothing was changed here. The other side says why.';
const UNREAD = 'The other side ended it before it had read anything.';

export const createSides = ({ begin, end, engines, here }: Options) => {
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

  return { watchDestination, watchSource };
};
