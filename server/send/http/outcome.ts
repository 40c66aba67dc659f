/**
 * How one HTTP call ended, and which sentence explains an error of Node or undici to an administrator. A receiver's refusal
 * is an answer; an outcome is never thrown.
 */
import type { OutcomeName } from '../../contract/delivery';
import { sentence } from '../../contract/sentences';
import { BlockedError } from './address';

/**
 * `size`: only the first `maxResponseBytes` were read · `deadline`: the rest had not come in time · `connection`: it broke
 * off · `stop`: we stopped the call. The status counts all the same.
 */
export type Cut = 'size' | 'deadline' | 'connection' | 'stop';

/** Header names in lower case; repeated ones are joined by ", ". */
export type Answered = {
  kind: 'answered';
  status: number;
  headers: Record<string, string>;
  /** The first `maxResponseBytes`, decoded. Never holds a NUL, which PostgreSQL cannot store. */
  body: string;
  isTruncated: boolean;
  /** Why the body is truncated; absent if it is whole. */
  cutBy?: Cut;
  ms: number;
};

/**
 * `timeout`: the deadline of the whole exchange, or of connecting, passed before there was an answer ·
 * `connection`: name, network, TLS or HTTP failed before there was an answer ·
 * `blocked`: the address guard refused · `badUrl`: the URL cannot be called ·
 * `aborted`: we stopped it ourselves.
 */
export type FailureReason = 'timeout' | 'connection' | 'blocked' | 'badUrl' | 'aborted';

export type Failed = { kind: 'failed'; reason: FailureReason; message: string; ms: number };

export type Outcome = Answered | Failed;

/**
 * The request could not be sent as configured. `tooLarge`: because of its body · `auth`: because of its credentials;
 * another call may have been made to get them. `isFinal`: a later attempt cannot end otherwise.
 */
export type Unsent = {
  kind: 'unsent';
  reason: 'tooLarge' | 'auth';
  message: string;
  isFinal: boolean;
  ms: number;
};

/** The name under which the log and the metrics show an outcome. */
export function outcomeName(outcome: Outcome | Unsent): OutcomeName {
  if (outcome.kind === 'unsent') return outcome.reason;
  if (outcome.kind === 'answered') return isSuccess(outcome.status) ? 'delivered' : 'refused';
  switch (outcome.reason) {
    case 'timeout':
      return 'timeout';
    case 'blocked':
    case 'badUrl':
      return 'blocked';
    case 'connection':
    case 'aborted':
      return 'connection';
  }
}

const isSuccess = (status: number) => status >= 200 && status < 300;

