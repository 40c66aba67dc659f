/** Lets axios speak through undici, which costs a third of the CPU of its own adapter. */
import { type AxiosAdapter, AxiosHeaders, type InternalAxiosRequestConfig } from 'axios';
import type { Dispatcher } from 'undici';
import { remembering } from '../../store/remembering';
import { exchange } from './exchange.service';

const headersOf = (headers: AxiosHeaders): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

/** The answer's headers are in the Outcome; copying them for axios costs some 3 µs for nothing. */
const NONE = new AxiosHeaders();

/** Parsing a URL takes some microseconds, and a webhook's is the same for every delivery. */
const placeOf = remembering((text) => {
  const { origin, pathname, search } = new URL(text);
  return { origin, path: pathname + search };
});

const requestOf = (config: InternalAxiosRequestConfig): Dispatcher.DispatchOptions => {
  // axios writes it in lower case, and to HTTP that is another method (RFC 9110, 9.1).
  const isGet = config.method === 'get';
  return {
    ...placeOf(config.url as string),
    method: isGet ? 'GET' : 'POST',
    headers: headersOf(config.headers),
    body: isGet ? null : (config.data as string),
  };
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
      request: requestOf(config),
      timeout: config.timeout as number,
      maxResponseBytes: config.maxContentLength as number,
      signal: config.signal as AbortSignal | undefined,
    });
    return {
      data: outcome,
      status: outcome.kind === 'answered' ? outcome.status : 0,
      statusText: '',
      headers: NONE,
      config,
    };
  };
