/**
 * Which URLs, hosts and addresses may be called: the public ones, and those that the developer allowed with
 * `network.allow`.
 */
import ipaddr from 'ipaddr.js';
import { sentence } from '../../contract/sentences';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** `network.allow`, parsed: receivers that may be called although they are private. */
export type Allow = {
  networks: [Address, number][];
  hosts: Set<string>;
  /** `.example.com` for the entry `*.example.com`. */
  suffixes: string[];
};

export type UrlRules = { allow: Allow; requireHttps: boolean };
type UrlProblem = { reason: 'badUrl' | 'blocked'; message: string };

/** How the address guard refuses from inside a connection; becomes the outcome `blocked`. */
export class BlockedError extends Error {
  override name = 'BlockedError';
  // undici connects again and again after its own UND_ERR_SOCKET and UND_ERR_INFO, and after no other code.
  readonly code = 'WEBHOOK_ADDRESS_BLOCKED';
}

/** The URL, or why it may not be called. The host's name is not resolved here. */
export function parseUrl(text: string, { allow, requireHttps }: UrlRules): URL | UrlProblem {
  const badUrl = (message: string): UrlProblem => ({ reason: 'badUrl', message });
  if (!URL.canParse(text)) return badUrl(sentence('url-incomplete'));
  const url = new URL(text);
  const { protocol, username, password } = url;
  if (protocol !== 'http:' && protocol !== 'https:')
    return badUrl(sentence('url-scheme', { protocol }));
  if (requireHttps && protocol !== 'https:') return badUrl(sentence('url-no-tls'));
  if (username !== '' || password !== '') return badUrl(sentence('url-credentials'));
  const message = hostProblem(url.hostname, allow);
  return message === null ? url : { reason: 'blocked', message };
}

/**
 * Why a URL's host may not be called, as far as it is known before the host is resolved: addresses
 * written out, and names that are local by definition (RFC 6761). Null if it may be called or resolved.
 */
export function hostProblem(hostname: string, allow: Allow): string | null {
  if (isLiteral(hostname)) return addressProblem(unbracketed(hostname), allow);
  const host = plainHost(hostname);
  if (isHostAllowed(host, allow)) return null;
  if (host !== 'localhost' && !host.endsWith('.localhost') && !CLOUD_HOSTS.has(host)) return null;
  return sentence('host-private', { host });
}

/** Judges all addresses of a name: a single private one refuses the name. */
export function resolvedProblem(
  hostname: string,
  addresses: readonly string[],
  allow: Allow,
): string | null {
  if (isHostAllowed(hostname, allow)) return null;
  const refused = addresses.find((address) => addressProblem(address, allow) !== null);
  if (refused === undefined) return null;
  return sentence('host-leads-to-private', { host: hostname, address: refused });
}

/** Why this address may not be called, in words for an administrator; null if it may. */
export function addressProblem(address: string, allow: Allow): string | null {
  if (!ipaddr.isValid(address)) return `"${address}" is no network address.`;
  const parsed = ipaddr.process(address);
  const mayPass = isAddressAllowed(parsed, allow) || isPublic(parsed);
  if (mayPass && !isIpv4Compatible(address)) return null;
  return sentence('address-private', { address });
}

/** The final check, of an open socket: where it really ended up. Null if it may stay open. */
export function peerError(
  { remoteAddress }: { remoteAddress?: string | undefined },
  hostname: string,
  allow: Allow,
): Error | null {
  if (!isLiteral(hostname) && isHostAllowed(hostname, allow)) return null;
  // A socket that was reset as soon as it was open has no peer any more. That says nothing about the address.
  if (remoteAddress === undefined)
    return Object.assign(new Error('The connection was closed as soon as it was there'), {
      code: 'ECONNRESET',
    });
  const problem = addressProblem(remoteAddress, allow);
  return problem === null ? null : new BlockedError(problem);
}

