/** Turns what Node and undici throw into a reason and a sentence that an administrator can act on. */
import { BlockedError } from './blocked-error';
import type { FailureReason } from './outcome';

export type Failure = { reason: FailureReason; message: string };

const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT']);

const SENTENCES: Record<string, string> = {
  ECONNREFUSED: 'The receiver refused the connection: nothing listens at this host and port.',
  ECONNRESET: 'The receiver closed the connection before its answer was complete.',
  EPIPE: 'The receiver closed the connection before its answer was complete.',
  UND_ERR_SOCKET: 'The receiver closed the connection before its answer was complete.',
  ENOTFOUND: 'The host name of the URL does not exist.',
  EAI_AGAIN: 'The host name of the URL could not be looked up just now.',
  ENETUNREACH: 'There is no way through the network to the receiver.',
  EHOSTUNREACH: 'There is no way through the network to the receiver.',
  CERT_HAS_EXPIRED: 'The certificate of the receiver has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate of the receiver is for another host name.',
  WEBHOOK_SWITCHED_PROTOCOL:
    'The receiver answered 101: it switched to another protocol, which nobody had asked for.',
  WEBHOOK_ONLY_INTERIM:
    'The receiver sent more than 64 KB of interim responses (1xx), and no answer after them.',
  UND_ERR_HEADERS_OVERFLOW: 'The receiver answered with more headers than can be read.',
};

const UNTRUSTED =
  'The certificate of the receiver is not signed by a trusted authority. A developer can trust one: network.ca in config/plugins.';

const UNTRUSTED_CODES = new Set([
  'CERT_SIGNATURE_FAILURE',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

type Thrown = { code?: unknown; message?: unknown; errors?: unknown };

/** By shape, not by class: an error of another realm, such as Node's own in a test runner, is no `Error` here. */
const shapeOf = (error: unknown): Thrown =>
  typeof error === 'object' && error !== null ? error : { message: String(error) };

/** Several addresses tried in vain come as an AggregateError; its first error tells the most. */
const codeOf = (error: unknown): string => {
  const { code, errors } = shapeOf(error);
  if (typeof code === 'string') return code;
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : '';
};

const HANG_UPS = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** The other side ended the connection, rather than said something wrong. */
export const isHangUp = (error: unknown) => HANG_UPS.has(codeOf(error));

const sentenceOf = (code: string, error: unknown) => {
  if (UNTRUSTED_CODES.has(code)) return UNTRUSTED;
  if (code.startsWith('HPE_')) return 'The receiver answered with something that is not HTTP.';
  return SENTENCES[code] ?? `The call failed: ${shapeOf(error).message || 'no reason was given'}.`;
};

export const failureOf = (error: unknown): Failure => {
  if (error instanceof BlockedError) return { reason: 'blocked', message: error.message };
  const code = codeOf(error);
  if (TIMEOUTS.has(code)) {
    return { reason: 'timeout', message: 'No connection to the receiver came about in time.' };
  }
  const sentence = sentenceOf(code, error);
  return { reason: 'connection', message: code ? `${sentence} (${code})` : sentence };
};
