/** Keeps secrets out of what is stored and shown: attempts, errors, logs, answers of a test. */
import type { AuthorizationSettings } from '../contract/authorization';
import { MASK } from '../contract/names';
import { basicCredentials } from './authorize/basic';
import type { Target } from './request';
import { PRIVATE_KEY_PREFIX, SECRET_PREFIX } from './sign/secret';
import { querySecrets } from './url-secrets';

/** As a form writes it, which is how a client names itself in a header (RFC 6749, 2.3.1). */
const inForm = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);

/** Every secret of an authorization, and the forms of it that stand in a request. */
export const credentialsOf = (authorization: AuthorizationSettings): string[] => {
  switch (authorization.kind) {
    case 'basic': {
      const { username, password } = authorization;
      return [password, basicCredentials(username, password)];
    }
    case 'digest':
      return [authorization.password];
    case 'oauth2Password':
    case 'oauth2ClientCredentials': {
      const { clientId, clientSecret } = authorization;
      const client = basicCredentials(inForm(clientId), inForm(clientSecret));
      const password = authorization.kind === 'oauth2Password' ? [authorization.password] : [];
      return [clientSecret, client, ...password];
    }
    case 'clientCertificate':
      return [authorization.privateKey, authorization.passphrase ?? ''];
    case 'bearer':
      return [authorization.token];
    case 'apiKey':
      return [authorization.value];
    default:
      return authorization satisfies never;
  }
};

/** A signing secret without its prefix is still the key. */
const signingForms = (secret: string) => {
  const prefix = [SECRET_PREFIX, PRIVATE_KEY_PREFIX].find((known) => secret.startsWith(known));
  return prefix === undefined ? [secret] : [secret, secret.slice(prefix.length)];
};

const inXml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/** Lower-case escapes are as good as upper-case ones (RFC 3986, 2.1), and some servers write them. */
const inUrl = (text: string): string[] => {
  // The way through a buffer replaces lone surrogates, on which encodeURIComponent throws.
  const encoded = encodeURIComponent(Buffer.from(text).toString());
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return [encoded, lower, inForm(text)];
};

/** How a receiver may echo a secret back. PHP's json_encode writes "/" as "\/". */
const writtenForms = (secret: string): string[] => {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    inJson,
    inJson.replaceAll('/', '\\/'),
    ...inUrl(secret),
    inXml(secret),
    inXml(secret).replaceAll("'", '&apos;'),
  ];
};

/** Every form of these secrets, each once, the longest first. */
export const formsOf = (secrets: readonly string[]): string[] => {
  const forms = new Set(secrets.filter((secret) => secret !== '').flatMap(writtenForms));
  return [...forms].sort((one, other) => other.length - one.length);
};

/** Every form in which a secret of this target may appear, each once, the longest first. */
export const secretsOf = (input: { target: Target; secretHeaderValues: string[] }): string[] => {
  const { authorization, secrets, url } = input.target;
  const raw = [
    ...(authorization ? credentialsOf(authorization) : []),
    ...secrets.flatMap(signingForms),
    ...input.secretHeaderValues,
    ...querySecrets(url),
  ];
  return formsOf(raw);
};

type Span = { start: number; end: number };

const spansOf = (text: string, secrets: readonly string[]): Span[] => {
  const spans: Span[] = [];
  for (const secret of secrets) {
    if (secret === '') continue;
    let start = text.indexOf(secret);
    while (start !== -1) {
      spans.push({ start, end: start + secret.length });
      start = text.indexOf(secret, start + 1);
    }
  }
  return spans.sort((one, other) => one.start - other.start);
};

/** Where two secrets overlap, one mask covers both: masking one after the other would leave a tail. */
const maskedText = (text: string, secrets: readonly string[]): string => {
  // Most texts of a request are shorter than any secret: asked first, since this is done for each of them.
  if (secrets.every((secret) => secret.length > text.length || !text.includes(secret))) return text;
  let answer = '';
  let end = 0;
  for (const span of spansOf(text, secrets)) {
    if (span.start >= end) answer += text.slice(end, span.start) + MASK;
    end = Math.max(end, span.end);
  }
  return end === 0 ? text : answer + text.slice(end);
};

/**
 * A copy of plain objects, lists and texts with every occurrence of a secret masked; keys are kept.
 * An occurrence is masked however short the secret is: an unreadable log is better than a leak.
 */
export const masked = <T>(value: T, secrets: readonly string[]): T => {
  const copy = (part: unknown): unknown => {
    if (typeof part === 'string') return maskedText(part, secrets);
    if (Array.isArray(part)) return part.map(copy);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, copy(inner)]));
  };
  return copy(value) as T;
};

const beginningAtEnd = (text: string, secret: string): number => {
  let length = Math.min(secret.length - 1, text.length);
  while (length > 0 && !text.endsWith(secret.slice(0, length))) length -= 1;
  return length;
};

/**
 * For a text that was cut off, and is masked already: what its end may hold of a secret is no whole occurrence, and so
 * was not masked. A harmless end that looks like a beginning is masked too.
 */
export const maskedEnd = (text: string, secrets: readonly string[]): string => {
  const length = secrets.reduce((most, one) => Math.max(most, beginningAtEnd(text, one)), 0);
  return length === 0 ? text : text.slice(0, -length) + MASK;
};