/** Turns what Node and undici throw into a reason and a sentence that an administrator can act on. */
export function failureOf(error: unknown): { reason: FailureReason; message: string } {
  if (error instanceof BlockedError) return { reason: 'blocked', message: error.message };
  const message = String(shapeOf(error).message ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  const given = codeOf(error);
  const code = (given.startsWith('ERR_SSL_') ? null : opensslCode(message)) ?? given;
  if (TIMEOUTS.has(code)) return { reason: 'timeout', message: sentence('connection-timeout') };
  const explained = sentenceOf(code, message);
  return { reason: 'connection', message: code ? `${explained} (${code})` : explained };
}

/** Whether the other side ended the connection, rather than sent something wrong. */
export const isHangUp = (error: unknown) => HANG_UPS.has(codeOf(error));

const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT']);

const HANG_UPS = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

const CLOSED = sentence('connection-closed');
const NO_WAY = sentence('connection-no-way');
const NO_LOOKUP = sentence('host-not-looked-up');
const TOO_MANY = sentence('connections-used-up');
const NOT_PERMITTED = sentence('connection-not-permitted');
const UNTRUSTED = sentence('certificate-untrusted');

const SENTENCES: Record<string, string> = {
  ECONNREFUSED: sentence('connection-refused'),
  ECONNRESET: CLOSED,
  ECONNABORTED: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  ENOTFOUND: sentence('host-unknown'),
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
  CERT_HAS_EXPIRED: sentence('certificate-expired'),
  CERT_NOT_YET_VALID: sentence('certificate-not-yet-valid'),
  ERR_TLS_CERT_ALTNAME_INVALID: sentence('certificate-other-host'),
  DEPTH_ZERO_SELF_SIGNED_CERT: sentence('certificate-self-signed'),
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  CERT_SIGNATURE_FAILURE: UNTRUSTED,
  CERT_UNTRUSTED: UNTRUSTED,
  WEBHOOK_SWITCHED_PROTOCOL: sentence('protocol-switched'),
  WEBHOOK_ONLY_INTERIM: sentence('answer-interim-only'),
  UND_ERR_HEADERS_OVERFLOW: sentence('headers-too-many'),
};

/** Codes of many forms, known by their beginning or by a part of them; the first pattern that matches counts. */
const FAMILIES: [RegExp, string][] = [
  [/^UNABLE_TO_(GET|VERIFY)_/, UNTRUSTED],
  [/^CERT_/, sentence('certificate-unusable')],
  [/^HPE_/, sentence('answer-no-http')],
  [
    /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL|BAD_RECORD_TYPE)/,
    sentence('tls-none'),
  ],
  [
    /^ERR_SSL_.*(PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|INAPPROPRIATE_FALLBACK)/,
    sentence('tls-too-old'),
  ],
  [/^ERR_SSL_.*ALERT_(HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY)/, sentence('tls-refused')],
  [
    /^ERR_SSL_.*ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|NO_CERTIFICATE|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/,
    sentence('tls-client-certificate'),
  ],
  [/^ERR_SSL_.*UNRECOGNIZED_NAME/, sentence('tls-host-unknown')],
  [/^ERR_SSL_.*NO_APPLICATION_PROTOCOL/, sentence('tls-no-http')],
  [/^ERR_SSL_.*(TOO_SMALL|TOO_WEAK)/, sentence('certificate-weak')],
  [/^(ERR_SSL_|ERR_TLS_|ERR_OSSL_|UND_ERR_PRX_TLS)/, sentence('tls-failed')],
];

type Thrown = { code?: unknown; message?: unknown; errors?: unknown; cause?: unknown };

/** By shape, not by class: an error of another realm, such as Node's own in a test runner, is no `Error` here. */
const shapeOf = (error: unknown): Thrown =>
  typeof error === 'object' && error !== null ? error : { message: String(error) };

/** Several addresses that all failed come as an AggregateError; its first error explains the most. */
function codeOf(error: unknown): string {
  const { code, errors, cause } = shapeOf(error);
  // Behind a proxy undici wraps the error of a wrong certificate in one of its own.
  if (code === 'UND_ERR_PRX_TLS' && cause !== undefined) return codeOf(cause);
  if (typeof code === 'string') return code;
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : '';
}

/** "...:SSL routines:ssl3_get_record:wrong version number:..." as the code that newer versions of Node have for it. */
function opensslCode(message: string): string | null {
  const [, reason] = /SSL routines:[^:]*:([a-z0-9 /_-]+)/i.exec(message) ?? [];
  if (!reason) return null;
  const name = reason.trim().toUpperCase();
  return `ERR_SSL_${name.replace(/[^A-Z0-9]+/g, '_')}`;
}

const sentenceOf = (code: string, message: string) =>
  sentenceIn(message) ??
  SENTENCES[code] ??
  FAMILIES.find(([pattern]) => pattern.test(code))?.[1] ??
  sentence('call-failed', { message: message || 'no reason was given' });

/** For failures that only the message tells apart. */
function sentenceIn(message: string): string | null {
  const [, status] = /^Proxy response \((\d+)\)/.exec(message) ?? [];
  if (status) return sentence('proxy-refused', { status });
  return message.includes('before secure TLS connection was established')
    ? sentence('tls-closed')
    : null;
}
