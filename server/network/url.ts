/** Whether a webhook's URL may be called, as far as its text can tell. */
import { hostProblem } from './address';
import type { Allow } from './allow';

export type UrlRules = { allow: Allow; requireHttps: boolean };
export type UrlProblem = { reason: 'badUrl' | 'blocked'; message: string };

const badUrl = (message: string): UrlProblem => ({ reason: 'badUrl', message });

const formProblem = (url: URL, requireHttps: boolean): UrlProblem | null => {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return badUrl(
      `Expected a URL that starts with https:// or http://, and this one starts with "${url.protocol}".`,
    );
  }
  if (requireHttps && url.protocol !== 'https:') {
    return badUrl(
      'Expected a URL that starts with https://: this project sends webhooks over TLS only (network.requireHttps in config/plugins).',
    );
  }
  if (url.username !== '' || url.password !== '') {
    return badUrl(
      'Expected a URL without a user name or password. Store them as an authorization, and choose it in the webhook.',
    );
  }
  return null;
};

/** The URL, or why it may not be called. The host's name is not resolved here. */
export const parseUrl = (text: string, rules: UrlRules): URL | UrlProblem => {
  if (!URL.canParse(text)) {
    return badUrl('Expected a complete URL, such as https://example.com/hook.');
  }
  const url = new URL(text);
  const problem = formProblem(url, rules.requireHttps);
  if (problem) return problem;
  const message = hostProblem(url.hostname, rules.allow);
  return message === null ? url : { reason: 'blocked', message };
};
