/** Which hosts and addresses a webhook may call: the public ones, and those that the developer allowed. */
import { sentence } from '../../contract/sentences';
import ipaddr from 'ipaddr.js';
import { type Allow, isAddressAllowed, isHostAllowed, plainHost } from './allow';

export { type Allow, parseAllow } from './allow';

/** Public by number, but each answers only inside a cloud, with that cloud's secrets. */
const CLOUD_ADDRESSES = new Set(['168.63.129.16', '100.100.100.200']);
const CLOUD_HOSTS = new Set(['metadata.google.internal']);

/** All that IANA has given out to hosts. Outside of it are ::127.0.0.1 and its like, which ipaddr.js calls unicast. */
const IPV6_GLOBAL = ipaddr.IPv6.parseCIDR('2000::/3');

const isPublic = (address: ipaddr.IPv4 | ipaddr.IPv6) =>
  address.range() === 'unicast' &&
  (address instanceof ipaddr.IPv4 || address.match(IPV6_GLOBAL)) &&
  !CLOUD_ADDRESSES.has(address.toString());

/** ipaddr.js reads ::8.8.8.8 as ::ffff:8.8.8.8, that is 8.8.8.8; to the system it is an IPv6 address of its own. */
const isIpv4Compatible = (address: string) => /^::\d+(\.\d+){3}$/.test(address);

/** Why this address may not be called, in words for an administrator; null if it may. */
export const addressProblem = (address: string, allow: Allow): string | null => {
  if (!ipaddr.isValid(address)) return `"${address}" is no network address.`;
  const parsed = ipaddr.process(address);
  const mayPass = isAddressAllowed(parsed, allow) || isPublic(parsed);
  if (mayPass && !isIpv4Compatible(address)) return null;
  return sentence('address-private', { address });
};

/** The same for all addresses of a name: a single private one among them refuses the name. */
export const resolvedProblem = (
  hostname: string,
  addresses: readonly string[],
  allow: Allow,
): string | null => {
  if (isHostAllowed(hostname, allow)) return null;
  const refused = addresses.find((address) => addressProblem(address, allow) !== null);
  if (refused === undefined) return null;
  return sentence('host-leads-to-private', { host: hostname, address: refused });
};

/** Without the brackets that a URL puts around an IPv6 address. */
const unbracketed = (hostname: string) => hostname.replace(/^\[(.*)\]$/, '$1');

export const isLiteral = (hostname: string) => ipaddr.isValid(unbracketed(hostname));

/**
 * What can be said of a URL's host before it is resolved: addresses written out, and names that are
 * local by definition (RFC 6761). Null if the host may be called, or at least be resolved.
 */
export const hostProblem = (hostname: string, allow: Allow): string | null => {
  if (isLiteral(hostname)) return addressProblem(unbracketed(hostname), allow);
  const host = plainHost(hostname);
  if (isHostAllowed(host, allow)) return null;
  if (host !== 'localhost' && !host.endsWith('.localhost') && !CLOUD_HOSTS.has(host)) return null;
  return sentence('host-private', { host });
};
