/**
 * Sends one request to one receiver, behind the address guard, and returns how the call ended. axios calls undici through an
 * adapter of ours, which costs a third of the CPU of axios' own.
 */
import { setMaxListeners } from 'node:events';
import {
  Axios,
  AxiosHeaders,
  isCancel,
  type AxiosAdapter,
  type InternalAxiosRequestConfig,
} from 'axios';
import type { Dispatcher } from 'undici';
import { sentence } from '../../contract/sentences';
import type { OutgoingRequest } from '../request';
import { isLiteral, parseAllow, parseUrl, resolvedProblem, type UrlRules } from './address';
import { addChunk, answerHeadersOf, bodyTextOf, emptyPrefix } from './answer';
import {
  createDispatcher,
  createResolve,
  type Connection,
  type ConnectionUser,
  type Identity,
  type NetworkSettings,
  type Resolve,
} from './connections.service';
import { failureOf, isHangUp, type Cut, type FailureReason, type Outcome } from './outcome';

export type SenderOptions = {
  network: NetworkSettings & {
    /** Networks, addresses and host names that may be called although they are private. */
    allow: string[];
    requireHttps: boolean;
  };
  /** The system's resolver, unless a test brings its own. */
  resolve?: Resolve;
};

export type SendOptions = {
  /** Milliseconds from the start to the last byte that is read. */
  timeout: number;
  /** How much of the answer's body is read; the rest is not waited for. */
  maxResponseBytes: number;
  signal?: AbortSignal | undefined;
  /** The client certificate of the connection; none if not given. */
  identity?: Identity | undefined;
};

/** A webhook's request, or one that fetches credentials. The body of a GET is not sent. */
type HttpRequest = Omit<OutgoingRequest, 'method'> & { method: 'GET' | 'POST' };

export type Sender = {
  /** Never rejects. Redirects are not followed and nothing is decompressed. */
  send(request: HttpRequest, options: SendOptions): Promise<Outcome>;
  /** For the moment of saving: why this URL may not be called, or null. A name that nobody knows yet may. */
  checkUrl(url: string): Promise<string | null>;
  /** Drops all connections; calls under way fail. */
  close(): Promise<void>;
};

/** Throws an Error where `network` holds something that cannot be meant. */
export function createSender({ network, resolve = createResolve() }: SenderOptions): Sender {
  const rules: UrlRules = { allow: parseAllow(network.allow), requireHttps: network.requireHttps };
  const clients = createClients((identity) => {
    const dispatcher = createDispatcher({ ...network, allow: rules.allow, identity }, resolve);
    // Without axios' defaults: no headers of its own, no transforms, no environment, every status an answer.
    return { dispatcher, http: new Axios({ adapter: axiosAdapterOf(dispatcher) }) };
  });
  return {
    async send({ method, url, headers, body }, { timeout, maxResponseBytes, signal, identity }) {
      const parsed = parseUrl(url, rules);
      if (!(parsed instanceof URL)) return failed(parsed.reason, parsed.message);
      if (signal) letManyListen(signal);
      try {
        const response = await clients.of(identity ?? null).http.request<Outcome>({
          method,
          url,
          headers,
          data: body,
          timeout,
          maxContentLength: maxResponseBytes,
          ...(signal ? { signal } : {}),
        });
        return response.data;
      } catch (error) {
        // axios itself throws for a signal that was aborted, and for a header that HTTP cannot carry.
        if (isCancel(error)) return failed('aborted', sentence('call-stopped'));
        const { message } = error as Error;
        return failed('connection', sentence('request-not-sent', { message }));
      }
    },
    async checkUrl(text) {
      const url = parseUrl(text, rules);
      if (!(url instanceof URL)) return url.message;
      const { hostname } = url;
      if (network.proxy !== null || isLiteral(hostname)) return null;
      return resolvedProblem(hostname, await addressesOf(hostname, resolve), rules.allow);
    },
    close: clients.destroy,
  };
}

const failed = (reason: FailureReason, message: string): Outcome => ({
  kind: 'failed',
  reason,
  message,
  ms: 0,
});

const prepared = new WeakSet<AbortSignal>();

/** One signal stops all calls at shutdown, and Node warns at the eleventh listener. */
function letManyListen(signal: AbortSignal) {
  if (prepared.has(signal)) return;
  prepared.add(signal);
  setMaxListeners(0, signal);
}

const LOOKUP_TIMEOUT = 2000;

/** The addresses of a name if the lookup ends soon; none otherwise. */
async function addressesOf(hostname: string, resolve: Resolve): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<[]>((done) => {
    timer = setTimeout(done, LOOKUP_TIMEOUT, []);
  });
  const found = await Promise.race([resolve(hostname).catch(() => []), tooLate]);
  clearTimeout(timer);
  return found.map(({ address }) => address);
}

type Client = { http: Axios; dispatcher: Dispatcher };

/** Beyond this number, the connections of the identity that was unused longest are closed. */
const MOST_IDENTITIES = 50;

/** A client for each identity, because a connection is bound to the certificate that it was made with. */
function createClients(create: (identity: Identity | null) => Client) {
  const usual = create(null);
  const others = new Map<string, Client>();

  /** Its calls under way come to their end. */
  const closeOldest = () => {
    const [oldest] = others;
    if (oldest === undefined || others.size <= MOST_IDENTITIES) return;
    others.delete(oldest[0]);
    oldest[1].dispatcher.close().catch(() => undefined);
  };

  return {
    /** Throws where the certificate or its key cannot be read. */
    of(identity: Identity | null): Client {
      if (identity === null) return usual;
      const client = others.get(identity.key) ?? create(identity);
      others.delete(identity.key);
      others.set(identity.key, client);
      closeOldest();
      return client;
    },
    async destroy(): Promise<void> {
      const all = [usual, ...others.values()];
      others.clear();
      await Promise.all(all.map(({ dispatcher }) => dispatcher.destroy()));
    },
  };
}

