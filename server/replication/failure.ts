/** Why a transfer failed, in words for an administrator. Pure. */
import { sentence } from '../contract/sentences';

type Details = {
  code?: string;
  check?: string;
  diffs?: Record<string, Diff[]>;
  versions?: Versions;
};
type Diff = { kind: 'added' | 'deleted' | 'modified'; path: string[] };
type Versions = { source: string; destination: string };
type Failure = { message?: string; code?: string; details?: { details?: Details } | null };

const TOKEN = sentence('replication-token-refused');
const NOT_PUSH = sentence('replication-token-no-push');
const NO_TRANSFER = sentence('replication-no-transfer');
const UNREACHABLE = sentence('replication-unreachable');
const TLS = sentence('replication-untrusted');
const NO_TLS = sentence('replication-tls-none');
const TLS_FAILED = sentence('replication-tls-failed');
const BACKUP = sentence('replication-no-backup');
const BUSY = sentence('replication-busy');

export const BROKE_OFF = sentence('replication-broke-off');

const MAX_DIFFS = 5;

const WORDS = {
  added: 'is at the destination only',
  deleted: 'is here only',
  modified: 'differs',
} as const;

const schemaMessage = (diffs: Record<string, Diff[]>): string => {
  const found = Object.entries(diffs).flatMap(([uid, list]) =>
    list.map(({ kind, path }) => `${[uid, ...path].join('.')} ${WORDS[kind]}`),
  );
  const more = found.length - MAX_DIFFS;
  const shown = found.slice(0, MAX_DIFFS).join('; ');
  const differences = more > 0 ? `${shown}; and ${more} more` : shown;
  return sentence('replication-other-types', { differences });
};

const versionMessage = ({ source, destination }: Versions): string =>
  sentence('replication-other-version', { source, destination });

/** In OpenSSL's words and in Node's, and no more than these: a content type may be a certificate, or a concert. */
const UNTRUSTED =
  /self.signed certificate|certificate (has expired|is not yet valid)|unable to (verify the first|get (local )?issuer) certificate|does not match certificate's altnames|\b(CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|VERIFY)_[A-Z_]+|ERR_TLS_CERT_ALTNAME_INVALID)\b/;

/** What Strapi's engine and Node say, and what it means. */
const MEANINGS: [RegExp, string][] = [
  [/Authentication Error/, TOKEN],
  [/Authorization Error|Forbidden access/, NOT_PUSH],
  [/backup folder for the assets could not be created/, BACKUP],
  [/not enabled on the remote host|Unexpected server response [234]\d\d/, NO_TRANSFER],
  [/already in progress|another transfer/i, BUSY],
  [UNTRUSTED, TLS],
  [/wrong version number|packet length too long|ERR_SSL_(WRONG_VERSION|PACKET_LENGTH)/, NO_TLS],
  [/SSL routines|ERR_SSL_|ERR_TLS_|EPROTO/, TLS_FAILED],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET/, UNREACHABLE],
  [/broke off|WebSocket is not open|socket hang up|EPIPE|Request timed out/, BROKE_OFF],
];

export const failureMessage = (error: unknown): string => {
  const { message = String(error), code = '', details } = (error ?? {}) as Failure;
  const { diffs, versions } = details?.details ?? {};
  if (diffs) return schemaMessage(diffs);
  if (versions) return versionMessage(versions);
  const text = `${message} ${code} ${details?.details?.code ?? ''}`;
  const known = MEANINGS.find(([pattern]) => pattern.test(text));
  return known ? known[1] : sentence('replication-strapi-says', { message });
};
