/** Looks up the addresses of a host name, with the system's own resolver. */
import { lookup } from 'node:dns/promises';

export type ResolvedAddress = { address: string; family: number };

/** All addresses of a name. Rejects with Node's DNS errors, such as ENOTFOUND. */
export type Resolve = (hostname: string) => Promise<ResolvedAddress[]>;

/**
 * One lookup at a time per name. Node runs them in a pool of four threads which the file system
 * shares: four deliveries to one name whose DNS server is dead would stop every other delivery.
 */
export const createResolve = (): Resolve => {
  const running = new Map<string, Promise<ResolvedAddress[]>>();
  return (hostname) => {
    const known = running.get(hostname);
    if (known) return known;
    const found = lookup(hostname, { all: true }).finally(() => running.delete(hostname));
    running.set(hostname, found);
    return found;
  };
};
