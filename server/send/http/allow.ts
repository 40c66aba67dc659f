/** The developer's list of receivers that may be called although they are private: `network.allow`. */
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

export type Allow = {
  networks: [Address, number][];
  hosts: Set<string>;
  /** Of entries such as `*.example.com`: `.example.com`. */
  suffixes: string[];
};

const { IPv4, IPv6 } = ipaddr;

const networkOf = (entry: string): [Address, number] | null => {
  // ipaddr.js also reads "10/8", as 0.0.0.10/8: only the four-part form says what it means.
  if (IPv4.isValidCIDRFourPartDecimal(entry)) return IPv4.parseCIDR(entry);
  if (IPv4.isValidFourPartDecimal(entry)) return [IPv4.parse(entry), 32];
  if (IPv6.isValidCIDR(entry)) return IPv6.parseCIDR(entry);
  return IPv6.isValid(entry) ? [IPv6.parse(entry), 128] : null;
};

/** Lower case, without trailing dots: `LocalHost.` and `localhost` are the same host. */
export const plainHost = (hostname: string) => hostname.toLowerCase().replace(/\.+$/, '');

/** As a URL would write it: international names become punycode. Null if it is no host name. */
const hostOf = (name: string): string | null => {
  if (!/^[^\s/:@?#[\]\\%*]+$/.test(name) || !URL.canParse(`http://${name}`)) return null;
  const host = plainHost(new URL(`http://${name}`).hostname);
  return host === '' || ipaddr.isValid(host) ? null : host;
};

const badEntry = (entry: unknown) =>
  new Error(
    `network.allow holds ${JSON.stringify(entry)}, which is no network, address or host name. ` +
      'Expected entries such as "10.0.0.0/8", "127.0.0.1", "fd00::/8", "receiver.internal" or "*.internal", ' +
      'without scheme, port or path.',
  );

const addEntry = (allow: Allow, entry: string) => {
  const network = networkOf(entry);
  if (network?.[0].kind() === 'ipv6' && network[0].range() === 'ipv4Mapped') {
    throw new Error(
      `network.allow holds "${entry}", an IPv4 address in IPv6 form. Write it as IPv4, for example "10.0.0.0/8".`,
    );
  }
  if (network) return allow.networks.push(network);
  const isWildcard = entry.startsWith('*.');
  const host = hostOf(isWildcard ? entry.slice(2) : entry);
  if (!host) throw badEntry(entry);
  return isWildcard ? allow.suffixes.push(`.${host}`) : allow.hosts.add(host);
};

/** Throws an Error that names the first entry which is no network, address or host name. */
export const parseAllow = (list: readonly string[]): Allow => {
  const allow: Allow = { networks: [], hosts: new Set(), suffixes: [] };
  for (const entry of list) {
    if (typeof entry !== 'string') throw badEntry(entry);
    addEntry(allow, entry.trim());
  }
  return allow;
};

/** A host allowed by its name may have any address. */
export const isHostAllowed = (hostname: string, allow: Allow) => {
  const host = plainHost(hostname);
  return allow.hosts.has(host) || allow.suffixes.some((suffix) => host.endsWith(suffix));
};

export const isAddressAllowed = (address: Address, allow: Allow) =>
  allow.networks.some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  );