/** Throws an Error that names the first entry which is no network, address or host name. */
export function parseAllow(list: readonly string[]): Allow {
  const allow: Allow = { networks: [], hosts: new Set(), suffixes: [] };
  for (const entry of list) {
    if (typeof entry !== 'string') throw badEntry(entry);
    addEntry(allow, entry.trim());
  }
  return allow;
}

export const isLiteral = (hostname: string) => ipaddr.isValid(unbracketed(hostname));

/** Without the brackets that a URL puts around an IPv6 address. */
const unbracketed = (hostname: string) => hostname.replace(/^\[(.*)\]$/, '$1');

/** Lower case, without trailing dots: `LocalHost.` and `localhost` are the same host. */
const plainHost = (hostname: string) => hostname.toLowerCase().replace(/\.+$/, '');

/** A host allowed by its name may have any address. */
function isHostAllowed(hostname: string, allow: Allow): boolean {
  const host = plainHost(hostname);
  return allow.hosts.has(host) || allow.suffixes.some((suffix) => host.endsWith(suffix));
}

const isAddressAllowed = (address: Address, allow: Allow) =>
  allow.networks.some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  );

/** Public by number, but each answers only inside a cloud, with that cloud's secrets. */
const CLOUD_ADDRESSES = new Set(['168.63.129.16', '100.100.100.200']);
const CLOUD_HOSTS = new Set(['metadata.google.internal']);

/** All that IANA has given out to hosts. Outside of it are ::127.0.0.1 and its like, which ipaddr.js calls unicast. */
const IPV6_GLOBAL = ipaddr.IPv6.parseCIDR('2000::/3');

const isPublic = (address: Address) =>
  address.range() === 'unicast' &&
  (address instanceof ipaddr.IPv4 || address.match(IPV6_GLOBAL)) &&
  !CLOUD_ADDRESSES.has(address.toString());

/** ipaddr.js reads ::8.8.8.8 as ::ffff:8.8.8.8, that is 8.8.8.8; to the system it is an IPv6 address of its own. */
const isIpv4Compatible = (address: string) => /^::\d+(\.\d+){3}$/.test(address);

function addEntry(allow: Allow, entry: string): void {
  const network = networkOf(entry);
  if (network?.[0].kind() === 'ipv6' && network[0].range() === 'ipv4Mapped') {
    throw new Error(
      `network.allow holds "${entry}", an IPv4 address in IPv6 form. Write it as IPv4, for example "10.0.0.0/8".`,
    );
  }
  if (network) {
    allow.networks.push(network);
    return;
  }
  const isWildcard = entry.startsWith('*.');
  const host = hostOf(isWildcard ? entry.slice(2) : entry);
  if (!host) throw badEntry(entry);
  if (isWildcard) allow.suffixes.push(`.${host}`);
  else allow.hosts.add(host);
}

function networkOf(entry: string): [Address, number] | null {
  const { IPv4, IPv6 } = ipaddr;
  // ipaddr.js also reads "10/8", as 0.0.0.10/8: only the four-part form is unambiguous.
  if (IPv4.isValidCIDRFourPartDecimal(entry)) return IPv4.parseCIDR(entry);
  if (IPv4.isValidFourPartDecimal(entry)) return [IPv4.parse(entry), 32];
  if (IPv6.isValidCIDR(entry)) return IPv6.parseCIDR(entry);
  return IPv6.isValid(entry) ? [IPv6.parse(entry), 128] : null;
}

/** As a URL would write it: international names become punycode. Null if it is no host name. */
function hostOf(name: string): string | null {
  if (!/^[^\s/:@?#[\]\\%*]+$/.test(name) || !URL.canParse(`http://${name}`)) return null;
  const host = plainHost(new URL(`http://${name}`).hostname);
  return host === '' || ipaddr.isValid(host) ? null : host;
}

const badEntry = (entry: unknown) =>
  new Error(
    `network.allow holds ${JSON.stringify(entry)}, which is no network, address or host name. ` +
      'Expected entries such as "10.0.0.0/8", "127.0.0.1", "fd00::/8", "receiver.internal" or "*.internal", ' +
      'without scheme, port or path.',
  );
