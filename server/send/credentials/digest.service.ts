/**
 * Digest access authentication (RFC 7616): reads a server's challenge, answers it, and uses its nonce again until it is
 * stale.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { SettingsOf } from '../../contract/authorization';
import { sentence } from '../../contract/sentences';
import type { Outcome } from '../http/outcome';
import type { OutgoingRequest } from '../request';
import {
  createMemory,
  isUnauthorized,
  settingsKeyOf,
  unsentForAuth,
  withAuthorization,
  type CredentialKind,
  type CredentialSending,
  type SendingTools,
} from './kind';

type DigestSettings = SettingsOf<'digest'>;

export const digest: CredentialKind<DigestSettings> = {
  secretsIn: ({ password }) => [password],
  createSending: createDigestSending,
};

/**
 * One client nonce for all uses of a nonce: with `-sess`, the key is made of the first one (RFC 7616, 3.4.2), and a
 * server that keeps to that would refuse the second use with another.
 */
type Session = { challenge: DigestChallenge; count: number; cnonce: string };

/** The call with a nonce that the server forgot, the one with its successor, and one more if that became stale meanwhile. */
const MOST_CALLS = 3;

function createDigestSending({ sender }: SendingTools): CredentialSending<DigestSettings> {
  const sessions = createMemory<Session>();

  /** A server may give several requests the same nonce: they count on together (RFC 7616, 3.4). */
  function begin(key: string, challenge: DigestChallenge): Session {
    const known = sessions.get(key);
    return known?.challenge.nonce === challenge.nonce
      ? known
      : sessions.set(key, { challenge, count: 0, cnonce: randomBytes(16).toString('hex') });
  }

  /** A session that another request has begun meanwhile stays. */
  function forget(key: string, session: Session | undefined): void {
    if (session && sessions.get(key) === session) sessions.forget(key);
  }

  function learnNextNonce(key: string, session: Session, outcome: Outcome) {
    const nonce = nextNonceOf(headerOf(outcome, 'authentication-info'));
    if (nonce !== null) begin(key, { ...session.challenge, nonce });
  }

  return {
    async send(request, settings, { deadline, ...options }) {
      // The same user may have another password elsewhere, and a nonce is one server's.
      const key = `${settingsKeyOf(settings)} ${new URL(request.url).origin}`;
      const secrets: string[] = [];
      let session = sessions.get(key);
      let isFresh = false;
      for (let calls = 1; ; calls += 1) {
        const used = session && authorized(request, settings, session);
        if (used) secrets.push(used.secret);
        const sent = used?.sent ?? request;
        const outcome = await sender.send(sent, { ...options, timeout: deadline.left() });
        const whole = calls === 1 ? outcome : deadline.whole(outcome);
        const ended = { request: sent, outcome: whole, secrets };
        if (!isUnauthorized(outcome)) {
          if (session) learnNextNonce(key, session, outcome);
          return ended;
        }
        const challenge = digestChallengeOf(headerOf(outcome, 'www-authenticate'));
        if ('problem' in challenge)
          return { ...ended, outcome: unsentForAuth(challenge.problem, false, deadline.spent()) };
        if (calls === MOST_CALLS || (isFresh && !challenge.isStale)) {
          forget(key, session);
          return ended;
        }
        session = begin(key, challenge);
        isFresh = true;
      }
    },
  };
}

/** The next use of a nonce; each has a number of its own (RFC 7616, 3.4). */
function authorized(request: OutgoingRequest, settings: DigestSettings, session: Session) {
  session.count += 1;
  const { value, secret } = digestAnswer({ ...session, credentials: settings, request });
  return { sent: withAuthorization(request, value), secret };
}

const headerOf = (outcome: Outcome, name: string): string | undefined =>
  outcome.kind === 'answered' ? outcome.headers[name] : undefined;

type Qop = 'auth' | 'auth-int';

/** A challenge that can be answered. */
export type DigestChallenge = {
  realm: string;
  nonce: string;
  /** Sent back as it came. */
  opaque: string | null;
  algorithm: string | null;
  /** Null: a server older than RFC 2617, which knows neither counter nor client nonce. */
  qop: Qop | null;
  isStale: boolean;
  hidesUser: boolean;
  isUtf8: boolean;
};

