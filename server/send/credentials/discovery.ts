/** Which token URL an authority names, and whether it may be believed. Pure. */
import { sentence } from '../../contract/sentences';
import { contradicted } from '../http/answer';

type Authority = { authorityUrl: string; additionalBaseAddresses: readonly string[] };
type Found = { tokenUrl: string } | { problem: string };

const withoutSlash = (text: string) => (text.endsWith('/') ? text.slice(0, -1) : text);

/** What another server says may be anything, and long. */
const MOST = 2000;
const addressOf = (said: unknown): URL | null => {
  if (typeof said !== 'string' || said.length > MOST || !URL.canParse(said)) return null;
  const url = new URL(said);
  const isHttp = url.protocol === 'https:' || url.protocol === 'http:';
  // An escaped slash is one to some servers, which would lead out of the folder.
  return isHttp && !/%2f|%5c/i.test(url.pathname) ? url : null;
};

const isBelow = (url: URL, base: URL): boolean => {
  const folder = withoutSlash(base.pathname);
  return (
    url.origin === base.origin && (url.pathname === folder || url.pathname.startsWith(`${folder}/`))
  );
};

/** Below an address that the administrator named besides the authority. */
const isNamed = (url: URL, { additionalBaseAddresses }: Authority): boolean =>
  additionalBaseAddresses.some((base) => isBelow(url, new URL(base)));

const isTrusted = (url: URL, authority: Authority): boolean =>
  url.origin === new URL(authority.authorityUrl).origin || isNamed(url, authority);

const WELL_KNOWN = /\/\.well-known\/(openid-configuration|oauth-authorization-server)\/?$/;

/** The issuer itself, where the address of its document was entered: providers show that one to copy. */
export const issuerOf = (authorityUrl: string): string => authorityUrl.replace(WELL_KNOWN, '');

const isBelowNamed = (url: URL | null, authority: Authority) =>
  url !== null && isNamed(url, authority);

/** It must be the authority, or the document is somebody else's (RFC 8414, 3.3). */
const isIssuer = (issuer: string, authority: Authority): boolean =>
  withoutSlash(issuer) === withoutSlash(issuerOf(authority.authorityUrl)) ||
  isBelowNamed(addressOf(issuer), authority);

const documentOf = (body: string): Record<string, unknown> => {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

const shown = (text: string) => text.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 200);

/** Of a discovery document (RFC 8414, 3.2). */
export const discovered = (body: string, authority: Authority): Found => {
  const name = contradicted(body, ['issuer', 'token_endpoint']);
  if (name !== null) return { problem: sentence('issuer-contradictory', { name }) };
  const { issuer, token_endpoint: endpoint } = documentOf(body);
  if (typeof issuer !== 'string' || issuer.length > MOST) {
    return { problem: sentence('issuer-missing') };
  }
  if (!isIssuer(issuer, authority)) {
    return {
      problem: sentence('issuer-other', { issuer: shown(issuer) }),
    };
  }
  const tokenUrl = addressOf(endpoint);
  if (!tokenUrl) return { problem: sentence('issuer-no-token-endpoint') };
  if (!isTrusted(tokenUrl, authority)) {
    return {
      problem: sentence('issuer-elsewhere', { origin: shown(tokenUrl.origin) }),
    };
  }
  return { tokenUrl: tokenUrl.href };
};
