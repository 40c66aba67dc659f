/** Reads the answers of OAuth servers: an access token (RFC 6749, 5), and the discovery document of an authority. Pure. */
import { sentence } from '../../contract/sentences';
import { contradicted, jsonMembers, Members } from '../http/answer';
import type { GrantedToken } from './kind';

/** The token of a 2xx answer, or why there is none. The sentence holds nothing of the answer. */
export function grantedToken(body: string): GrantedToken | { problem: string } {
  const answer = objectIn(body);
  if (!answer) return { problem: sentence('token-no-json') };
  const name = contradicted(body, ['access_token', 'expires_in', 'scope']);
  if (name !== null) return { problem: sentence('token-contradictory', { name }) };
  const value = textOrNull(answer.access_token);
  if (!value) return { problem: sentence('token-missing') };
  // Only what a header can carry (RFC 9110, 5.5): a token with a line break would be an attack.
  if (!/^[\x21-\x7e]+$/.test(value)) return { problem: sentence('token-not-a-header') };
  return { value, expiresIn: secondsOf(answer.expires_in), scope: textOrNull(answer.scope) };
}

const CREDENTIALS = ['access_token', 'refresh_token', 'id_token', 'device_secret'];

/** Every credential in an answer, whether it was a success or not, and also where a member is there twice. */
export function tokensIn(body: string): string[] {
  const answer = jsonMembers(body);
  if (!(answer instanceof Members)) return [];
  return CREDENTIALS.flatMap((name) =>
    answer.all(name).flatMap((value) => textOrNull(value) || []),
  );
}

/**
 * `invalid_client: The secret has expired.`: the error of an answer (RFC 6749, 5.2), in one line of any length; null if
 * the answer names none.
 */
export function errorIn(body: string): string | null {
  const answer = objectIn(body) ?? {};
  const parts = [textOrNull(answer.error), textOrNull(answer.error_description)].filter(Boolean);
  const text = parts.join(': ').replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ');
  return text === '' ? null : text;
}

const DEFAULT_SECONDS = 300;
const LEAST_MARGIN_SECONDS = 30;

/**
 * Until when (ms) a token is used: 30 seconds or a tenth of its life before it ends, whichever is more, but for at least
 * half of its life. A token without a stated end is used for five minutes.
 */
export function usableUntil(expiresIn: number | null, now: number): number {
  const life = expiresIn ?? DEFAULT_SECONDS;
  const margin = Math.min(Math.max(LEAST_MARGIN_SECONDS, life / 10), life / 2);
  return now + (life - margin) * 1000;
}

type Authority = { authorityUrl: string; additionalBaseAddresses: readonly string[] };

/** The token URL of a discovery document (RFC 8414, 3.2), or why it may not be trusted. */
export function discovered(
  body: string,
  authority: Authority,
): { tokenUrl: string } | { problem: string } {
  const name = contradicted(body, ['issuer', 'token_endpoint']);
  if (name !== null) return { problem: sentence('issuer-contradictory', { name }) };
  const { issuer, token_endpoint: endpoint } = objectIn(body) ?? {};
  if (typeof issuer !== 'string' || issuer.length > LONGEST_ADDRESS)
    return { problem: sentence('issuer-missing') };
  if (!isIssuer(issuer, authority))
    return { problem: sentence('issuer-other', { issuer: shown(issuer) }) };
  const tokenUrl = addressIn(endpoint);
  if (!tokenUrl) return { problem: sentence('issuer-no-token-endpoint') };
  if (!isTrusted(tokenUrl, authority))
    return { problem: sentence('issuer-elsewhere', { origin: shown(tokenUrl.origin) }) };
  return { tokenUrl: tokenUrl.href };
}

const WELL_KNOWN = /\/\.well-known\/(openid-configuration|oauth-authorization-server)\/?$/;

/** The issuer itself, where the address of its document was entered: providers show that one to copy. */
export const issuerOf = (authorityUrl: string): string => authorityUrl.replace(WELL_KNOWN, '');

/** The issuer must be the authority, or the document belongs to another server (RFC 8414, 3.3). */
function isIssuer(issuer: string, authority: Authority): boolean {
  if (withoutSlash(issuer) === withoutSlash(issuerOf(authority.authorityUrl))) return true;
  const url = addressIn(issuer);
  return url !== null && isNamed(url, authority);
}

const isTrusted = (url: URL, authority: Authority): boolean =>
  url.origin === new URL(authority.authorityUrl).origin || isNamed(url, authority);

/** Whether it lies below an address that the administrator named besides the authority. */
const isNamed = (url: URL, { additionalBaseAddresses }: Authority): boolean =>
  additionalBaseAddresses.some((base) => isBelow(url, new URL(base)));

function isBelow(url: URL, base: URL): boolean {
  const folder = withoutSlash(base.pathname);
  return (
    url.origin === base.origin && (url.pathname === folder || url.pathname.startsWith(`${folder}/`))
  );
}

const withoutSlash = (text: string) => (text.endsWith('/') ? text.slice(0, -1) : text);

/** Another server may answer anything, of any length. */
const LONGEST_ADDRESS = 2000;

function addressIn(value: unknown): URL | null {
  if (typeof value !== 'string' || value.length > LONGEST_ADDRESS || !URL.canParse(value))
    return null;
  const url = new URL(value);
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
  // An escaped slash is one to some servers, which would lead out of the folder.
  return isHttp && !/%2f|%5c/i.test(url.pathname) ? url : null;
}

const shown = (text: string) => text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 200);

function objectIn(body: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);

/** Ten years: some servers mean "for ever" by numbers that no date can hold. */
const LONGEST_SECONDS = 10 * 365 * 86_400;

/** Some servers write the number as text. */
function secondsOf(value: unknown): number | null {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || Number.isNaN(seconds) || seconds < 0) return null;
  return Math.min(seconds, LONGEST_SECONDS);
}
