/** Sends one request to one receiver, behind the address guard, and answers what came of it. */
import { sentence } from '../../contract/sentences';
import { setMaxListeners } from 'node:events';
import { Axios, isCancel } from 'axios';
import { remembering } from '../../store/remembering';
import type { OutgoingRequest } from '../outgoing-request';
import { isLiteral, resolvedProblem } from './address';
import { parseAllow } from './allow';
import { createAxiosAdapter } from './axios-adapter.service';
import { createDispatcher, type NetworkSettings } from './dispatcher.service';
import { createClients } from './clients.service';
import type { Identity } from './identity';
import type { FailureReason, Outcome } from './outcome';
import { createResolve, type Resolve } from './resolve.service';
import { parseUrl, type UrlRules } from './url';

export type SenderOptions = {
  network: {
    /** Networks, addresses and host names that may be called although they are private. */
    allow: string[];
    requireHttps: boolean;
    /** URL of an HTTP proxy. It resolves names by itself, so the guard sees only written-out hosts. */
    proxy: string | null;
    /** PEM text of authorities to trust besides the usual ones. */
    ca: string | null;
  };
  /** The system's resolver, unless a test brings its own. */
  resolve?: Resolve;
};

export type SendOptions = {
  /** Milliseconds for the whole exchange: connecting, sending and the answer. */
  timeout: number;
  /** How much of the answer's body is read; the rest is not waited for. */
  maxResponseBytes: number;
  signal?: AbortSignal | undefined;
  /** With which certificate the connection is made; the usual one, without any, if not given. */
  identity?: Identity | undefined;
};

/** A webhook's request, or one that asks for its credentials. The body of a GET is not sent. */
export type HttpRequest = Omit<OutgoingRequest, 'method'> & { method: 'GET' | 'POST' };

export type Sender = {
  /** Never rejects. Redirects are not followed and nothing is decompressed. */
  send(request: HttpRequest, options: SendOptions): Promise<Outcome>;
  /** For the moment of saving: why this URL may not be called, or null. A name that nobody knows yet may. */
  checkUrl(url: string): Promise<string | null>;
  /** Drops all connections; calls under way fail. */
  close(): Promise<void>;
};

/** One signal stops all calls at shutdown, and Node warns of the eleventh that listens to it. */
const letManyListen = () => {
  const known = new WeakSet<AbortSignal>();
  return (signal: AbortSignal | undefined) => {
    if (!signal || known.has(signal)) return;
    known.add(signal);
    setMaxListeners(0, signal);
  };
};

const LOOKUP_TIMEOUT = 2000;

/** The addresses of a name as far as they are known soon; none otherwise. */
const addressesOf = async (hostname: string, resolve: Resolve): Promise<string[]> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<[]>((done) => {
    timer = setTimeout(done, LOOKUP_TIMEOUT, []);
  });
  const found = await Promise.race([resolve(hostname).catch(() => []), tooLate]);
  clearTimeout(timer);
  return found.map(({ address }) => address);
};

const checkUrlWith =
  (rules: UrlRules, resolve: Resolve | null) =>
  async (text: string): Promise<string | null> => {
    const url = parseUrl(text, rules);
    if (!(url instanceof URL)) return url.message;
    if (resolve === null || isLiteral(url.hostname)) return null;
    return resolvedProblem(url.hostname, await addressesOf(url.hostname, resolve), rules.allow);
  };

const failed = (reason: FailureReason, message: string): Outcome => ({
  kind: 'failed',
  reason,
  message,
  ms: 0,
});

/** What axios itself throws: a signal that was aborted, or a header that HTTP cannot carry. */
const outcomeOfThrown = (error: unknown): Outcome =>
  isCancel(error)
    ? failed('aborted', sentence('call-stopped'))
    : failed('connection', sentence('request-not-sent', { message: (error as Error).message }));

/** Without axios' defaults: no headers of its own, no transforms, no environment, every status an answer. */
const clientOf = (settings: NetworkSettings, resolve: Resolve) => {
  const dispatcher = createDispatcher(settings, resolve);
  const http = new Axios({ adapter: createAxiosAdapter(dispatcher) });
  return { http, close: () => dispatcher.close(), destroy: () => dispatcher.destroy() };
};

/** Throws an Error where `network` holds something that cannot be meant. */
export const createSender = ({ network, resolve = createResolve() }: SenderOptions): Sender => {
  const rules: UrlRules = { allow: parseAllow(network.allow), requireHttps: network.requireHttps };
  const parsedOf = remembering((url) => parseUrl(url, rules));
  const clients = createClients((identity) =>
    clientOf({ ...network, allow: rules.allow, identity }, resolve),
  );
  const letMany = letManyListen();
  return {
    async send({ method, url, headers, body }, { timeout, maxResponseBytes, signal, identity }) {
      const parsed = parsedOf(url);
      if (!(parsed instanceof URL)) return failed(parsed.reason, parsed.message);
      letMany(signal);
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
        return outcomeOfThrown(error);
      }
    },
    checkUrl: checkUrlWith(rules, network.proxy === null ? resolve : null),
    close: clients.destroy,
  };
};
