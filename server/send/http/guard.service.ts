/** The address guard where connections are opened: looks names up, and lets a socket reach vetted addresses only. */
import { lookup } from 'node:dns/promises';
import type { LookupFunction, Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
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

export type ResolvedAddress = { address: string; family: number };

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
export const SOCKET_OPTIONS = {
  timeout: 10_000,
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: 1000,
};

/** An undici connector that fails with BlockedError rather than connect to an address that `allow` forbids. */
export function createGuardedConnector(
  guard: Guard & { secureContext?: SecureContext | undefined },
): buildConnector.connector {
  const { secureContext, allow } = guard;
  const connect = buildConnector({
    ...SOCKET_OPTIONS,
    lookup: lookupOf(guard),
    ...(secureContext ? { secureContext } : {}),
  });
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
export type Peer =
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
