/** Why a transfer failed, in words for an administrator. Pure. */

type Details = {
  code?: string;
  check?: string;
  diffs?: Record<string, Diff[]>;
  versions?: Versions;
};
type Diff = { kind: 'added' | 'deleted' | 'modified'; path: string[] };
type Versions = { source: string; destination: string };
type Failure = { message?: string; code?: string; details?: { details?: Details } | null };

const TOKEN =
  'The destination refused the token. Make a transfer token there (Settings > Transfer Tokens), with "Push" or full access, and enter it here.';
const NOT_PUSH =
  'The token of the destination may not push. Make a transfer token there with "Push" or full access, and enter it here.';
const NO_TRANSFER =
  'At this URL nobody takes a transfer. Check that it is the URL of the admin panel, mostly with /admin at its end, and that transfers are enabled there (server.transfer.remote.enabled, and a transfer token salt).';
const UNREACHABLE =
  'The destination could not be reached. Check its URL, whether it runs, and whether a firewall lies between.';
const TLS =
  'The certificate of the destination is not trusted by this server. network.ca in config/plugins names further authorities.';
const NO_TLS =
  'The destination does not speak TLS at this port. Its URL may have to start with http://, or to name another port.';
const TLS_FAILED =
  'The TLS connection to the destination failed. Its TLS version, its ciphers or its certificate do not fit this server.';
const BACKUP =
  'The destination could not set its uploaded files aside, and so replaced nothing: its process may not write to its folder "public". Let it, or leave the files out of this replication.';
const BUSY = 'The destination is busy with another transfer. Try again when it is done.';

export const BROKE_OFF =
  'The connection to the destination broke off. What was copied is not kept there, unless it says otherwise in its log.';

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
  return `The content types here and at the destination are not the same: ${shown}${more > 0 ? `; and ${more} more` : ''}. Bring both to the same version of your project, then run it again.`;
};

const versionMessage = ({ source, destination }: Versions): string =>
  `Strapi is ${source} here and ${destination} at the destination. Strapi copies between equal versions only.`;

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
  return known ? known[1] : `Strapi's transfer says: ${message}`;
};
