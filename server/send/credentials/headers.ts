/** The kinds of authorization that are a header or a parameter: basic, bearer and API key. Pure. */
import type { SettingsOf } from '../../contract/authorization';
import { withHeaders } from '../request';
import { withAuthorization, type CredentialKind } from './kind';

/** RFC 7617, with user name and password in UTF-8. */
export const basic = {
  authorize: (request, { username, password }) =>
    withAuthorization(request, `Basic ${basicCredentials(username, password)}`),
  // Without a password the user name is the key: some services know API keys only.
  secretsIn: ({ username, password }) => [
    password || username,
    basicCredentials(username, password),
  ],
} satisfies CredentialKind<SettingsOf<'basic'>>;

export const basicCredentials = (username: string, password: string): string =>
  Buffer.from(`${username}:${password}`, 'utf8').toString('base64');

/** RFC 6750, 2.1. */
export const bearer = {
  authorize: (request, { token }) => withAuthorization(request, `Bearer ${token}`),
  secretsIn: ({ token }) => [token],
} satisfies CredentialKind<SettingsOf<'bearer'>>;

export const apiKey = {
  authorize: (request, { key, value, in: place }) =>
    place === 'query'
      ? { ...request, url: withParameter(request.url, key, value) }
      : { ...request, headers: withHeaders(request.headers, { [key]: value }) },
  secretsIn: ({ value }) => [value],
} satisfies CredentialKind<SettingsOf<'apiKey'>>;

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
