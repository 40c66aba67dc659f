/** The address guard for a connection that others make: where it may go, and to which addresses. */
import { isLiteral, resolvedProblem } from './address';
import { parseAllow } from './allow';
import { createResolve, type Resolve, type ResolvedAddress } from './resolve.service';
import { parseUrl } from './url';

type Options = { network: { allow: string[]; requireHttps: boolean }; resolve?: Resolve };

/** `addresses`: those that were looked at, and so the only ones that may be connected to. None: nobody knows the name. */
export type Peer =
  { kind: 'refused'; message: string } | { kind: 'allowed'; addresses: ResolvedAddress[] };

export type PeerGuard = (url: string) => Promise<Peer>;

export const createPeerGuard = ({ network, resolve = createResolve() }: Options): PeerGuard => {
  const allow = parseAllow(network.allow);
  return async (text) => {
    const url = parseUrl(text, { allow, requireHttps: network.requireHttps });
    if (!(url instanceof URL)) return { kind: 'refused', message: url.message };
    if (isLiteral(url.hostname)) return { kind: 'allowed', addresses: [] };
    const addresses = await resolve(url.hostname).catch(() => []);
    const found = addresses.map(({ address }) => address);
    const message = resolvedProblem(url.hostname, found, allow);
    return message === null ? { kind: 'allowed', addresses } : { kind: 'refused', message };
  };
};
