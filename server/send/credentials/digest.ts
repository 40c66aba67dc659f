/** Digest access authentication (RFC 7616): the answer to a server's challenge. */
import { sentence } from '../../contract/sentences';
import { createHash } from 'node:crypto';
import type { OutgoingRequest } from '../request';
import { challengesOf, parametersOf } from './challenge';

/** The server's name of an algorithm, and node:crypto's of its hash. The names differ by case only. */
const HASHES = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
  ['sha-512-256', 'sha512-256'],
]);

type Qop = 'auth' | 'auth-int';

/** A challenge that can be answered. */
export type DigestChallenge = {
  realm: string;
  nonce: string;
  /** Sent back as it came. */
  opaque: string | null;
  algorithm: string | null;
  /** Null: a server of before RFC 2617, which knows neither counter nor client nonce. */
  qop: Qop | null;
  isStale: boolean;
  hidesUser: boolean;
  isUtf8: boolean;
};

export type Unanswerable = { problem: string };

const isSession = (algorithm: string | null) => /-sess$/i.test(algorithm ?? '');

const hashOf = (algorithm: string | null): string | undefined =>
  HASHES.get((algorithm ?? 'MD5').toLowerCase().replace(/-sess$/, ''));

/** The body is at hand always, but `auth-int` is rarely implemented well: only where nothing else is offered. */
const qopOf = (offered: string | undefined): Qop | null | undefined => {
  if (offered === undefined) return null;
  const names = offered.toLowerCase().split(/[\s,]+/);
  return (['auth', 'auth-int'] as const).find((name) => names.includes(name));
};

const challengeOf = (parameters: Record<string, string>): DigestChallenge | null => {
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
};

const named = (names: string[]) => [...new Set(names)].slice(0, 5).join(', ').slice(0, 200);

const problemOf = (schemes: string[], digests: Record<string, string>[]): string => {
  if (digests.length > 0) {
    const algorithms = named(digests.map(({ algorithm }) => algorithm ?? 'MD5'));
    return sentence('digest-unknown', { algorithms });
  }
  return schemes.length > 0
    ? sentence('digest-other-scheme', { schemes: named(schemes) })
    : sentence('digest-no-challenge');
};

/** The first challenge that can be answered: the server names the one that it likes best first (RFC 7616, 3.7). */
export const digestChallengeOf = (header: string | undefined): DigestChallenge | Unanswerable => {
  const challenges = challengesOf(header ?? '');
  const digests = challenges
    .filter(({ scheme }) => scheme === 'digest')
    .map(({ parameters }) => parameters);
  const [chosen] = digests.map(challengeOf).filter((challenge) => challenge !== null);
  return (
    chosen ?? {
      problem: problemOf(
        challenges.map(({ scheme }) => scheme),
        digests,
      ),
    }
  );
};

/** The nonce that the server wants to see next (`Authentication-Info`, RFC 7616, 3.5); null if it names none. */
export const nextNonceOf = (header: string | undefined): string | null =>
  (header === undefined ? null : parametersOf(header).nextnonce) ?? null;

type Answering = {
  challenge: DigestChallenge;
  credentials: { username: string; password: string };
  request: OutgoingRequest;
  /** How often this nonce was used, this time included. */
  count: number;
  /** A client nonce: chance, of this request. */
  cnonce: string;
};

/** Without `charset=UTF-8`, ISO 8859-1 was the custom; a text that does not fit into it goes as UTF-8 all the same. */
const bytesOf = (text: string, isUtf8: boolean): Buffer =>
  isUtf8 || Buffer.from(text, 'latin1').toString('latin1') !== text
    ? Buffer.from(text.normalize('NFC'), 'utf8')
    : Buffer.from(text, 'latin1');

/** What came in a header was read byte by byte; the body is UTF-8, and given as such. */
const bytes = (part: string | Buffer) =>
  typeof part === 'string' ? Buffer.from(part, 'latin1') : part;

const responseOf = (input: Answering, uri: string, nc: string) => {
  const { challenge, credentials, request, cnonce } = input;
  const { realm, nonce, algorithm, qop, isUtf8 } = challenge;
  const hash = (...parts: (string | Buffer)[]) => {
    const digest = createHash(hashOf(algorithm) as string);
    parts.forEach((part, index) => digest.update(index === 0 ? '' : ':').update(bytes(part)));
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
};

const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text);

/** As RFC 8187 writes a value (3.2.1), of which encodeURIComponent leaves four characters alone that it must not. */
const extended = (text: string) =>
  // The way through a buffer replaces lone surrogates, on which encodeURIComponent throws.
  encodeURIComponent(Buffer.from(text.normalize('NFC')).toString()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A name that ASCII cannot write goes that way. */
const userField = (challenge: DigestChallenge, username: string, userHash: string): string => {
  if (challenge.hidesUser) return `username=${quoted(userHash)}`;
  return isAscii(username)
    ? `username=${quoted(username)}`
    : `username*=UTF-8''${extended(username)}`;
};

/** The value of `Authorization`, and the part of it that must not be shown: it lets passwords be guessed at leisure. */
export const digestAnswer = (input: Answering): { value: string; secret: string } => {
  const { challenge, credentials, request, cnonce } = input;
  const url = new URL(request.url);
  const uri = url.pathname + url.search;
  const nc = input.count.toString(16).padStart(8, '0');
  const { response, userHash } = responseOf(input, uri, nc);
  const needsCnonce = challenge.qop !== null || isSession(challenge.algorithm);
  const fields = [
    userField(challenge, credentials.username, userHash),
    `realm=${quoted(challenge.realm)}`,
    `uri=${quoted(uri)}`,
    challenge.algorithm === null ? null : `algorithm=${challenge.algorithm}`,
    `nonce=${quoted(challenge.nonce)}`,
    challenge.qop === null ? null : `nc=${nc}`,
    needsCnonce ? `cnonce=${quoted(cnonce)}` : null,
    challenge.qop === null ? null : `qop=${challenge.qop}`,
    `response=${quoted(response)}`,
    challenge.opaque === null ? null : `opaque=${quoted(challenge.opaque)}`,
    challenge.hidesUser ? 'userhash=true' : null,
  ];
  return { value: `Digest ${fields.filter(Boolean).join(', ')}`, secret: response };
};
