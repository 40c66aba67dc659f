/**
 * Authorizations as far as no call is needed: the headers of the simple kinds, the secrets of every kind, and the hosts
 * that they may be sent to. Pure.
 */
import type { AuthorizationSettings, SettingsOf } from '../../contract/authorization';
import { sentence } from '../../contract/sentences';
import {
  PRIVATE_KEY_PREFIX,
  SECRET_PREFIX,
  querySecrets,
} from '../../store/secrets/webhook-secrets';
import { withHeaders, type OutgoingRequest, type Target } from '../request';

/** The kinds whose credentials are known beforehand; the others need more calls, or a connection of their own. */
export type PlainSettings = SettingsOf<'basic' | 'bearer' | 'apiKey'>;

/** The request with its credentials, which win over headers of the same name. */
export function authorize(request: OutgoingRequest, settings: PlainSettings): OutgoingRequest {
  switch (settings.kind) {
    case 'basic':
      // RFC 7617, with user name and password in UTF-8.
      return withAuthorization(
        request,
        `Basic ${basicCredentials(settings.username, settings.password)}`,
      );
    case 'bearer':
      // RFC 6750, 2.1.
      return withAuthorization(request, `Bearer ${settings.token}`);
    case 'apiKey':
      return withApiKey(request, settings);
  }
}

export const withAuthorization = (
  request: OutgoingRequest,
  authorization: string,
): OutgoingRequest => ({ ...request, headers: withHeaders(request.headers, { authorization }) });

/** Every secret of an authorization, and its forms that stand in a request. */
export function credentialsOf(settings: AuthorizationSettings): string[] {
  switch (settings.kind) {
    case 'basic': {
      const { username, password } = settings;
      // Without a password the user name is the key: some services know API keys only.
      return [password || username, basicCredentials(username, password)];
    }
    case 'bearer':
      return [settings.token];
    case 'apiKey':
      return [settings.value];
    case 'digest':
      return [settings.password];
    case 'oauth2Password':
    case 'oauth2ClientCredentials': {
      const { clientId, clientSecret } = settings;
      const client = basicCredentials(inForm(clientId), inForm(clientSecret));
      const password = settings.kind === 'oauth2Password' ? [settings.password] : [];
      return [clientSecret, client, ...password];
    }
    case 'clientCertificate':
      return [settings.privateKey, settings.passphrase ?? ''];
    default:
      return settings satisfies never;
  }
}

/**
 * Every secret of a target that a receiver may repeat, each once, the longest first. They must stay out of all that is
 * stored and shown: attempts, errors, logs, answers of a test.
 */
export function secretsOf(input: { target: Target; secretHeaderValues: string[] }): string[] {
  const { authorization, secrets, url } = input.target;
  const all = [
    ...(authorization ? credentialsOf(authorization) : []),
    ...secrets.flatMap(signingForms),
    ...input.secretHeaderValues,
    ...querySecrets(url),
  ];
  const known = new Set(all.filter((secret) => secret !== ''));
  return [...known].sort((one, other) => other.length - one.length);
}

/**
 * Why an authorization may not be sent to this URL, in words for an administrator; null if it may. It goes to the hosts
 * that its owner named, and a certificate over TLS only.
 */
export function destinationProblem(
  { kind, name, allowedHosts }: AuthorizationSettings,
  address: string,
): string | null {
  const url = new URL(address);
  const host = plainHost(url.hostname);
  if (allowedHosts.length > 0 && !allowedHosts.some((allowed) => isHost(host, allowed)))
    return sentence('authorization-not-for-host', { name, host });
  return kind === 'clientCertificate' && url.protocol !== 'https:'
    ? sentence('client-certificate-needs-tls')
    : null;
}

const plainHost = (host: string) =>
  host
    .toLowerCase()
    .replace(/\.+$/, '')
    .replace(/^\[(.*)\]$/, '$1');

const isHost = (host: string, allowed: string) =>
  allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === plainHost(allowed);

const basicCredentials = (username: string, password: string): string =>
  Buffer.from(`${username}:${password}`, 'utf8').toString('base64');

/** As a form writes it, which is how a client names itself in a header (RFC 6749, 2.3.1). */
const inForm = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);

/** A signing secret without its prefix is still the key. */
function signingForms(secret: string): string[] {
  const prefix = [SECRET_PREFIX, PRIVATE_KEY_PREFIX].find((known) => secret.startsWith(known));
  return prefix === undefined ? [secret] : [secret, secret.slice(prefix.length)];
}

const withApiKey = (
  request: OutgoingRequest,
  { key, value, in: place }: SettingsOf<'apiKey'>,
): OutgoingRequest =>
  place === 'query'
    ? { ...request, url: withParameter(request.url, key, value) }
    : { ...request, headers: withHeaders(request.headers, { [key]: value }) };

/**
 * The parameter replaces one of the same name. The rest of the query keeps its spelling: URLSearchParams would turn
 * `%20` into `+`.
 */
function withParameter(address: string, key: string, value: string): string {
  const url = new URL(address);
  const others = url.search
    .slice(1)
    .split('&')
    .filter((parameter) => parameter !== '' && parameterName(parameter) !== key);
  url.search = [...others, `${encodeURIComponent(key)}=${encodeURIComponent(value)}`].join('&');
  return url.href;
}

/** Through URLSearchParams, because decodeURIComponent throws on a stray "%". */
const parameterName = (parameter: string) => [...new URLSearchParams(parameter).keys()][0];
