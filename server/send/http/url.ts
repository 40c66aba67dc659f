/** Whether a webhook's URL may be called, as far as its text can tell. */
import { sentence } from '../../contract/sentences';
import { hostProblem } from './address';
import type { Allow } from './allow';

export type UrlRules = { allow: Allow; requireHttps: boolean };
export type UrlProblem = { reason: 'badUrl' | 'blocked'; message: string };

const badUrl = (message: string): UrlProblem => ({ reason: 'badUrl', message });

const formProblem = (url: URL, requireHttps: boolean): UrlProblem | null => {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return badUrl(sentence('url-scheme', { protocol: url.protocol }));
  }
  if (requireHttps && url.protocol !== 'https:') {
    return badUrl(sentence('url-no-tls'));
  }
  if (url.username !== '' || url.password !== '') {
    return badUrl(sentence('url-credentials'));
  }
  return null;
};

/** The URL, or why it may not be called. The host's name is not resolved here. */
export const parseUrl = (text: string, rules: UrlRules): URL | UrlProblem => {
  if (!URL.canParse(text)) {
    return badUrl(sentence('url-incomplete'));
  }
  const url = new URL(text);
  const problem = formProblem(url, rules.requireHttps);
  if (problem) return problem;
  const message = hostProblem(url.hostname, rules.allow);
  return message === null ? url : { reason: 'blocked', message };
};
