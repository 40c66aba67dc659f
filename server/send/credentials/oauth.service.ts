/**
 * Access tokens of OAuth 2.0: fetches them (RFC 6749, 4.3 and 4.4), keeps them until shortly before they end, and sends
 * requests with them.
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
import type { Problem } from '../../strapi/errors';
import type { Answered, Cut, Outcome } from '../http/outcome';
import { masked } from '../mask';
import { basicCredentials } from './headers';
import {
  createMemory,
  isUnauthorized,
  settingsKeyOf,
  unsentForAuth,
  withAuthorization,
  type CheckTools,
  type Conversation,
  type CredentialKind,
  type CredentialSending,
  type SendingTools,
  type TokenAnswer,
} from './kind';
import { discovered, errorIn, grantedToken, issuerOf, tokensIn, usableUntil } from './token-answer';

type OAuthSettings = SettingsOf<'oauth2ClientCredentials' | 'oauth2Password'>;
type Granted = Extract<TokenAnswer, { kind: 'granted' }>;
type Denied = Extract<TokenAnswer, { kind: 'denied' }>;

export const oauth: CredentialKind<OAuthSettings> = {
  secretsIn: oauthSecrets,
  problemsOf: urlProblems,
  createSending: createTokenSending,
};

function oauthSecrets(settings: OAuthSettings): string[] {
  const { clientId, clientSecret } = settings;
  const client = basicCredentials(inForm(clientId), inForm(clientSecret));
  return [clientSecret, client, ...('password' in settings ? [settings.password] : [])];
}

/** As a form writes it, which is how a client names itself in a header (RFC 6749, 2.3.1). */
const inForm = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);

async function urlProblems(settings: OAuthSettings, { checkUrl }: CheckTools): Promise<Problem[]> {
  const found = (['tokenUrl', 'authorityUrl'] as const).map(async (field) => {
    const url = settings[field];
    const message = url === null ? null : await checkUrl(url);
    return message === null ? [] : [{ path: [field], message }];
  });
  return (await Promise.all(found)).flat();
}

function createTokenSending(tools: SendingTools): CredentialSending<OAuthSettings> {
  const tokens = createTokens(tools);
  return {
    fetchToken: tokens.fetch,
    /** If the token is refused, once more with a new one. Never without. */
    async send(request, settings, { deadline, ...options }) {
      const secrets: string[] = [];
      const attempt = async (): Promise<Conversation> => {
        const answer = await deadline.race(tokens.get(settings), options.signal);
        if (answer === 'aborted') {
          const message = sentence('token-stopped');
          const outcome = { kind: 'failed', reason: 'aborted', message, ms: 0 } as const;
          return { request, outcome, secrets };
        }
        if (answer === 'late') {
          const message = sentence('token-too-late', { spent: deadline.spent() });
          return { request, outcome: unsentForAuth(message), secrets };
        }
        if (answer.kind === 'denied')
          return { request, outcome: unsentForAuth(answer.message, answer.isFinal), secrets };
        secrets.push(answer.value);
        const sent = withAuthorization(request, `${settings.headerPrefix} ${answer.value}`);
        const outcome = await tools.sender.send(sent, { ...options, timeout: deadline.left() });
        if (isUnauthorized(outcome)) tokens.drop(settings, answer.value);
        return { request: sent, outcome, secrets };
      };
      const first = await attempt();
      const last = isUnauthorized(first.outcome) ? await attempt() : first;
      return { ...last, outcome: deadline.whole(last.outcome) };
    },
  };
}

