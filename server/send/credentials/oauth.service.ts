/**
 * Access tokens: fetches them (RFC 6749, 4.3 and 4.4), keeps them until shortly before they end, and sends requests with
 * them.
 */
import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  discoveryRequest,
  genericTokenEndpointRequest,
} from 'oauth4webapi';
import type { SettingsOf } from '../../contract/authorization';
import { ofTokenEndpoint, sentence } from '../../contract/sentences';
import type { Clock } from '../../strapi/clock.service';
import type { Answered, Cut, Outcome } from '../http/outcome';
import type { Sender, SendOptions } from '../http/send.service';
import { masked } from '../mask';
import type { OutgoingRequest } from '../request';
import { credentialsOf, withAuthorization } from './headers';
import {
  createMemory,
  deadlineOf,
  isUnauthorized,
  settingsKeyOf,
  unsentForAuth,
  wholeOutcome,
  type Conversation,
  type Deadline,
} from './kind';
import {
  discovered,
  errorIn,
  grantedToken,
  issuerOf,
  tokensIn,
  usableUntil,
  type GrantedToken,
} from './token-answer';

export type OAuthSettings = SettingsOf<'oauth2ClientCredentials' | 'oauth2Password'>;

type Granted = { kind: 'granted'; url: string } & GrantedToken;
/** `isFinal`: a later call cannot end otherwise. Nothing secret is in the message. */
type Denied = { kind: 'denied'; message: string; isFinal: boolean };
type TokenAnswer = Granted | Denied;

/** Sends a request with an access token; if it is refused, once more with a fresh one. Never without. */
export function createTokenSending({ sender, tokens }: { sender: Sender; tokens: Tokens }) {
  const heldToken = async (
    settings: OAuthSettings,
    deadline: Deadline,
    signal: AbortSignal | undefined,
  ): Promise<{ token: string } | { outcome: Conversation['outcome'] }> => {
    const answer = await deadline.race(tokens.get(settings), signal);
    if (answer === 'aborted') {
      const message = sentence('token-stopped');
      return { outcome: { kind: 'failed', reason: 'aborted', message, ms: 0 } };
    }
    if (answer === 'late') {
      const message = sentence('token-too-late', { spent: deadline.spent() });
      return { outcome: unsentForAuth(message, false) };
    }
    return answer.kind === 'granted'
      ? { token: answer.value }
      : { outcome: unsentForAuth(answer.message, answer.isFinal) };
  };

  return async (
    request: OutgoingRequest,
    settings: OAuthSettings,
    options: SendOptions,
  ): Promise<Conversation> => {
    const deadline = deadlineOf(options.timeout);
    const secrets: string[] = [];
    const attempt = async (): Promise<Conversation> => {
      const held = await heldToken(settings, deadline, options.signal);
      if ('outcome' in held) return { request, outcome: held.outcome, secrets };
      secrets.push(held.token);
      const sent = withAuthorization(request, `${settings.headerPrefix} ${held.token}`);
      const outcome = await sender.send(sent, { ...options, timeout: deadline.left() });
      if (isUnauthorized(outcome)) tokens.drop(settings, held.token);
      return { request: sent, outcome, secrets };
    };
    const first = await attempt();
    const last = isUnauthorized(first.outcome) ? await attempt() : first;
    const time = { timeout: options.timeout, spent: deadline.spent() };
    return { ...last, outcome: wholeOutcome(last.outcome, time) };
  };
}

export type Tokens = ReturnType<typeof createTokens>;

/** The tokens that are in use. One call runs at a time for each settings, however many requests wait for its answer. */
export function createTokens({ call, clock }: { call: TokenCall; clock: Clock }) {
  const kept = createMemory<{ token: Granted; until: number }>();
  const running = new Map<string, Promise<TokenAnswer>>();

  const fetchToken = async (key: string, settings: OAuthSettings): Promise<TokenAnswer> => {
    const answer = await call(settings);
    if (answer.kind === 'granted')
      kept.set(key, { token: answer, until: usableUntil(answer.expiresIn, clock.now()) });
    return answer;
  };

  /** Requests that wait get the same answer, a denial too; a later request starts another call. */
  const fetchOnce = (settings: OAuthSettings): Promise<TokenAnswer> => {
    const key = settingsKeyOf(settings);
    const known = running.get(key);
    if (known) return known;
    const answer = fetchToken(key, settings).finally(() => running.delete(key));
    running.set(key, answer);
    return answer;
  };

  return {
    fetch: fetchOnce,
    async get(settings: OAuthSettings): Promise<TokenAnswer> {
      const known = kept.get(settingsKeyOf(settings));
      return known && clock.now() < known.until ? known.token : fetchOnce(settings);
    },
    /** A token that was refused is no longer used, unless another has replaced it already. */
    drop(settings: OAuthSettings, value: string): void {
      const key = settingsKeyOf(settings);
      if (kept.get(key)?.token.value === value) kept.forget(key);
    },
  };
}

export type TokenCall = ReturnType<typeof createTokenCall>;

type CallOptions = { sender: Sender; version: string; timeout: number };
/** `credentials`: the text behind `Basic`, as the library writes it. */
type Called = { outcome: Outcome; credentials: string };

/** A token is a few kilobytes at most, and a discovery document some ten. */
const MAX_ANSWER_BYTES = 256 * 1024;

const LONGEST_MESSAGE = 500;