/** The first challenge that can be answered: the server names the one that it likes best first (RFC 7616, 3.7). */
export function digestChallengeOf(
  header: string | undefined,
): DigestChallenge | { problem: string } {
  const challenges = challengesOf(header ?? '');
  const digests = challenges
    .filter(({ scheme }) => scheme === 'digest')
    .map(({ parameters }) => parameters);
  const [chosen] = digests.map(answerable).filter((challenge) => challenge !== null);
  if (chosen) return chosen;
  const schemes = challenges.map(({ scheme }) => scheme);
  return { problem: unanswerable(schemes, digests) };
}

/** The nonce that the server wants to see next (`Authentication-Info`, RFC 7616, 3.5); null if it names none. */
export const nextNonceOf = (header: string | undefined): string | null =>
  (header === undefined ? null : parametersOf(header).nextnonce) ?? null;

type Answering = {
  challenge: DigestChallenge;
  credentials: { username: string; password: string };
  request: OutgoingRequest;
  /** How often this nonce was used, this time included. */
  count: number;
  /** A client nonce: random, of this session. */
  cnonce: string;
};

/** The value of `Authorization`, and the part of it that must not be shown: with it, passwords can be guessed offline. */
export function digestAnswer(input: Answering): { value: string; secret: string } {
  const { challenge, credentials, request, cnonce } = input;
  const { realm, nonce, opaque, algorithm, qop, hidesUser } = challenge;
  const url = new URL(request.url);
  const uri = url.pathname + url.search;
  const nc = input.count.toString(16).padStart(8, '0');
  const { response, userHash } = responseOf(input, uri, nc);
  const needsCnonce = qop !== null || isSession(algorithm);
  const fields = [
    hidesUser ? `username=${quoted(userHash)}` : userField(credentials.username),
    `realm=${quoted(realm)}`,
    `uri=${quoted(uri)}`,
    algorithm === null ? null : `algorithm=${algorithm}`,
    `nonce=${quoted(nonce)}`,
    qop === null ? null : `nc=${nc}`,
    needsCnonce ? `cnonce=${quoted(cnonce)}` : null,
    qop === null ? null : `qop=${qop}`,
    `response=${quoted(response)}`,
    opaque === null ? null : `opaque=${quoted(opaque)}`,
    hidesUser ? 'userhash=true' : null,
  ];
  return { value: `Digest ${fields.filter(Boolean).join(', ')}`, secret: response };
}

/** The server's name of an algorithm, and node:crypto's of its hash. The names differ by case only. */
const HASHES = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
  ['sha-512-256', 'sha512-256'],
]);

const hashOf = (algorithm: string | null): string | undefined =>
  HASHES.get((algorithm ?? 'MD5').toLowerCase().replace(/-sess$/, ''));

const isSession = (algorithm: string | null) => /-sess$/i.test(algorithm ?? '');

function answerable(parameters: Record<string, string>): DigestChallenge | null {
  const { realm, nonce, algorithm = null } = parameters;
  const qop = qopOf(parameters.qop);
  const isUsable = realm !== undefined && nonce !== undefined && qop !== undefined;
  if (!isUsable || hashOf(algorithm) === undefined) return null;
  return {
    realm,
    nonce,
    opaque: parameters.opaque ?? null,
    algorithm,
    qop,
    isStale: parameters.stale?.toLowerCase() === 'true',
    hidesUser: parameters.userhash?.toLowerCase() === 'true',
    isUtf8: parameters.charset?.toLowerCase() === 'utf-8',
  };
}

/** `auth-int` only if the server offers nothing else, because few servers implement it well. */
function qopOf(offered: string | undefined): Qop | null | undefined {
  if (offered === undefined) return null;
  const names = offered.toLowerCase().split(/[\s,]+/);
  return (['auth', 'auth-int'] as const).find((name) => names.includes(name));
}

function unanswerable(schemes: string[], digests: Record<string, string>[]): string {
  const named = (names: string[]) => [...new Set(names)].slice(0, 5).join(', ').slice(0, 200);
  if (digests.length > 0) {
    const algorithms = named(digests.map(({ algorithm }) => algorithm ?? 'MD5'));
    return sentence('digest-unknown', { algorithms });
  }
  return schemes.length > 0
    ? sentence('digest-other-scheme', { schemes: named(schemes) })
    : sentence('digest-no-challenge');
}

