/** One transfer: its order to the worker process and the reports back, what it copies, and why it failed. Pure. */
import { sentence, type SentenceCode } from '../contract/sentences';
import type { RunProgress, TransferGroup } from '../contract/replication';
import type { Tallied } from './tally';

/** The worker process receives it over its channel. */
export type TransferOrder = {
  destination: string;
  token: string;
  only: TransferGroup[];
  exclude: TransferGroup[];
  /** The allowed addresses of the destination's host; empty if the URL holds an address itself. */
  addresses: { address: string; family: number }[];
};

/** The worker process sends it back. */
export type TransferReport =
  | { kind: 'progress'; progress: RunProgress }
  | { kind: 'completed'; tallied: Tallied; progress: RunProgress }
  | { kind: 'failed'; error: string; progress: RunProgress };

type Groups = { only: readonly TransferGroup[]; exclude: readonly TransferGroup[] };

type Types = {
  all: readonly string[];
  /** Types that Strapi never transfers, such as its administrators. */
  isIgnored(uid: string): boolean;
  /** Further types that Strapi leaves alone on either side. */
  ignored: readonly string[];
};

/** The content that the destination deletes before the copy, as with `strapi transfer`. */
export function restoreOf(groups: Groups, types: Types) {
  const isConfigured = isCopied('config', groups);
  return {
    entities: {
      include: emptiedTypes(groups, types),
      exclude: [...new Set([...types.all.filter(types.isIgnored), ...types.ignored])],
    },
    assets: isCopied('files', groups),
    configuration: { webhook: isConfigured, coreStore: isConfigured },
  };
}

/** Types whose rows are deleted before the copy; undefined: all but the excluded ones. */
function emptiedTypes(groups: Groups, { all, isIgnored }: Types): string[] | undefined {
  if (!isCopied('content', groups)) return [];
  // Without the configuration only content types are copied, so nothing else may be emptied.
  return isCopied('config', groups) ? undefined : all.filter((uid) => !isIgnored(uid));
}

function isCopied(group: TransferGroup, { only, exclude }: Groups): boolean {
  return !exclude.includes(group) && (only.length === 0 || only.includes(group));
}

type Entity = { type: string };
type Link = { left: Entity; right: Entity };

export const transformsOf = (isIgnored: (uid: string) => boolean) => ({
  entities: [{ filter: ({ type }: Entity) => !isIgnored(type) }],
  links: [{ filter: ({ left, right }: Link) => !isIgnored(left.type) && !isIgnored(right.type) }],
});

type Diff = { kind: 'added' | 'deleted' | 'modified'; path: string[] };
type Details = {
  code?: string;
  diffs?: Record<string, Diff[]>;
  versions?: { source: string; destination: string };
};
type Failure = { message?: string; code?: string; details?: { details?: Details } | null };

export const BROKE_OFF = sentence('replication-broke-off');

/** In the words of OpenSSL and Node, and no others: a content type may be called certificate. */
const UNTRUSTED =
  /self.signed certificate|certificate (has expired|is not yet valid)|unable to (verify the first|get (local )?issuer) certificate|does not match certificate's altnames|\b(CERT_[A-Z_]+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET|VERIFY)_[A-Z_]+|ERR_TLS_CERT_ALTNAME_INVALID)\b/;

/** Messages of Strapi's engine and of Node. The first match counts. */
const MEANINGS: [RegExp, SentenceCode][] = [
  [/Authentication Error/, 'replication-token-refused'],
  [/Authorization Error|Forbidden access/, 'replication-token-no-push'],
  [/backup folder for the assets could not be created/, 'replication-no-backup'],
  [
    /not enabled on the remote host|Unexpected server response [234]\d\d/,
    'replication-no-transfer',
  ],
  [/already in progress|another transfer/i, 'replication-busy'],
  [UNTRUSTED, 'replication-untrusted'],
  [
    /wrong version number|packet length too long|ERR_SSL_(WRONG_VERSION|PACKET_LENGTH)/,
    'replication-tls-none',
  ],
  [/SSL routines|ERR_SSL_|ERR_TLS_|EPROTO/, 'replication-tls-failed'],
  [
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ECONNRESET/,
    'replication-unreachable',
  ],
  [
    /broke off|WebSocket is not open|socket hang up|EPIPE|Request timed out/,
    'replication-broke-off',
  ],
];

/** Why a transfer failed, in words for an administrator. */
export function failureMessage(error: unknown): string {
  const { message = String(error), code = '', details } = (error ?? {}) as Failure;
  const { diffs, versions, code: inner = '' } = details?.details ?? {};
  if (diffs) return schemaMessage(diffs);
  if (versions) return sentence('replication-other-version', versions);
  const text = `${message} ${code} ${inner}`;
  const known = MEANINGS.find(([pattern]) => pattern.test(text));
  return known ? sentence(known[1]) : sentence('replication-strapi-says', { message });
}

const MAX_DIFFS = 5;
const DIFFERENCES = {
  added: 'is at the destination only',
  deleted: 'is here only',
  modified: 'differs',
} as const;

function schemaMessage(diffs: Record<string, Diff[]>): string {
  const found = Object.entries(diffs).flatMap(([uid, list]) =>
    list.map(({ kind, path }) => `${[uid, ...path].join('.')} ${DIFFERENCES[kind]}`),
  );
  const more = found.length - MAX_DIFFS;
  const shown = found.slice(0, MAX_DIFFS).join('; ');
  const differences = more > 0 ? `${shown}; and ${more} more` : shown;
  return sentence('replication-other-types', { differences });
}