/** The tokens that are in use. One call runs at a time for each settings, however many requests wait for its answer. */
function createTokens(tools: SendingTools) {
  const { clock } = tools;
  const kept = createMemory<{ token: Granted; until: number }>();
  const running = new Map<string, Promise<TokenAnswer>>();

  async function fetchAndKeep(key: string, settings: OAuthSettings): Promise<TokenAnswer> {
    const answer = await callForToken(settings, tools);
    if (answer.kind === 'granted')
      kept.set(key, { token: answer, until: usableUntil(answer.expiresIn, clock.now()) });
    return answer;
  }

  /** Requests that wait get the same answer, a denial too; a later request starts another call. */
  function fetchOnce(settings: OAuthSettings): Promise<TokenAnswer> {
    const key = settingsKeyOf(settings);
    const known = running.get(key);
    if (known) return known;
    const answer = fetchAndKeep(key, settings).finally(() => running.delete(key));
    running.set(key, answer);
    return answer;
  }

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

/**
 * A token from the token URL of the authorization, or from the one that its authority names. Never rejects for what the
 * other side does.
 */
async function callForToken(settings: OAuthSettings, tools: SendingTools): Promise<TokenAnswer> {
  const url =
    settings.tokenUrl ?? (await discover(settings.authorityUrl as string, settings, tools));
  const secrets = oauthSecrets(settings);
  if (typeof url !== 'string') return discreet(url, secrets);
  const { outcome, credentials } = await callTokenEndpoint(url, settings, tools);
  const tokens = outcome.kind === 'answered' ? tokensIn(outcome.body) : [];
  return discreet(tokenAnswerOf(outcome, url), [...secrets, credentials, ...tokens]);
}

/** OpenID Connect's document, or that of RFC 8414 if there is none. */
async function discover(
  authorityUrl: string,
  { additionalBaseAddresses }: OAuthSettings,
  tools: SendingTools,
): Promise<string | Denied> {
  const at: Asked = { what: 'token-undiscovered', url: authorityUrl };
  const callDiscovery = (algorithm: 'oidc' | 'oauth2') =>
    callWith(tools, (fetching) =>
      discoveryRequest(new URL(issuerOf(authorityUrl)), { algorithm, ...fetching }),
    );
  const { outcome: first } = await callDiscovery('oidc');
  const isMissing = first.kind === 'answered' && first.status === 404;
  const { outcome } = isMissing ? await callDiscovery('oauth2') : { outcome: first };
  const failure = failureOf(outcome, at);
  if (failure) return failure;
  const found = discovered((outcome as Answered).body, { authorityUrl, additionalBaseAddresses });
  return 'problem' in found ? denied(at, found.problem) : found.tokenUrl;
}

function callTokenEndpoint(tokenUrl: string, settings: OAuthSettings, tools: SendingTools) {
  const { kind, clientId, clientSecret, clientAuthentication, scope, parameters } = settings;
  const authenticate =
    clientAuthentication === 'client_secret_post' ? ClientSecretPost : ClientSecretBasic;
  return callWith(tools, (fetching) =>
    genericTokenEndpointRequest(
      { issuer: settings.authorityUrl ?? tokenUrl, token_endpoint: tokenUrl },
      { client_id: clientId },
      authenticate(clientSecret),
      kind === 'oauth2Password' ? 'password' : 'client_credentials',
      {
        ...parameters,
        ...(scope === '' ? {} : { scope }),
        ...(kind === 'oauth2Password'
          ? { username: settings.username, password: settings.password }
          : {}),
      },
      fetching,
    ),
  );
}

/** A token is a few kilobytes at most, and a discovery document some ten. */
const MAX_ANSWER_BYTES = 256 * 1024;

/** `credentials`: the text behind `Basic`, as the library writes it. */
type Called = { outcome: Outcome; credentials: string };
type Fetching = { [customFetch]: typeof fetch; [allowInsecureRequests]: true };

/** The library makes the request and our sender makes the call. Its outcome is read here, not from a `Response`. */
async function callWith(
  { sender, version, timeout }: SendingTools,
  make: (fetching: Fetching) => Promise<unknown>,
): Promise<Called> {
  let outcome: Outcome | undefined;
  let credentials = '';
  const fetching = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const headers = init.headers as Record<string, string>;
    credentials = headers.authorization?.replace(/^Basic /, '') ?? '';
    outcome = await sender.send(
      {
        method: init.method === 'POST' ? 'POST' : 'GET',
        url: String(input),
        headers: { ...headers, 'user-agent': `strapi-plugin-workflow-webhooks/${version}` },
        body: init.body ? String(init.body) : '',
      },
      { timeout, maxResponseBytes: MAX_ANSWER_BYTES },
    );
    return new Response(null);
  };
  await make({ [customFetch]: fetching as typeof fetch, [allowInsecureRequests]: true });
  return { outcome: outcome as Outcome, credentials };
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

const LONGEST_MESSAGE = 500;

/** A token endpoint may repeat the credentials in its answer. Masked before it is cut: the mask does not find half a secret. */
function discreet(answer: TokenAnswer, secrets: string[]): TokenAnswer {
  const shortened = (text: string) => masked(text, secrets).slice(0, LONGEST_MESSAGE);
  return answer.kind === 'granted'
    ? { ...answer, scope: answer.scope && shortened(answer.scope) }
    : { ...answer, message: shortened(answer.message) };
}
