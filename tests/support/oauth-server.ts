/** A scripted authorization server with a protected resource, on the loopback address. */
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type TokenRequest = {
  path: string;
  headers: Record<string, string>;
  /** The parameters of the form; repeated ones are joined by ",". */
  form: Record<string, string>;
  /** The client's credentials, from the header or the form; null without any. */
  client: { id: string; secret: string; by: 'client_secret_basic' | 'client_secret_post' } | null;
};

/** One answer of the token endpoint: `ok` sends a token; the others are failures. */
export type TokenStep =
  | 'ok'
  | 'hang'
  | 'reset'
  | 'dribble'
  /** An answer of 5 MB that starts like a token. */
  | 'huge'
  | { status: number; body?: string; headers?: Record<string, string> }
  /** A token answer with these keys replaced; undefined removes a key. */
  | { answer: Record<string, unknown> }
  /** The answer is sent when the promise resolves. */
  | { held: Promise<unknown> };

export type OAuthServer = {
  url(path?: string): string;
  readonly tokenUrl: string;
  /** A resource that requires a token of this server. */
  readonly resourceUrl: string;
  /** Every call of the token endpoint, in order of arrival. */
  readonly tokenRequests: TokenRequest[];
  /** Every call of a resource, with its `Authorization` header and the status of the answer. */
  readonly resourceRequests: {
    path: string;
    authorization: string | null;
    status: number;
    headers: Record<string, string>;
    body: string;
  }[];
  /** The requested paths below /.well-known. */
  readonly discoveries: string[];
  /** One step per call; the last one repeats. */
  answerTokens(...steps: TokenStep[]): void;
  /** Replaces keys of the discovery document at a path; null removes the document. */
  describe(path: string, document: Record<string, unknown> | null): void;
  /** The lifetime of new tokens in seconds; null sends none. */
  lifetime: number | null;
  /** The resource refuses every token that was issued so far. */
  revokeAll(): void;
  /** The resource refuses every token until `clear`. */
  refuseAll(): void;
  /** All issued tokens, oldest first. */
  readonly tokens: string[];
  clear(): void;
  stop(): Promise<void>;
};

export type Client = { clientId: string; clientSecret: string };
export type User = { username: string; password: string };
export type OAuthOptions = Client & Partial<User> & { headerPrefix?: string };

const OPENID = '/.well-known/openid-configuration';
const METADATA = '/.well-known/oauth-authorization-server';
const HUGE_BYTES = 5 * 1024 * 1024;

const textOf = async (incoming: http.IncomingMessage) => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const headersOf = (incoming: http.IncomingMessage) =>
  Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
  );

/** RFC 6749, 2.3.1: id and secret are form-encoded before they are joined and encoded in Base64. */
const formDecoded = (text: string) => new URLSearchParams(`x=${text}`).get('x') ?? '';

const basicClient = (header: string | undefined) => {
  const [scheme, encoded = ''] = (header ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic') return null;
  const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const by = 'client_secret_basic' as const;
  return { id: formDecoded(id), secret: formDecoded(rest.join(':')), by };
};

const clientOf = (headers: Record<string, string>, form: Record<string, string>) => {
  const { client_id: id, client_secret: secret } = form;
  if (secret === undefined) return basicClient(headers.authorization);
  return { id: id ?? '', secret, by: 'client_secret_post' as const };
};

const json = (answer: http.ServerResponse, status: number, body: unknown) =>
  answer
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));

const refusal = (answer: http.ServerResponse, error: string, status = 400) =>
  json(answer, status, { error });

const sendHugeBody = (answer: http.ServerResponse) => {
  answer.writeHead(200, { 'content-type': 'application/json' });
  answer.end(`{"access_token":"${'x'.repeat(HUGE_BYTES)}","token_type":"Bearer"}`);
};

const dribble = (answer: http.ServerResponse) => {
  answer.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => answer.write(' '), 100);
  answer.on('close', () => clearInterval(timer));
};

/** OAuth's error code for the request (RFC 6749, 5.2); null if the request is correct. */
const problemOf = ({ client, form }: TokenRequest, options: OAuthOptions): string | null => {
  if (client?.id !== options.clientId || client.secret !== options.clientSecret)
    return 'invalid_client';
  if (form.grant_type === 'client_credentials') return null;
  if (form.grant_type !== 'password') return 'unsupported_grant_type';
  const isUser = form.username === options.username && form.password === options.password;
  return isUser ? null : 'invalid_grant';
};

class ScriptedServer {
  readonly tokenRequests: TokenRequest[] = [];
  readonly resourceRequests: OAuthServer['resourceRequests'] = [];
  readonly discoveries: string[] = [];
  readonly tokens: string[] = [];
  lifetime: number | null = 3600;
  steps: TokenStep[] = [];
  documents = new Map<string, Record<string, unknown> | null>();
  private refused = new Set<string>();
  private refusesAll = false;

  constructor(
    private readonly options: OAuthOptions,
    private readonly url: (path?: string) => string,
  ) {}

  revokeAll() {
    this.refused = new Set(this.tokens);
  }

  refuseAll() {
    this.refusesAll = true;
  }

