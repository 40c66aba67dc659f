/** A real HTTP server on the loopback address that records every request and answers by a script. */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';

export type Received = {
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  /** Names in lower case; repeated ones are joined by ", ". */
  headers: Record<string, string>;
  body: string;
  /** When the whole request had arrived (ms since 1970). */
  at: number;
  /** The common name of the client certificate; null without one. */
  client: string | null;
};

type Answer = {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  delayMs?: number;
  /** Sends an unrequested "100 Continue" before the answer, as IIS and old proxies do. */
  continues?: boolean;
};

/**
 * A number is a status. `hang` never answers; `reset` resets the connection; `dribble` answers 200 and
 * then sends a byte every 100 ms without end; `huge` answers 200 and 50 MB.
 */
export type Step = number | 'hang' | 'reset' | 'dribble' | 'huge' | Answer | { redirect: string };

export type Script = (Step | ((request: Received) => Step | Promise<Step>))[];

export type WaitOptions = { timeoutMs?: number; path?: string };

export type Receiver = {
  url(path?: string): string;
  /** All requests, in order of arrival. */
  requests: Received[];
  /** Sets the script of a path (without query): one step per request; the last one repeats. Default: 200. */
  on(path: string): { answer(...script: Script): void };
  /** Waits for a number of requests, or for one that fits, and returns them. Rejects after `timeoutMs` (20 s). */
  waitFor(
    wanted: number | ((request: Received) => boolean),
    options?: WaitOptions,
  ): Promise<Received[]>;
  /** Forgets requests and scripts. */
  clear(): void;
  /** Closes the server and every open connection. */
  stop(): Promise<void>;
};

/** Large enough for a long token beside the other headers. */
const MAX_HEADER_BYTES = 64 * 1024;
const HUGE_BYTES = 50 * 1024 * 1024;

const textOf = async (incoming: http.IncomingMessage) => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const clientOf = (socket: http.IncomingMessage['socket']) => {
  const certificate = 'getPeerCertificate' in socket && (socket as TLSSocket).getPeerCertificate();
  return certificate && certificate.subject ? String(certificate.subject.CN) : null;
};

const receive = async (incoming: http.IncomingMessage): Promise<Received> => {
  const body = await textOf(incoming);
  const url = new URL(incoming.url ?? '/', 'http://receiver');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(headers),
    body,
    at: Date.now(),
    client: clientOf(incoming.socket),
  };
};

const dribble = (answer: http.ServerResponse) => {
  answer.writeHead(200, { 'content-type': 'text/plain' });
  answer.write('.');
  const timer = setInterval(() => answer.write('.'), 100);
  answer.on('close', () => clearInterval(timer));
};

const sendHugeBody = (answer: http.ServerResponse) => {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let left = HUGE_BYTES;
  answer.writeHead(200, { 'content-type': 'text/plain', 'content-length': String(HUGE_BYTES) });
  const pour = () => {
    while (left > 0 && !answer.destroyed) {
      left -= chunk.length;
      if (!answer.write(chunk)) return;
    }
    answer.end();
  };
  answer.on('drain', pour);
  pour();
};

const answerPlainly = (answer: http.ServerResponse, step: Exclude<Step, string | number>) => {
  if ('redirect' in step) {
    answer.writeHead(302, { location: step.redirect }).end();
    return;
  }
  const { status, headers = {}, body = '', delayMs = 0, continues = false } = step;
  if (continues) answer.writeContinue();
  const timer = setTimeout(() => answer.writeHead(status, headers).end(body), delayMs);
  answer.on('close', () => clearTimeout(timer));
};

const perform = (answer: http.ServerResponse, step: Step) => {
  if (typeof step === 'number') return void answer.writeHead(step).end();
  if (step === 'hang') return;
  if (step === 'reset') return void answer.socket?.resetAndDestroy();
  if (step === 'dribble') return dribble(answer);
  if (step === 'huge') return sendHugeBody(answer);
  return answerPlainly(answer, step);
};

/** The scripts by path, with the steps that are left of each. */
const createScripts = () => {
  const scripts = new Map<string, Script>();
  return {
    set: (path: string, script: Script) => scripts.set(path, [...script]),
    clear: () => scripts.clear(),
    next: async (request: Received): Promise<Step> => {
      const script = scripts.get(request.path) ?? [];
      const step = script.length > 1 ? script.shift() : script[0];
      return typeof step === 'function' ? step(request) : (step ?? 200);
    },
  };
};

const describeRequests = (requests: readonly Received[]) =>
  requests.length === 0
    ? 'No request arrived.'
    : `Requests so far: ${requests.map(({ method, path }) => `${method} ${path}`).join(', ')}.`;

/** Checks the conditions of all waiting callers after each request. */
const createWaiters = (requests: Received[]) => {
  const wakes = new Set<() => void>();
  const wake = () => wakes.forEach((each) => each());
  const waitFor: Receiver['waitFor'] = (wanted, { timeoutMs = 20_000, path } = {}) =>
    new Promise((resolve, reject) => {
      const here = () => requests.filter((request) => path === undefined || request.path === path);
      const enough = () => {
        if (typeof wanted === 'number') return here().length >= wanted && here().slice(0, wanted);
        const found = here().filter(wanted);
        return found.length > 0 && found;
      };
      const what = typeof wanted === 'number' ? `${wanted} requests` : 'a fitting request';
      const where = path === undefined ? '' : ` to ${path}`;
      const late = () =>
        finish(() =>
          reject(
            new Error(`Waited ${timeoutMs} ms for ${what}${where}. ${describeRequests(requests)}`),
          ),
        );
      const timer = setTimeout(late, timeoutMs);
      const finish = (end: () => void) => {
        clearTimeout(timer);
        wakes.delete(look);
        end();
      };
      const look = () => {
        const found = enough();
        if (found) finish(() => resolve(found));
      };
      wakes.add(look);
      look();
    });
  return { wake, waitFor };
};

const listen = (server: http.Server | https.Server) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** An answer that a receiver gives only when the test releases it. */
export function heldAnswer(status: number) {
  let release = () => {};
  const held = new Promise<number>((resolve) => (release = () => resolve(status)));
  return { answer: () => held, release };
}

/** Listens on a free port of 127.0.0.1. @param tls the certificates for https; default: http. */
export const startReceiver = async (tls?: https.ServerOptions): Promise<Receiver> => {
  const requests: Received[] = [];
  const scripts = createScripts();
  const { wake, waitFor } = createWaiters(requests);
  const serve = async (incoming: http.IncomingMessage, answer: http.ServerResponse) => {
    try {
      const request = await receive(incoming);
      requests.push(request);
      wake();
      perform(answer, await scripts.next(request));
    } catch (error) {
      // An aborted request is expected, but an error in the script itself must be visible.
      if (!incoming.destroyed || incoming.complete) answer.writeHead(500).end(String(error));
    }
  };
  const options = { maxHeaderSize: MAX_HEADER_BYTES };
  const server = tls
    ? https.createServer({ ...options, ...tls }, serve)
    : http.createServer(options, serve);
  const port = await listen(server);
  const scheme = tls ? 'https' : 'http';
  return {
    url: (path = '/') => `${scheme}://127.0.0.1:${port}${path}`,
    requests,
    on: (path) => ({ answer: (...script) => void scripts.set(path, script) }),
    waitFor,
    clear() {
      requests.length = 0;
      scripts.clear();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
