/** The pool of connections beneath the HTTP client: undici, guarded, or behind the project's proxy. */
import type { Socket } from 'node:net';
import { Agent, type buildConnector, Client, type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { Allow } from './allow';
import { createGuardedConnector, SOCKET_OPTIONS } from './guarded-connector.service';
import type { Identity } from './identity';
import { InterimFilter } from './interim-responses';
import type { Resolve } from './resolve.service';
import { secureContextOf } from './trust.service';

/** One connection, reopened when it is lost. */
export type Connection = {
  /** Says that a request is about to be written; answers whether one was written before. */
  begin(): boolean;
  /** Whether the receiver has sent anything since then, interim responses included. */
  hasBegun(): boolean;
};

export type ConnectionUser = Dispatcher.DispatchHandlers & { connection: Connection | null };

type ClientOptions = Client.Options & { connect: buildConnector.connector };

/**
 * undici reads its sockets with `read`, so that is where interim responses are taken out. It is called again where
 * nothing is left, because a null means to undici that it has to wait for more.
 */
const withoutInterimResponses = (socket: Socket): InterimFilter => {
  const filter = new InterimFilter();
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  socket.read = (size) => {
    try {
      for (let chunk = read(size); chunk !== null; chunk = read(size)) {
        const left = filter.pass(chunk);
        if (left.length > 0) return left;
      }
    } catch (error) {
      socket.destroy(error as Error);
    }
    return null;
  };
  return filter;
};

/** undici does not tell whether a socket is new, and a new one that dies means more than a stale one. */
class AnswerClient extends Client implements Connection {
  private hasServed = false;
  private readonly current: { filter: InterimFilter | null };

  constructor(origin: URL, options: ClientOptions) {
    const current: { filter: InterimFilter | null } = { filter: null };
    const connect: buildConnector.connector = (target, callback) =>
      options.connect(target, (...[error, socket]: [Error | null, Socket | null]) => {
        if (error || !socket) return callback(error ?? new Error('No socket came about'), null);
        current.filter = withoutInterimResponses(socket);
        return callback(null, socket);
      });
    super(origin, { ...options, connect });
    this.current = current;
    this.on('connect', () => (this.hasServed = false));
  }

  begin() {
    const isReused = this.hasServed;
    this.hasServed = true;
    this.current.filter?.expectAnswer();
    return isReused;
  }

  hasBegun() {
    return this.current.filter?.hasBegun ?? false;
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: ConnectionUser): boolean {
    handler.connection = this;
    return super.dispatch(options, handler);
  }
}

const poolOf = (origin: URL, options: object) =>
  new Pool(origin, {
    ...options,
    factory: (url, own) => new AnswerClient(url, own as ClientOptions),
  });

const POOL_OPTIONS = {
  pipelining: 1,
  // The deadline of the exchange stands for both: undici's own restart with every chunk.
  headersTimeout: 0,
  bodyTimeout: 0,
  factory: poolOf,
};

type Context = ReturnType<typeof secureContextOf>;

const tlsOf = (secureContext: Context) => ({
  ...SOCKET_OPTIONS,
  ...(secureContext ? { secureContext } : {}),
});

/** The receiver is shown the client's certificate, the proxy is not. */
const proxied = (proxy: string, contexts: { receiver: Context; proxy: Context }) => {
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) {
    throw new Error(
      'network.proxy is no proxy URL. Expected something like "http://proxy.internal:3128".',
    );
  }
  return new ProxyAgent({
    ...POOL_OPTIONS,
    uri: proxy,
    clientFactory: poolOf,
    requestTls: tlsOf(contexts.receiver),
    proxyTls: tlsOf(contexts.proxy),
  });
};

export type NetworkSettings = {
  allow: Allow;
  proxy: string | null;
  ca: string | null;
  /** With which certificate it connects; null: with none. */
  identity: Identity | null;
};

/**
 * Without a proxy every address is checked when it is connected to. A proxy resolves names by
 * itself, out of our sight: then only hosts written as addresses, and local names, are refused, and
 * the proxy must keep its own rules.
 */
export const createDispatcher = (settings: NetworkSettings, resolve: Resolve): Dispatcher => {
  const { allow, proxy, ca, identity } = settings;
  const secureContext = secureContextOf({ ca, identity });
  if (proxy !== null) {
    const toProxy = secureContextOf({ ca, identity: null });
    return proxied(proxy, { receiver: secureContext, proxy: toProxy });
  }
  return new Agent({
    ...POOL_OPTIONS,
    connect: createGuardedConnector({ allow, resolve, secureContext }),
  });
};
