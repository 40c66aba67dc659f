/**
 * The connections beneath the HTTP client: undici's pools, directly or through the project's proxy. The address guard looks
 * names up here, and lets a socket reach vetted addresses only.
 */
import { lookup } from 'node:dns/promises';
import type { LookupFunction, Socket } from 'node:net';
import tls from 'node:tls';
import { Agent, buildConnector, Client, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { certificatesIn } from '../credentials/client-certificate';
import {
  BlockedError,
  hostProblem,
  isLiteral,
  parseAllow,
  parseUrl,
  peerError,
  resolvedProblem,
  type Allow,
} from './address';
import { InterimFilter } from './answer';

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
  /** URL of an HTTP proxy. It resolves names by itself, so the guard sees only hosts that are written as addresses. */
  proxy: string | null;
  /** `network.ca`: certificates in PEM that are trusted besides the usual authorities. */
  ca: string | null;
};

type Settings = NetworkSettings & { allow: Allow; identity: Identity | null };

/**
 * Without a proxy every address is checked when a connection to it is opened. A proxy resolves names by itself: then only
 * hosts written as addresses, and local names, are refused, and the proxy must keep its own rules.
 */
export function createDispatcher(settings: Settings, resolve: Resolve): Dispatcher {
  const { allow, proxy, ca, identity } = settings;
  const secureContext = secureContextOf(ca, identity);
  // The receiver is shown the client's certificate, the proxy is not.
  if (proxy !== null) return proxied(proxy, secureContext, secureContextOf(ca, null));
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
    const current: AnswerClient['current'] = { filter: null };
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

function proxied(proxy: string, toReceiver: Context, toProxy: Context): Dispatcher {
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) {
    throw new Error(
      'network.proxy is no proxy URL. Expected something like "http://proxy.internal:3128".',
    );
  }
  return new ProxyAgent({
    ...POOL_OPTIONS,
    uri: proxy,
    clientFactory: poolOf,
    requestTls: tlsOf(toReceiver),
    proxyTls: tlsOf(toProxy),
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
function secureContextOf(ca: string | null, identity: Identity | null): Context {
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

type ResolvedAddress = { address: string; family: number };

/** All addresses of a name. Rejects with Node's DNS errors, such as ENOTFOUND. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

type Guard = { allow: Allow; resolve: Resolve };

/**
 * The system's resolver, with one lookup at a time per name. Node runs lookups in a pool of four threads which the file
 * system shares: four deliveries to one name whose DNS server is dead would stop every other delivery.
 */
export function createResolve(): Resolve {
  const running = new Map<string, Promise<ResolvedAddress[]>>();
  return (hostname) => {
    const known = running.get(hostname);
    if (known) return known;
    const found = lookup(hostname, { all: true }).finally(() => running.delete(hostname));
    running.set(hostname, found);
    return found;
  };
}

/**
 * Settings of every socket. Node gives up an address after 250 ms and tries the next; a receiver on
 * the other side of the world with two addresses would never be reached.
 */
const SOCKET_OPTIONS = {
  timeout: 10_000,
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: 1000,
};

/** An undici connector that fails with BlockedError rather than connect to an address that `allow` forbids. */
export function createGuardedConnector(
  guard: Guard & { secureContext?: Context },
): buildConnector.connector {
  const { secureContext, allow } = guard;
  const connect = buildConnector({ ...tlsOf(secureContext), lookup: lookupOf(guard) });
  return (options, callback) => {
    // Node calls no lookup function for an address that is written out, so that address is judged here.
    const problem = hostProblem(options.hostname, allow);
    if (problem) return callback(new BlockedError(problem), null);
    return connect(options, (...[error, socket]: [Error | null, Socket | null]) => {
      if (error || !socket) return callback(error ?? new Error('No socket came about'), null);
      const refusal = peerError(socket, options.hostname, allow);
      if (refusal === null) return callback(null, socket);
      socket.destroy();
      return callback(refusal, null);
    });
  };
}

/** Gives Node vetted addresses to connect to, so that Node resolves the name no second time. */
const lookupOf =
  (guard: Guard): LookupFunction =>
  (hostname, options, callback) => {
    vetted(hostname, guard).then(
      (found) => {
        if (options.all) return callback(null, found);
        const first = found[0] as ResolvedAddress;
        return callback(null, first.address, first.family);
      },
      (error) => callback(error, options.all ? [] : ''),
    );
  };

async function vetted(hostname: string, { allow, resolve }: Guard): Promise<ResolvedAddress[]> {
  const found = await resolve(hostname);
  const problem = resolvedProblem(hostname, addressesIn(found), allow);
  if (problem) throw new BlockedError(problem);
  if (found.length === 0)
    throw Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
  return found;
}

const addressesIn = (found: readonly ResolvedAddress[]) => found.map(({ address }) => address);

/**
 * `addresses`: those that the guard checked, and so the only ones that may be connected to. Empty for a name that nobody
 * knows.
 */
type Peer =
  { kind: 'refused'; message: string } | { kind: 'allowed'; addresses: ResolvedAddress[] };

export type PeerGuard = (url: string) => Promise<Peer>;

type PeerOptions = { network: { allow: string[]; requireHttps: boolean }; resolve?: Resolve };

/** The guard for a connection that other code opens: whether it may, and to which addresses. */
export function createPeerGuard({ network, resolve = createResolve() }: PeerOptions): PeerGuard {
  const allow = parseAllow(network.allow);
  return async (text) => {
    const url = parseUrl(text, { allow, requireHttps: network.requireHttps });
    if (!(url instanceof URL)) return { kind: 'refused', message: url.message };
    if (isLiteral(url.hostname)) return { kind: 'allowed', addresses: [] };
    const addresses = await resolve(url.hostname).catch(() => []);
    const message = resolvedProblem(url.hostname, addressesIn(addresses), allow);
    return message === null ? { kind: 'allowed', addresses } : { kind: 'refused', message };
  };
}
