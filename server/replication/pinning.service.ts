/** Holds a host to addresses that were looked at before, in a process that calls it only: a name must not lead elsewhere meanwhile. */
import dns from 'node:dns';
import type { LookupAddress } from 'node:dns';

type Answer = (
  error: Error | null,
  address?: string | LookupAddress[],
  family?: number | undefined,
) => void;
type Lookup = (hostname: string, options: unknown, answer?: Answer) => void;

/** Node's connections ask `dns.lookup` as it then is. */
export const pinHost = (host: string, addresses: readonly LookupAddress[]): void => {
  const real = dns.lookup as unknown as Lookup;
  const pinned: Lookup = (hostname, options, answer) => {
    const done = (answer ?? options) as Answer;
    if (hostname !== host) return real(hostname, options, answer);
    const wantsAll = typeof options === 'object' && (options as { all?: boolean }).all;
    const [first] = addresses;
    process.nextTick(() =>
      wantsAll ? done(null, [...addresses]) : done(null, first?.address, first?.family),
    );
  };
  (dns as { lookup: unknown }).lookup = pinned;
};
