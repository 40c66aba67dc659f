/**
 * One request and its answer over undici: a deadline over all of it, and a bounded part of the body. axios calls it through
 * an adapter, which costs a third of the CPU of axios' own.
 */
import { type AxiosAdapter, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import type { Dispatcher } from 'undici';
import { sentence } from '../../contract/sentences';
import { remembering } from '../../store/remembering';
import { addChunk, answerHeadersOf, bodyTextOf, emptyPrefix } from './answer';
import type { Connection, ConnectionUser } from './connections.service';
import { failureOf, isHangUp, type Cut, type FailureReason, type Outcome } from './outcome';

type Call = {
  request: Dispatcher.DispatchOptions;
  /** Milliseconds from the start to the last byte that is read. */
  timeout: number;
  maxResponseBytes: number;
  signal?: AbortSignal | undefined;
};

/**
 * Answers the Outcome as `data`, the answer's headers within it, and failures too (with status 0):
 * an axios error costs a stack trace, and a dead receiver is everyday business here.
 * Reads `method`, `url`, `headers`, `data` (a string), `timeout`, `maxContentLength` (how much is read, not
 * what is an error) and `signal`.
 */
export const createAxiosAdapter =
  (dispatcher: Dispatcher): AxiosAdapter =>
  async (config) => {
    const outcome = await exchange(dispatcher, {
      request: dispatchOptionsOf(config),
      timeout: config.timeout as number,
      maxResponseBytes: config.maxContentLength as number,
      signal: config.signal as AbortSignal | undefined,
    });
    return {
      data: outcome,
      status: outcome.kind === 'answered' ? outcome.status : 0,
      statusText: '',
      headers: NO_HEADERS,
      config,
    };
  };

/** The answer's headers are in the Outcome; a copy of them for axios would cost some 3 µs for nothing. */
const NO_HEADERS = new AxiosHeaders();

function dispatchOptionsOf(config: InternalAxiosRequestConfig): Dispatcher.DispatchOptions {
  // axios writes the method in lower case, and to HTTP that is another method (RFC 9110, 9.1).
  const isGet = config.method === 'get';
  const headers = Object.entries(config.headers).map(([name, value]) => [name, String(value)]);
  return {
    ...placeOf(config.url as string),
    method: isGet ? 'GET' : 'POST',
    headers: Object.fromEntries(headers),
    body: isGet ? null : (config.data as string),
  };
}

/** Parsing a URL takes some microseconds, and a webhook's is the same for every delivery. */
const placeOf = remembering((text) => {
  const { origin, pathname, search } = new URL(text);
  return { origin, path: pathname + search };
});

/** Never rejects. */
const exchange = (dispatcher: Dispatcher, call: Call): Promise<Outcome> =>
  new Promise((resolve) => new Exchange(dispatcher, call, resolve));

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
