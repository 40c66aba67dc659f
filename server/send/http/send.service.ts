/** Sends one request to one receiver, behind the address guard, and answers what came of it. */
import { setMaxListeners } from 'node:events';
import { Axios, isCancel } from 'axios';
import { sentence } from '../../contract/sentences';
import { remembering } from '../../store/remembering';
import type { OutgoingRequest } from '../request';
import { isLiteral, parseAllow, parseUrl, resolvedProblem, type UrlRules } from './address';
import { createDispatcher, type Identity } from './connections.service';
import { createAxiosAdapter } from './exchange.service';
import { createResolve, type Resolve } from './guard.service';
import type { FailureReason, Outcome } from './outcome';

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
  /** The client certificate of the connection; none if not given. */
  identity?: Identity | undefined;
};

/** A webhook's request, or one that fetches credentials. The body of a GET is not sent. */
export type HttpRequest = Omit<OutgoingRequest, 'method'> & { method: 'GET' | 'POST' };

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
  const parsedOf = remembering((url) => parseUrl(url, rules));
  const clients = createClients((identity) => {
    const dispatcher = createDispatcher({ ...network, allow: rules.allow, identity }, resolve);
    // Without axios' defaults: no headers of its own, no transforms, no environment, every status an answer.
    return { dispatcher, http: new Axios({ adapter: createAxiosAdapter(dispatcher) }) };
  });
  const letManyListen = createLetManyListen();
  return {
    async send({ method, url, headers, body }, { timeout, maxResponseBytes, signal, identity }) {
      const parsed = parsedOf(url);
      if (!(parsed instanceof URL)) return failed(parsed.reason, parsed.message);
      letManyListen(signal);
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
        return isCancel(error)
          ? failed('aborted', sentence('call-stopped'))
          : failed('connection', sentence('request-not-sent', { message: messageOf(error) }));
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

const messageOf = (error: unknown) => (error as Error).message;

const failed = (reason: FailureReason, message: string): Outcome => ({
  kind: 'failed',
  reason,
  message,
  ms: 0,
});

/** One signal stops all calls at shutdown, and Node warns at the eleventh listener. */
function createLetManyListen() {
  const known = new WeakSet<AbortSignal>();
  return (signal: AbortSignal | undefined) => {
    if (!signal || known.has(signal)) return;
    known.add(signal);
    setMaxListeners(0, signal);
  };
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

type Client = {
  http: Axios;
  dispatcher: { close(): Promise<void>; destroy(): Promise<void> };
};

/** Connections of more identities than these are closed, those of the longest unused first. */
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
