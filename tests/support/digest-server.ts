/**
 * A scripted server of digest authentication (RFC 7616), as strict as the RFC. To verify the server itself,
 * tests/integration/authorize/digest-servers.test.ts calls it with curl, which is an independent client.
 */
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

const HASHES: Record<string, string> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};

export type Challenge = {
  /** MD5, SHA-256 or SHA-512-256, each also with -sess; null sends none, which means MD5. */
  algorithm: string | null;
  /** The text of the challenge, such as "auth, auth-int"; null sends none, as before RFC 2617. */
  qop: string | null;
  userhash?: boolean;
};

export type DigestRequest = {
  path: string;
  authorization: string | null;
  /** The parameters of the credentials; empty without credentials. */
  parameters: Record<string, string>;
  status: number;
  /** Why the request was refused; null if it was accepted. */
  refusal: string | null;
  body: string;
};

export type DigestServer = {
  url(path?: string): string;
  readonly requests: DigestRequest[];
  /** Sets the challenges of the next refusals, the best first. A text is sent unchanged in the header. */
  challenge(...challenges: (Challenge | string)[]): void;
  /** Sends several challenges as several headers instead of one. */
  separateHeaders: boolean;
  /** Sends the nonce of the next request with every answer. */
  namesNextNonce: boolean;
  /** Makes every nonce stale; the next refusals contain `stale=true`. */
  expireNonces(): void;
  /** Forgets every nonce, as after a restart; the next refusals do not contain `stale`. */
  forgetNonces(): void;
  /** Treats every nonce as stale. */
  isAlwaysStale: boolean;
  clear(): void;
  stop(): Promise<void>;
};

export type DigestOptions = { username: string; password: string; realm?: string };

type Nonce = { challenge: Challenge; counts: Set<string>; cnonce: string | null; isStale: boolean };

const PARAMETER = /([A-Za-z0-9*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))(?:\s*,\s*|$)/gy;

/** RFC 7616, 3.4: these parameters are written with quotes, all others without. */
const QUOTED = new Set(['username', 'realm', 'nonce', 'uri', 'response', 'cnonce', 'opaque']);

/** Null if the header violates the RFC. */
const parametersOf = (header: string): Record<string, string> | null => {
  const text = header.replace(/^Digest +/i, '');
  const found: Record<string, string> = {};
  let end = 0;
  for (const match of text.matchAll(PARAMETER)) {
    const [whole, name = '', quoted, plain] = match;
    if (QUOTED.has(name) !== (quoted !== undefined) || name in found) return null;
    found[name] = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
    end = match.index + whole.length;
  }
  return end === text.length ? found : null;
};

const hashOf = (algorithm: string | null) => {
  const name = HASHES[(algorithm ?? 'MD5').replace(/-sess$/, '')];
  if (!name) throw new Error(`This server does not support ${algorithm}.`);
  return (text: string) => createHash(name).update(text).digest('hex');
};

/** RFC 8187: RFC 7616 requires this form for names that are not ASCII. */
const extendedName = (value: string | undefined) => {
  const encoded = /^UTF-8''(.*)$/i.exec(value ?? '')?.[1];
  return encoded === undefined ? null : decodeURIComponent(encoded);
};

const textOf = async (incoming: http.IncomingMessage) => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const OPAQUE = '5ccc069c403ebaf9f0171e9517f40e41';

class CredentialCheck {
  readonly nonces = new Map<string, Nonce>();
  challenges: (Challenge | string)[] = [];
  namesNextNonce = false;
  separateHeaders = false;
  isAlwaysStale = false;
  private readonly realm: string;

  constructor(private readonly options: DigestOptions) {
    this.realm = options.realm ?? 'tests "and" quotes';
  }

  newNonce(challenge: Challenge) {
    const nonce = randomBytes(12).toString('base64');
    this.nonces.set(nonce, { challenge, counts: new Set(), cnonce: null, isStale: false });
    return nonce;
  }

  /** The headers of a refusal. */
  challengeHeaders(isStale: boolean): string[] {
    const written = this.challenges.map((challenge) =>
      typeof challenge === 'string' ? challenge : this.written(challenge, isStale),
    );
    return this.separateHeaders ? written : [written.join(', ')];
  }

  private written(challenge: Challenge, isStale: boolean) {
    const { algorithm, qop, userhash } = challenge;
    return [
      `Digest realm="${this.realm.replaceAll('"', '\\"')}"`,
      ...(qop === null ? [] : [`qop="${qop}"`]),
      ...(algorithm === null ? [] : [`algorithm=${algorithm}`]),
      `nonce="${this.newNonce(challenge)}"`,
      `opaque="${OPAQUE}"`,
      ...(userhash ? ['userhash=true'] : []),
      ...(isStale ? ['stale=true'] : []),
      'charset=UTF-8',
    ].join(', ');
  }

  private nameProblem(given: Record<string, string>, challenge: Challenge) {
    const { username } = this.options;
    const hash = hashOf(challenge.algorithm);
    const isHashed = given.userhash === 'true';
    if (isHashed && !challenge.userhash) return 'a hashed name that nobody asked for';
    if (isHashed)
      return given.username === hash(`${username}:${this.realm}`) ? null : 'another hashed name';
    const name = given.username ?? extendedName(given['username*']);
    return name === username ? null : 'another name';
  }

