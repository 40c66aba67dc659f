/** An API key, in a header or in the query of the URL. */
import { withHeaders, type OutgoingRequest } from '../request';

type ApiKey = { key: string; value: string; in: 'header' | 'query' };

/** Through URLSearchParams, since decodeURIComponent throws on a stray "%". */
const nameOf = (parameter: string) => [...new URLSearchParams(parameter).keys()][0];

/**
 * The parameter in place of one of the same name. The rest of the query stays to the letter:
 * URLSearchParams would write it anew, and `%20` would become `+`.
 */
const withParameter = (address: string, key: string, value: string): string => {
  const url = new URL(address);
  const others = url.search
    .slice(1)
    .split('&')
    .filter((parameter) => parameter !== '' && nameOf(parameter) !== key);
  url.search = [...others, `${encodeURIComponent(key)}=${encodeURIComponent(value)}`].join('&');
  return url.href;
};

export const apiKey = (request: OutgoingRequest, { key, value, in: place }: ApiKey) =>
  place === 'query'
    ? { ...request, url: withParameter(request.url, key, value) }
    : { ...request, headers: withHeaders(request.headers, { [key]: value }) };