/** Fetches a token from the token URL of the authorization, or from the one that its authority names. */
export function createTokenCall({ sender, version, timeout }: CallOptions) {
  const userAgent = `strapi-plugin-workflow-webhooks/${version}`;

  /** The library makes the request and our sender makes the call. Its outcome is read here, not from a `Response`. */
  const calling = async (make: (fetching: typeof fetch) => Promise<unknown>): Promise<Called> => {
    let outcome: Outcome | undefined;
    let credentials = '';
    const fetching = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
      const { method, body } = init;
      const headers = init.headers as Record<string, string>;
      credentials = headers.authorization?.replace(/^Basic /, '') ?? '';
      outcome = await sender.send(
        {
          method: method === 'POST' ? 'POST' : 'GET',
          url: String(input),
          headers: { ...headers, 'user-agent': userAgent },
          body: body ? String(body) : '',
        },
        { timeout, maxResponseBytes: MAX_ANSWER_BYTES },
      );
      return new Response(null);
    };
    await make(fetching as typeof fetch);
    return { outcome: outcome as Outcome, credentials };
  };

  const callDiscovery = (authority: URL, algorithm: 'oidc' | 'oauth2'): Promise<Called> =>
    calling((fetching) =>
      discoveryRequest(authority, {
        algorithm,
        [customFetch]: fetching,
        [allowInsecureRequests]: true,
      }),
    );

  /** OpenID Connect's document, or that of RFC 8414 if there is none. */
  const discover = async (
    authorityUrl: string,
    { additionalBaseAddresses }: OAuthSettings,
  ): Promise<string | Denied> => {
    const at: Asked = { what: 'token-undiscovered', url: authorityUrl };
    const authority = new URL(issuerOf(authorityUrl));
    const { outcome: first } = await callDiscovery(authority, 'oidc');
    const isMissing = first.kind === 'answered' && first.status === 404;
    const { outcome } = isMissing ? await callDiscovery(authority, 'oauth2') : { outcome: first };
    const failure = failureOf(outcome, at);
    if (failure) return failure;
    const found = discovered((outcome as Answered).body, { authorityUrl, additionalBaseAddresses });
    return 'problem' in found ? denied(at, found.problem) : found.tokenUrl;
  };

  const callTokenEndpoint = (tokenUrl: string, settings: OAuthSettings): Promise<Called> => {
    const { clientId, clientSecret, scope, parameters } = settings;
    const isPassword = settings.kind === 'oauth2Password';
    const authenticate =
      settings.clientAuthentication === 'client_secret_post' ? ClientSecretPost : ClientSecretBasic;
    return calling((fetching) =>
      genericTokenEndpointRequest(
        { issuer: settings.authorityUrl ?? tokenUrl, token_endpoint: tokenUrl },
        { client_id: clientId },
        authenticate(clientSecret),
        isPassword ? 'password' : 'client_credentials',
        {
          ...parameters,
          ...(scope === '' ? {} : { scope }),
          ...(isPassword ? { username: settings.username, password: settings.password } : {}),
        },
        { [customFetch]: fetching, [allowInsecureRequests]: true },
      ),
    );
  };

  /** Never rejects for what the other side does. */
  return async (settings: OAuthSettings): Promise<TokenAnswer> => {
    const url = settings.tokenUrl ?? (await discover(settings.authorityUrl as string, settings));
    const secrets = credentialsOf(settings);
    if (typeof url !== 'string') return discreet(url, secrets);
    const { outcome, credentials } = await callTokenEndpoint(url, settings);
    const tokens = outcome.kind === 'answered' ? tokensIn(outcome.body) : [];
    return discreet(tokenAnswerOf(outcome, url), [...secrets, credentials, ...tokens]);
  };
}

/** The URL that was called, and the sentence that says that the call failed. */
type Asked = { what: 'token-none' | 'token-undiscovered'; url: string };

const denied = (at: Asked, why: string, isFinal = false): Denied => ({
  kind: 'denied',
  message: sentence(at.what, { url: placeOf(at.url), why: why.replace(/\.$/, '') }),
  isFinal,
});

function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function tokenAnswerOf(outcome: Outcome, url: string): TokenAnswer {
  const at: Asked = { what: 'token-none', url };
  const failure = failureOf(outcome, at);
  if (failure) return failure;
  const granted = grantedToken((outcome as Answered).body);
  return 'problem' in granted
    ? denied(at, granted.problem)
    : { kind: 'granted', url: placeOf(url), ...granted };
}

/** Why a token answer is not whole. */
const CUT: Record<Cut, string> = {
  size: sentence('token-too-long', { size: MAX_ANSWER_BYTES / 1024 }),
  deadline: sentence('token-late'),
  connection: sentence('token-broken-off'),
  stop: sentence('token-not-waited-for'),
};

/** Null for a complete answer with a status of 2xx. */
function failureOf(outcome: Outcome, at: Asked): Denied | null {
  if (outcome.kind === 'failed') {
    const isFinal = outcome.reason === 'blocked' || outcome.reason === 'badUrl';
    return denied(at, ofTokenEndpoint(outcome.message), isFinal);
  }
  const { status } = outcome;
  if (status >= 200 && status < 300)
    return outcome.isTruncated ? denied(at, CUT[outcome.cutBy ?? 'size']) : null;
  const error = errorIn(outcome.body);
  return denied(
    at,
    error ? sentence('token-error', { status, error }) : sentence('token-status', { status }),
  );
}

/** A token endpoint may repeat the credentials in its answer. Masked before it is cut: the mask does not find half a secret. */
function discreet(answer: TokenAnswer, secrets: string[]): TokenAnswer {
  const shortened = (text: string) => masked(text, secrets).slice(0, LONGEST_MESSAGE);
  return answer.kind === 'granted'
    ? { ...answer, scope: answer.scope && shortened(answer.scope) }
    : { ...answer, message: shortened(answer.message) };
}