  /** The correct value of `response`. */
  private expected(given: Record<string, string>, call: { method: string; body: string }) {
    const nonce = this.nonces.get(given.nonce ?? '') as Nonce;
    const { algorithm } = nonce.challenge;
    const hash = hashOf(algorithm);
    const plain = hash(`${this.options.username}:${this.realm}:${this.options.password}`);
    // The session key uses the cnonce of the first request with this nonce.
    nonce.cnonce ??= given.cnonce ?? '';
    const first = algorithm?.endsWith('-sess')
      ? hash(`${plain}:${given.nonce}:${nonce.cnonce}`)
      : plain;
    const target = `${call.method}:${given.uri}`;
    const second = hash(given.qop === 'auth-int' ? `${target}:${hash(call.body)}` : target);
    return given.qop
      ? hash(`${first}:${given.nonce}:${given.nc}:${given.cnonce}:${given.qop}:${second}`)
      : hash(`${first}:${given.nonce}:${second}`);
  }

  private formProblem(given: Record<string, string>, challenge: Challenge, url: string) {
    const offered = challenge.qop?.split(/\s*,\s*/) ?? [];
    if (given.realm !== this.realm) return 'another realm';
    if (given.uri !== url) return 'another target';
    if (given.opaque !== OPAQUE) return 'another opaque';
    if ((given.algorithm ?? null) !== challenge.algorithm) return 'another algorithm';
    if (offered.length === 0) return given.qop === undefined ? null : 'a qop that nobody offered';
    if (!offered.includes(given.qop ?? '')) return 'no qop of those offered';
    return /^[0-9a-f]{8}$/.test(given.nc ?? '') && given.cnonce ? null : 'no nc or no cnonce';
  }

  /** Why these credentials are refused; null if they are accepted. */
  check(header: string, call: { method: string; url: string; body: string }): string | null {
    const given = parametersOf(header);
    if (!given) return 'not written as RFC 7616 wants it';
    const nonce = this.nonces.get(given.nonce ?? '');
    if (!nonce) return 'an unknown nonce';
    if (nonce.isStale || this.isAlwaysStale) return 'stale';
    const problem =
      this.formProblem(given, nonce.challenge, call.url) ??
      this.nameProblem(given, nonce.challenge);
    if (problem) return problem;
    if (given.response !== this.expected(given, call)) return 'another response';
    // Requests may overtake each other, so counts need no order, but a repeated count is a replay.
    if (given.qop && nonce.counts.has(given.nc ?? '')) return 'a replay';
    nonce.counts.add(given.nc ?? '');
    return null;
  }
}

const listen = (server: http.Server) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const respond = (checker: CredentialCheck, answer: http.ServerResponse, refusal: string | null) => {
  if (refusal !== null) {
    const headers = checker.challengeHeaders(refusal === 'stale');
    answer.writeHead(401, { 'www-authenticate': headers, 'content-type': 'text/plain' });
    return void answer.end('Who are you?');
  }
  const [challenge] = checker.challenges;
  if (checker.namesNextNonce && typeof challenge === 'object') {
    answer.setHeader('authentication-info', `nextnonce="${checker.newNonce(challenge)}"`);
  }
  answer.writeHead(200, { 'content-type': 'application/json' });
  answer.end('{"IsValid":true,"Message":""}');
};

const serving =
  (checker: CredentialCheck, requests: DigestRequest[]) =>
  async (incoming: http.IncomingMessage, answer: http.ServerResponse) => {
    const body = await textOf(incoming);
    const { method = '', url = '/', headers } = incoming;
    const authorization = headers.authorization ?? null;
    const refusal = authorization
      ? checker.check(authorization, { method, url, body })
      : 'no credentials';
    const parameters = (authorization && parametersOf(authorization)) || {};
    const status = refusal === null ? 200 : 401;
    requests.push({ path: url, authorization, parameters, status, refusal, body });
    respond(checker, answer, refusal);
  };

/** Challenges with MD5 and qop auth by default. */
export const startDigestServer = async (options: DigestOptions): Promise<DigestServer> => {
  const requests: DigestRequest[] = [];
  const checker = new CredentialCheck(options);
  const clear = () => {
    requests.length = 0;
    checker.nonces.clear();
    Object.assign(checker, { namesNextNonce: false, separateHeaders: false, isAlwaysStale: false });
    checker.challenges = [{ algorithm: 'MD5', qop: 'auth' }];
  };
  clear();
  const serve = serving(checker, requests);
  const server = http.createServer((incoming, answer) => {
    serve(incoming, answer).catch((error) => {
      if (!incoming.destroyed || incoming.complete) answer.writeHead(500).end(String(error));
    });
  });
  const port = await listen(server);
  const switches = {
    get separateHeaders() {
      return checker.separateHeaders;
    },
    set separateHeaders(on) {
      checker.separateHeaders = on;
    },
    get namesNextNonce() {
      return checker.namesNextNonce;
    },
    set namesNextNonce(on) {
      checker.namesNextNonce = on;
    },
    get isAlwaysStale() {
      return checker.isAlwaysStale;
    },
    set isAlwaysStale(on) {
      checker.isAlwaysStale = on;
    },
  };
  return Object.assign(switches, {
    url: (path = '/') => `http://127.0.0.1:${port}${path}`,
    requests,
    challenge: (...challenges: (Challenge | string)[]) => void (checker.challenges = challenges),
    expireNonces: () => checker.nonces.forEach((nonce) => (nonce.isStale = true)),
    forgetNonces: () => checker.nonces.clear(),
    clear,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
};
