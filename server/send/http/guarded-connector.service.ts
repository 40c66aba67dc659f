/** Opens sockets, and only to addresses that the guard has seen: the one place where a call can leave. */
import type { LookupFunction, Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import { hostProblem, resolvedProblem } from './address';
import type { Allow } from './allow';
import { BlockedError } from './blocked-error';
import { peerError } from './peer';
import type { Resolve, ResolvedAddress } from './resolve.service';

const CONNECT_TIMEOUT = 10_000;

/**
 * Settings of every socket. Node gives up an address after 250 ms and tries the next; a receiver on
 * the other side of the world with two addresses would never be reached.
 */
export const SOCKET_OPTIONS = {
  timeout: CONNECT_TIMEOUT,
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: 1000,
};

type Guard = { allow: Allow; resolve: Resolve };

const vetted = async (hostname: string, { allow, resolve }: Guard): Promise<ResolvedAddress[]> => {
  const found = await resolve(hostname);
  const problem = resolvedProblem(
    hostname,
    found.map(({ address }) => address),
    allow,
  );
  if (problem) throw new BlockedError(problem);
  if (found.length === 0) {
    throw Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' });
  }
  return found;
};

/** What Node asks for the addresses to connect to: it gets vetted ones, and resolves no second time. */
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

/** An undici connector that fails with BlockedError rather than connect to an address that `allow` forbids. */
export const createGuardedConnector = (
  guard: Guard & { secureContext?: SecureContext | undefined },
): buildConnector.connector => {
  const { secureContext, allow } = guard;
  const connect = buildConnector({
    ...SOCKET_OPTIONS,
    lookup: lookupOf(guard),
    ...(secureContext ? { secureContext } : {}),
  });
  return (options, callback) => {
    // Node asks no lookup function about an address that is written out, so it is judged here.
    const problem = hostProblem(options.hostname, allow);
    if (problem) return callback(new BlockedError(problem), null);
    return connect(options, (...[error, socket]: [Error | null, Socket | null]) => {
      if (error || !socket) return callback(error ?? new Error('No socket came about'), null);
      const found = peerError(socket, options.hostname, allow);
      if (found === null) return callback(null, socket);
      socket.destroy();
      return callback(found, null);
    });
  };
};