  clear() {
    for (const list of [this.tokenRequests, this.resourceRequests, this.discoveries, this.tokens])
      list.length = 0;
    this.lifetime = 3600;
    this.steps = [];
    this.documents.clear();
    this.refused.clear();
    this.refusesAll = false;
  }

  async serve(incoming: http.IncomingMessage, answer: http.ServerResponse) {
    const body = await textOf(incoming);
    const { pathname: path } = new URL(incoming.url ?? '/', this.url());
    const headers = headersOf(incoming);
    if (path.includes('/.well-known/')) return this.serveDiscovery(path, answer);
    if (path.startsWith('/resource')) return this.serveResource({ path, headers, body }, answer);
    return this.serveToken(
      { path, headers, form: Object.fromEntries(new URLSearchParams(body)) },
      answer,
    );
  }

  private serveDiscovery(path: string, answer: http.ServerResponse) {
    this.discoveries.push(path);
    const base = path.includes(METADATA) ? METADATA : OPENID;
    const document = this.documents.has(path) ? this.documents.get(path) : path === base && {};
    if (!document) return answer.writeHead(404).end('Not found.');
    const usual = {
      issuer: this.url('').replace(/\/$/, ''),
      token_endpoint: this.url('/token'),
      jwks_uri: this.url('/keys'),
      response_types_supported: ['code'],
    };
    return json(answer, 200, { ...usual, ...document });
  }

  private serveResource(
    { path, headers, body }: { path: string; headers: Record<string, string>; body: string },
    answer: http.ServerResponse,
  ) {
    const authorization = headers.authorization ?? null;
    const [prefix, token = ''] = (authorization ?? '').split(' ');
    const isGood =
      !this.refusesAll &&
      prefix === (this.options.headerPrefix ?? 'Bearer') &&
      this.tokens.includes(token) &&
      !this.refused.has(token);
    const status = isGood ? 200 : 401;
    this.resourceRequests.push({ path, authorization, status, headers, body });
    if (!isGood) answer.setHeader('www-authenticate', 'Bearer error="invalid_token"');
    answer.writeHead(status, { 'content-type': 'application/json' });
    answer.end(JSON.stringify({ IsValid: isGood, Message: '', received: authorization }));
  }

  private async serveToken(
    received: Omit<TokenRequest, 'client'>,
    answer: http.ServerResponse,
  ): Promise<unknown> {
    const request = { ...received, client: clientOf(received.headers, received.form) };
    this.tokenRequests.push(request);
    const step = (this.steps.length > 1 ? this.steps.shift() : this.steps[0]) ?? 'ok';
    return this.perform(step, request, answer);
  }

  private async perform(step: TokenStep, request: TokenRequest, answer: http.ServerResponse) {
    if (step === 'hang') return;
    if (step === 'reset') return void answer.socket?.resetAndDestroy();
    if (step === 'dribble') return dribble(answer);
    if (step === 'huge') return sendHugeBody(answer);
    if (step === 'ok') return this.sendToken(request, {}, answer);
    if ('held' in step) {
      await step.held;
      return this.sendToken(request, {}, answer);
    }
    if ('answer' in step) return this.sendToken(request, step.answer, answer);
    return void answer.writeHead(step.status, step.headers).end(step.body);
  }

  private sendToken(
    request: TokenRequest,
    over: Record<string, unknown>,
    answer: http.ServerResponse,
  ) {
    const problem = problemOf(request, this.options);
    if (problem) return refusal(answer, problem, problem === 'invalid_client' ? 401 : 400);
    const token = `token-${this.tokens.length + 1}-${randomBytes(8).toString('hex')}`;
    const usual = {
      access_token: token,
      token_type: 'Bearer',
      ...(this.lifetime === null ? {} : { expires_in: this.lifetime }),
      ...(request.form.scope ? { scope: request.form.scope } : {}),
    };
    const given: Record<string, unknown> = { ...usual, ...over };
    if (typeof given.access_token === 'string') this.tokens.push(given.access_token);
    return json(answer, 200, given);
  }
}

const listen = (server: http.Server) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/**
 * Issues tokens to this client and this user only. Paths that start with `/resource` require a token; `/token` and every
 * other path issue one.
 */
export const startOAuthServer = async (options: OAuthOptions): Promise<OAuthServer> => {
  let port = 0;
  const url = (path = '/') => `http://127.0.0.1:${port}${path}`;
  const scripted = new ScriptedServer(options, url);
  const server = http.createServer((incoming, answer) => {
    scripted.serve(incoming, answer).catch((error) => {
      // An aborted request is expected, but an error in the script itself must be visible.
      if (!incoming.destroyed || incoming.complete) answer.writeHead(500).end(String(error));
    });
  });
  port = await listen(server);
  return {
    url,
    tokenUrl: url('/token'),
    resourceUrl: url('/resource'),
    tokenRequests: scripted.tokenRequests,
    resourceRequests: scripted.resourceRequests,
    discoveries: scripted.discoveries,
    tokens: scripted.tokens,
    answerTokens: (...steps) => void (scripted.steps = steps),
    describe: (path, document) => void scripted.documents.set(path, document),
    get lifetime() {
      return scripted.lifetime;
    },
    set lifetime(seconds) {
      scripted.lifetime = seconds;
    },
    revokeAll: () => scripted.revokeAll(),
    refuseAll: () => scripted.refuseAll(),
    clear: () => scripted.clear(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
