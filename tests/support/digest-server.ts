/**
 * A scripted server of digest authentication (RFC 7616), strict where the RFC is. It is no judge of itself: curl, which
 * somebody else wrote, has to get through it in tests/integration/authorize/digest-servers.test.ts.
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
  /** MD5, SHA-256 or SHA-512-256, each also with -sess; null: not named, which means MD5. */
  algorithm: string | null;
  /** As it stands in the challenge, such as "auth, auth-int"; null: none, as before RFC 2617. */
  qop: string | null;
  userhash?: boolean;
};

export type DigestRequest = {
  path: string;
  authorization: string | null;
  /** What the credentials hold; empty where there are none. */
  parameters: Record<string, string>;
  status: number;
  /** Why it was refused; null where it was not. */
  why: string | null;
  body: string;
};

export type DigestServer = {
  url(path?: string): string;
  readonly requests: DigestRequest[];
  /** The challenges of the next refusals, the best first; a text stands in the header as it is. */
  challenge(...challenges: (Challenge | string)[]): void;
  /** Several challenges come as several headers, rather than in one. */
  separateHeaders: boolean;
  /** Every answer names the nonce of the next request. */
  namesNextNonce: boolean;
  /** Every nonce was good until now: `stale` says so. */
  expireNonces(): void;
  /** As after a restart: no nonce is known any more, and nothing is said of it. */
  forgetNonces(): void;
  /** Says that each nonce is stale, for ever. */
  isNeverContent: boolean;
  clear(): void;
  stop(): Promise<void>;
};

export type DigestOptions = { username: string; password: string; realm?: string };

type Nonce = { challenge: Challenge; counts: Set<string>; cnonce: string | null; isStale: boolean };

const PARAMETER = /([A-Za-z0-9*]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))(?:\s*,\s*|$)/gy;

/** RFC 7616, 3.4: which parameters are written with quotes, and which without. */
const QUOTED = new Set(['username', 'realm', 'nonce', 'uri', 'response', 'cnonce', 'opaque']);

/** Null where the header does not keep to the RFC. */
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
  if (!name) throw new Error(`This server knows no ${algorithm}.`);
  return (text: string) => createHash(name).update(text).digest('hex');
};

/** RFC 8187, which RFC 7616 wants for names that are not ASCII. */
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

class Judge {
  readonly nonces = new Map<string, Nonce>();
  challenges: (Challenge | string)[] = [];
  namesNextNonce = false;
  separateHeaders = false;
  isNeverContent = false;
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
  asking(isStale: boolean): string[] {
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

  /** What the response has to be. */
  private expected(given: Record<string, string>, call: { method: string; body: string }) {
    const nonce = this.nonces.get(given.nonce ?? '') as Nonce;
    const { algorithm } = nonce.challenge;
    const hash = hashOf(algorithm);
    const plain = hash(`${this.options.username}:${this.realm}:${this.options.password}`);
    // The key of a session is made of the cnonce with which the nonce was used first.
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

  /** Why these credentials are not good enough; null where they are. */
  judge(header: string, call: { method: string; url: string; body: string }): string | null {
    const given = parametersOf(header);
    if (!given) return 'not written as RFC 7616 wants it';
    const nonce = this.nonces.get(given.nonce ?? '');
    if (!nonce) return 'an unknown nonce';
    if (nonce.isStale || this.isNeverContent) return 'stale';
    const problem =
      this.formProblem(given, nonce.challenge, call.url) ??
      this.nameProblem(given, nonce.challenge);
    if (problem) return problem;
    if (given.response !== this.expected(given, call)) return 'another response';
    // Requests may overtake each other; a count that was seen is a replay.
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

const respond = (judge: Judge, answer: http.ServerResponse, why: string | null) => {
  if (why !== null) {
    const headers = judge.asking(why === 'stale');
    answer.writeHead(401, { 'www-authenticate': headers, 'content-type': 'text/plain' });
    return void answer.end('Who are you?');
  }
  const [challenge] = judge.challenges;
  if (judge.namesNextNonce && typeof challenge === 'object') {
    answer.setHeader('authentication-info', `nextnonce="${judge.newNonce(challenge)}"`);
  }
  answer.writeHead(200, { 'content-type': 'application/json' });
  answer.end('{"IsValid":true,"Message":""}');
};

const serving =
  (judge: Judge, requests: DigestRequest[]) =>
  async (incoming: http.IncomingMessage, answer: http.ServerResponse) => {
    const body = await textOf(incoming);
    const { method = '', url = '/', headers } = incoming;
    const authorization = headers.authorization ?? null;
    const why = authorization
      ? judge.judge(authorization, { method, url, body })
      : 'no credentials';
    const parameters = (authorization && parametersOf(authorization)) || {};
    const status = why === null ? 200 : 401;
    requests.push({ path: url, authorization, parameters, status, why, body });
    respond(judge, answer, why);
  };

/** Asks for MD5 with qop auth, unless told otherwise. */
export const startDigestServer = async (options: DigestOptions): Promise<DigestServer> => {
  const requests: DigestRequest[] = [];
  const judge = new Judge(options);
  const clear = () => {
    requests.length = 0;
    judge.nonces.clear();
    Object.assign(judge, { namesNextNonce: false, separateHeaders: false, isNeverContent: false });
    judge.challenges = [{ algorithm: 'MD5', qop: 'auth' }];
  };
  clear();
  const serve = serving(judge, requests);
  const server = http.createServer((incoming, answer) => {
    serve(incoming, answer).catch((error) => {
      if (!incoming.destroyed || incoming.complete) answer.writeHead(500).end(String(error));
    });
  });
  const port = await listen(server);
  const switches = {
    get separateHeaders() {
      return judge.separateHeaders;
    },
    set separateHeaders(on) {
      judge.separateHeaders = on;
    },
    get namesNextNonce() {
      return judge.namesNextNonce;
    },
    set namesNextNonce(on) {
      judge.namesNextNonce = on;
    },
    get isNeverContent() {
      return judge.isNeverContent;
    },
    set isNeverContent(on) {
      judge.isNeverContent = on;
    },
  };
  return Object.assign(switches, {
    url: (path = '/') => `http://127.0.0.1:${port}${path}`,
    requests,
    challenge: (...challenges: (Challenge | string)[]) => void (judge.challenges = challenges),
    expireNonces: () => judge.nonces.forEach((nonce) => (nonce.isStale = true)),
    forgetNonces: () => judge.nonces.clear(),
    clear,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
};