/**
 * Answers the Outcome as `data`, failures too (with status 0): an axios error costs a stack trace, and dead receivers are
 * common. `maxContentLength` says how much is read, not what is an error.
 */
function axiosAdapterOf(dispatcher: Dispatcher): AxiosAdapter {
  return async (config) => {
    const outcome = await new Promise<Outcome>(
      (resolve) => new Exchange(dispatcher, callOf(config), resolve),
    );
    const status = outcome.kind === 'answered' ? outcome.status : 0;
    return { data: outcome, status, statusText: '', headers: NO_HEADERS, config };
  };
}

/** The answer's headers are in the Outcome; a copy of them for axios would cost some 3 µs for nothing. */
const NO_HEADERS = new AxiosHeaders();

type Call = Omit<SendOptions, 'identity'> & { request: Dispatcher.DispatchOptions };

function callOf(config: InternalAxiosRequestConfig): Call {
  // axios writes the method in lower case, and to HTTP that is another method (RFC 9110, 9.1).
  const isGet = config.method === 'get';
  const headers = Object.entries(config.headers).map(([name, value]) => [name, String(value)]);
  return {
    request: {
      ...placeOf(config.url as string),
      method: isGet ? 'GET' : 'POST',
      headers: Object.fromEntries(headers),
      body: isGet ? null : (config.data as string),
    },
    timeout: config.timeout as number,
    maxResponseBytes: config.maxContentLength as number,
    signal: config.signal as AbortSignal | undefined,
  };
}

function placeOf(text: string) {
  const { origin, pathname, search } = new URL(text);
  return { origin, path: pathname + search };
}

/** A connection that dies sooner than this was dead before we wrote to it; later, the receiver gave up on us. */
const STALE_WITHIN = 1000;

const now = () => performance.now();

/** Reports exactly once. A class, because undici calls its methods one by one as the answer comes in. */
class Exchange implements ConnectionUser {
  connection: Connection | null = null;
  private readonly startedAt = now();
  private readonly timer: NodeJS.Timeout;
  private abort: (() => void) | null = null;
  private isSettled = false;
  private isReused = false;
  private isSecondTry = false;
  private status = 0;
  private headers: Record<string, string> = {};
  private readonly body = emptyPrefix();

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly call: Call,
    private readonly report: (outcome: Outcome) => void,
  ) {
    this.timer = setTimeout(this.onDeadline, call.timeout);
    call.signal?.addEventListener('abort', this.onStop);
    if (call.signal?.aborted) this.onStop();
    else dispatcher.dispatch(call.request, this);
  }

  onConnect(abort: () => void) {
    this.abort = abort;
    if (this.isSettled) return abort();
    this.isReused = this.connection?.begin() ?? false;
  }

  /** Never of a 1xx: the connection takes those out. */
  onHeaders(status: number, raw: Buffer[]) {
    this.status = status;
    this.headers = answerHeadersOf(raw);
    return true;
  }

  onData(chunk: Buffer) {
    addChunk(this.body, chunk, this.call.maxResponseBytes);
    if (this.body.isTruncated) {
      this.answer('size');
      this.abort?.();
    }
    return true;
  }

  onComplete() {
    this.answer();
  }

  onError(error: Error) {
    if (this.isSettled) return;
    if (this.mayTryAgain(error)) {
      this.isSecondTry = true;
      this.dispatcher.dispatch(this.call.request, this);
      return;
    }
    const { reason, message } = failureOf(error);
    this.end('connection', reason, message);
  }

  /** The receiver closed an idle connection just as we used it again: the request never got to it. */
  private mayTryAgain(error: Error) {
    return (
      this.isReused &&
      !this.isSecondTry &&
      !this.connection?.hasBegun() &&
      now() - this.startedAt < STALE_WITHIN &&
      isHangUp(error)
    );
  }

  /** A process that was held up runs late timers before it reads its sockets: the answer may be there already. */
  private readonly onDeadline = () => setImmediate(this.onLate);

  private readonly onLate = () => {
    const { timeout } = this.call;
    this.end('deadline', 'timeout', sentence('answer-timeout', { timeout }));
    this.abort?.();
  };

  private readonly onStop = () => {
    this.end('stop', 'aborted', sentence('call-stopped'));
    this.abort?.();
  };

  /** Once the headers have come the receiver has answered, whatever becomes of the body. */
  private end(cutBy: Cut, reason: FailureReason, message: string) {
    if (this.status > 0) return this.answer(cutBy);
    return this.settle({ kind: 'failed', reason, message, ms: this.ms() });
  }

  private answer(cutBy?: Cut) {
    const { status, headers, body } = this;
    this.settle({
      kind: 'answered',
      status,
      headers,
      body: bodyTextOf({ ...body, isTruncated: cutBy !== undefined }, headers['content-type']),
      isTruncated: cutBy !== undefined,
      ...(cutBy ? { cutBy } : {}),
      ms: this.ms(),
    });
  }

  private settle(outcome: Outcome) {
    if (this.isSettled) return;
    this.isSettled = true;
    clearTimeout(this.timer);
    this.call.signal?.removeEventListener('abort', this.onStop);
    this.report(outcome);
  }

  private ms() {
    return Math.round(now() - this.startedAt);
  }
}
