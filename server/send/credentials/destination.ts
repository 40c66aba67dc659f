/** Where an authorization may be sent: to the hosts that its owner named, and a certificate over TLS only. Pure. */
import { sentence } from '../../contract/sentences';
import type { AuthorizationSettings } from '../../contract/authorization';

const plain = (host: string) =>
  host
    .toLowerCase()
    .replace(/\.+$/, '')
    .replace(/^\[(.*)\]$/, '$1');

const isHost = (host: string, allowed: string) =>
  allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === plain(allowed);

const NEEDS_TLS = sentence('client-certificate-needs-tls');

/** Why it may not be sent to this URL, in words for an administrator; null if it may. */
export const destinationProblem = (
  { kind, name, allowedHosts }: AuthorizationSettings,
  address: string,
): string | null => {
  const url = new URL(address);
  const host = plain(url.hostname);
  if (allowedHosts.length > 0 && !allowedHosts.some((allowed) => isHost(host, allowed))) {
    return sentence('authorization-not-for-host', { name, host });
  }
  return kind === 'clientCertificate' && url.protocol !== 'https:' ? NEEDS_TLS : null;
};
