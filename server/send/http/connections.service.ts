/** The pools of connections beneath the HTTP client: undici, guarded, or behind the project's proxy. */
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { Agent, type buildConnector, Client, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { certificatesIn } from '../certificates';
import type { Allow } from './address';
import { createGuardedConnector, SOCKET_OPTIONS, type Resolve } from './guard.service';
import { InterimFilter } from './interim-responses';

/** One connection, reopened when it is lost. */
export type Connection = {
  /** To be called before a request is written; answers whether one was written before. */
  begin(): boolean;
  /** Whether the receiver has sent anything since then, interim responses included. */
  hasBegun(): boolean;
};

export type ConnectionUser = Dispatcher.DispatchHandlers & { connection: Connection | null };

/** A certificate of ours that a receiver asks for (mutual TLS). */
export type Identity = {
  /** Each key has its own connections. */
  key: string;
  /** PEM: the certificate, and after it those between it and its authority. */
  certificate: string;
  /** PEM; in the clear, or encrypted with the passphrase. */
  privateKey: string;
  passphrase: string | null;
  /** PEM: the only authorities that the receiver's certificate is checked against; null: the usual ones. */
  ca: string | null;
};

export type NetworkSettings = {
  allow: Allow;
  proxy: string | null;
  /** `network.ca`: certificates in PEM that are trusted besides the usual authorities. */
  ca: string | null;
  /** The client certificate of the connections; null: none. */
  identity: Identity | null;
};

/**
 * Without a proxy every address is checked when a connection to it is opened. A proxy resolves names by itself: then only
 * hosts written as addresses, and local names, are refused, and the proxy must keep its own rules.
 */
export function createDispatcher(settings: NetworkSettings, resolve: Resolve): Dispatcher {
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
}

type ClientOptions = Client.Options & { connect: buildConnector.connector };

/**
 * undici reads its sockets with `read`, so interim responses are removed there. The loop goes on where nothing of a chunk
 * is left, because undici waits for more data after a null.
 */
function withoutInterimResponses(socket: Socket): InterimFilter {
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
}

/** Knows whether its socket was used before, which undici does not tell: an error on a new socket means more than on a stale one. */
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

type Context = tls.SecureContext | undefined;

const tlsOf = (secureContext: Context) => ({
  ...SOCKET_OPTIONS,
  ...(secureContext ? { secureContext } : {}),
});

/** The receiver is shown the client's certificate, the proxy is not. */
function proxied(proxy: string, contexts: { receiver: Context; proxy: Context }): Dispatcher {
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
}

/** Node 22.15 and later also know those of NODE_EXTRA_CA_CERTS; before, only the built-in ones can be listed. */
const usualAuthorities = (): readonly string[] =>
  (tls as { getCACertificates?: () => string[] }).getCACertificates?.() ?? tls.rootCertificates;

/** Each is parsed here once, because a secure context silently ignores certificates that it cannot read. */
function certificatesOf(ca: string): string[] {
  const certificates = certificatesIn(ca).map((certificate) => certificate.toString());
  if (certificates.length === 0) throw new Error('No certificate was found.');
  return certificates;
}

const BAD_CA =
  'network.ca cannot be read. Expected the text (not the path) of one or more certificates in PEM, starting with -----BEGIN CERTIFICATE-----.';

function authoritiesOf(ca: string): string[] {
  try {
    return [...usualAuthorities(), ...certificatesOf(ca)];
  } catch (error) {
    throw new Error(BAD_CA, { cause: error });
  }
}

/**
 * Built once: with `ca` as an option, every connection would read some 140 certificates again. An identity with
 * authorities of its own trusts no others. Throws where a certificate or key cannot be read.
 */
function secureContextOf({
  ca,
  identity,
}: Pick<NetworkSettings, 'ca' | 'identity'>): tls.SecureContext | undefined {
  const own = identity?.ca ? certificatesOf(identity.ca) : null;
  const authorities = own ?? (ca === null ? null : authoritiesOf(ca));
  if (authorities === null && identity === null) return undefined;
  return tls.createSecureContext({
    ...(authorities ? { ca: authorities } : {}),
    ...(identity
      ? {
          cert: identity.certificate,
          key: identity.privateKey,
          ...(identity.passphrase ? { passphrase: identity.passphrase } : {}),
        }
      : {}),
  });
}