function responseOf(input: Answering, uri: string, nc: string) {
  const { challenge, credentials, request, cnonce } = input;
  const { realm, nonce, algorithm, qop, isUtf8 } = challenge;
  const hash = (...parts: (string | Buffer)[]) => {
    const digest = createHash(hashOf(algorithm) as string);
    parts.forEach((part, index) => digest.update(index === 0 ? '' : ':').update(hashed(part)));
    return digest.digest('hex');
  };
  const user = bytesOf(credentials.username, isUtf8);
  const secret = hash(user, realm, bytesOf(credentials.password, isUtf8));
  const a1 = isSession(algorithm) ? hash(secret, nonce, cnonce) : secret;
  const a2 =
    qop === 'auth-int'
      ? hash(request.method, uri, hash(Buffer.from(request.body)))
      : hash(request.method, uri);
  return {
    response: qop ? hash(a1, nonce, nc, cnonce, qop, a2) : hash(a1, nonce, a2),
    userHash: hash(user, realm),
  };
}

/** Without `charset=UTF-8`, ISO 8859-1 is the custom; a text that does not fit into it is sent as UTF-8. */
const bytesOf = (text: string, isUtf8: boolean): Buffer =>
  isUtf8 || Buffer.from(text, 'latin1').toString('latin1') !== text
    ? Buffer.from(text.normalize('NFC'), 'utf8')
    : Buffer.from(text, 'latin1');

/** Texts from a header were read byte by byte; user, password and body are given as bytes. */
const hashed = (part: string | Buffer) =>
  typeof part === 'string' ? Buffer.from(part, 'latin1') : part;

const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

const userField = (username: string): string =>
  /^[\x20-\x7e]*$/.test(username)
    ? `username=${quoted(username)}`
    : `username*=UTF-8''${extended(username)}`;

/** A value beyond ASCII as RFC 8187 writes it (3.2.1). encodeURIComponent leaves four characters alone that it must not. */
const extended = (text: string) =>
  // The way through a buffer replaces lone surrogates, on which encodeURIComponent throws.
  encodeURIComponent(Buffer.from(text.normalize('NFC')).toString()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export type Challenge = {
  /** In lower case. */
  scheme: string;
  /** Names in lower case, values unquoted; the first of a name counts. */
  parameters: Record<string, string>;
};

/** A longer field is read up to this length: no server needs more, and a search for the end of open quotes takes long. */
const MOST = 4096;

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[^"\\\\]|\\\\[\\s\\S])*"';
/** The next part: space and commas, a parameter, or the name of a scheme. Sticky, so that each byte is read once. */
const SPACE = /[\s,]+/y;
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(${TOKEN}|${QUOTED})(?=[\\s,]|$)`, 'y');
const SCHEME = new RegExp(`(${TOKEN})(?=[\\s,]|$)`, 'y');
/** A part of another kind, such as the token68 of another scheme. */
const ANYTHING = /[^\s,]+/y;

/**
 * Reads `WWW-Authenticate` and its like (RFC 9110, 11.6.1): one field may hold several challenges. Never throws; parts
 * that cannot be read are ignored.
 */
export function challengesOf(header: string): Challenge[] {
  const text = header.slice(0, MOST);
  const challenges: Challenge[] = [];
  let at = 0;
  // A scheme stands at the beginning or behind a comma; any other lone word is the token68 of the scheme before it.
  let mayBegin = true;
  while (at < text.length) {
    const parameter: RegExpExecArray | null = matched(PARAMETER, text, at);
    const scheme: RegExpExecArray | null =
      parameter || !mayBegin ? null : matched(SCHEME, text, at);
    const space: RegExpExecArray | null = parameter || scheme ? null : matched(SPACE, text, at);
    const read = parameter ?? scheme ?? space ?? matched(ANYTHING, text, at);
    const current = challenges.at(-1)?.parameters;
    // Without a prototype: a server may name a parameter `__proto__`.
    const parameters = Object.create(null) as Record<string, string>;
    if (scheme) challenges.push({ scheme: (scheme[1] as string).toLowerCase(), parameters });
    if (parameter && current) {
      const name = (parameter[1] as string).toLowerCase();
      if (!Object.hasOwn(current, name)) current[name] = unquoted(parameter[2] as string);
    }
    mayBegin = space !== null && (mayBegin || space[0].includes(','));
    at += read?.[0].length || 1;
  }
  return challenges;
}

/** The parameters of a field that is no challenge, such as `Authentication-Info`. */
export const parametersOf = (header: string): Record<string, string> =>
  challengesOf(`info ${header}`)[0]?.parameters ?? {};

function matched(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

const unquoted = (value: string) =>
  value.startsWith('"') ? value.slice(1, -1).replace(/\\([\s\S])/g, '$1') : value;
