/** Turns what Node and undici throw into a reason and a sentence that an administrator can act on. */
import { BlockedError } from './blocked-error';
import type { FailureReason } from './outcome';

export type Failure = { reason: FailureReason; message: string };

const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT']);

const CLOSED = 'The receiver closed the connection before its answer was complete.';
const NO_WAY = 'There is no way through the network to the receiver.';
const NO_LOOKUP = 'The host name of the URL could not be looked up just now.';
const TOO_MANY = 'This server has too many files or connections open to make another one.';
const NOT_PERMITTED = 'The operating system of this server does not permit the connection.';
const TRUST = 'A developer can trust one: network.ca in config/plugins.';
const UNTRUSTED = `The certificate of the receiver is not signed by a trusted authority. ${TRUST}`;

const SENTENCES: Record<string, string> = {
  ECONNREFUSED: 'The receiver refused the connection: nothing listens at this host and port.',
  ECONNRESET: CLOSED,
  ECONNABORTED: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  ENOTFOUND: 'The host name of the URL does not exist.',
  EAI_AGAIN: NO_LOOKUP,
  EAI_FAIL: NO_LOOKUP,
  EAI_NODATA: NO_LOOKUP,
  ENETUNREACH: NO_WAY,
  EHOSTUNREACH: NO_WAY,
  ENETDOWN: NO_WAY,
  EHOSTDOWN: NO_WAY,
  EADDRNOTAVAIL: TOO_MANY,
  EMFILE: TOO_MANY,
  ENFILE: TOO_MANY,
  EACCES: NOT_PERMITTED,
  EPERM: NOT_PERMITTED,
  CERT_HAS_EXPIRED: 'The certificate of the receiver has expired.',
  CERT_NOT_YET_VALID:
    'The certificate of the receiver is not valid yet. Check the clock of this server.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate of the receiver is for another host name.',
  DEPTH_ZERO_SELF_SIGNED_CERT: `The certificate of the receiver is signed by itself, and not by a trusted authority. ${TRUST}`,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  WEBHOOK_SWITCHED_PROTOCOL:
    'The receiver answered 101: it switched to another protocol, which nobody had asked for.',
  WEBHOOK_ONLY_INTERIM:
    'The receiver sent more than 64 KB of interim responses (1xx), and no answer after them.',
  UND_ERR_HEADERS_OVERFLOW: 'The receiver answered with more headers than can be read.',
};

/** Where the code has many forms, by its beginning or by a part of it; the first that fits counts. */
const FAMILIES: [RegExp, string][] = [
  [/^UNABLE_TO_(GET|VERIFY)_/, UNTRUSTED],
  [/^CERT_/, 'The certificate of the receiver cannot be used.'],
  [
    /^HPE_/,
    'The receiver answered with something that is not HTTP. If it expects TLS, its URL starts with https://.',
  ],
  [
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL|BAD_RECORD_TYPE)/,
    'The receiver does not speak TLS at this port. Its URL may have to start with http://, or to name another port.',
  ],
  [
    /^ERR_SSL_.*(PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|INAPPROPRIATE_FALLBACK)/,
    'The receiver does not offer TLS 1.2 or a later version.',
  ],
  [
    /^ERR_SSL_.*ALERT_(HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY)/,
    'The receiver refused the TLS connection. It may want a client certificate, or no cipher is known to both sides.',
  ],
  [
    /^ERR_SSL_.*ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|NO_CERTIFICATE|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/,
    'The receiver wants a client certificate, and did not accept the one it was shown, or none. Check the authorization.',
  ],
  [/^ERR_SSL_.*UNRECOGNIZED_NAME/, 'The receiver has no certificate for the host name of the URL.'],
  [/^ERR_SSL_.*NO_APPLICATION_PROTOCOL/, 'The receiver does not speak HTTP/1.1 over TLS.'],
  [/^ERR_SSL_.*(TOO_SMALL|TOO_WEAK)/, 'The certificate or the key of the receiver is too weak.'],
  [/^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|UND_ERR_PRX_TLS)/, 'The TLS connection to the receiver failed.'],
];

type Thrown = { code?: unknown; message?: unknown; errors?: unknown; cause?: unknown };

/** By shape, not by class: an error of another realm, such as Node's own in a test runner, is no `Error` here. */
const shapeOf = (error: unknown): Thrown =>
  typeof error === 'object' && error !== null ? error : { message: String(error) };

/** Several addresses tried in vain come as an AggregateError; its first error tells the most. */
const codeOf = (error: unknown): string => {
  const { code, errors, cause } = shapeOf(error);
  // Behind a proxy undici wraps the error of a wrong certificate in one of its own.
  if (code === 'UND_ERR_PRX_TLS' && cause !== undefined) return codeOf(cause);
  if (typeof code === 'string') return code;
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : '';
};

const HANG_UPS = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** The other side ended the connection, rather than said something wrong. */
export const isHangUp = (error: unknown) => HANG_UPS.has(codeOf(error));

/** "...:SSL routines:ssl3_get_record:wrong version number:..." as the code that newer versions of Node have for it. */
const OPENSSL = /SSL routines:[^:]*:([a-z0-9 /_-]+)/i;

/** Null where OpenSSL said nothing. */
const opensslCode = (message: string): string | null => {
  const [, reason] = OPENSSL.exec(message) ?? [];
  return reason
    ? `ERR_SSL_${reason
        .trim()
        .toUpperCase()
        .replace(/[^A-Z0-9]+/g, '_')}`
    : null;
};

const PROXY_ANSWER = /^Proxy response \((\d+)\)/;

/** What a message says that its code does not. */
const sentenceIn = (message: string): string | null => {
  const [, status] = PROXY_ANSWER.exec(message) ?? [];
  if (status)
    return `The proxy (network.proxy) did not connect to the receiver: it answered ${status}.`;
  return message.includes('before secure TLS connection was established')
    ? 'The receiver closed the connection during the TLS handshake.'
    : null;
};

const sentenceOf = (code: string, message: string) =>
  sentenceIn(message) ??
  SENTENCES[code] ??
  FAMILIES.find(([pattern]) => pattern.test(code))?.[1] ??
  `The call failed: ${message || 'no reason was given'}.`;

export const failureOf = (error: unknown): Failure => {
  if (error instanceof BlockedError) return { reason: 'blocked', message: error.message };
  const message = String(shapeOf(error).message ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  const given = codeOf(error);
  const code = (given.startsWith('ERR_SSL_') ? null : opensslCode(message)) ?? given;
  if (TIMEOUTS.has(code)) {
    return { reason: 'timeout', message: 'No connection to the receiver came about in time.' };
  }
  const sentence = sentenceOf(code, message);
  return { reason: 'connection', message: code ? `${sentence} (${code})` : sentence };
};
