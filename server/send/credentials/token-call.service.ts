/** Asks for an access token (RFC 6749, 4.3 and 4.4), where the authorization says or its authority tells. */
import { ofTokenEndpoint, sentence } from '../../contract/sentences';
import {
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  customFetch,
  discoveryRequest,
  genericTokenEndpointRequest,
} from 'oauth4webapi';
import type { SettingsOf } from '../../contract/authorization';
import type { Answered, Cut, Outcome } from '../http/outcome';
import type { Sender } from '../http/send.service';
import { masked } from '../mask';
import { credentialsOf } from '../secrets-of';
import { discovered, issuerOf } from './discovery';
import { errorIn, grantedToken, tokensIn, type GrantedToken } from './token-answer';

export type OAuthSettings = SettingsOf<'oauth2ClientCredentials' | 'oauth2Password'>;

export type TokenAnswer =
  | ({ kind: 'granted'; url: string } & GrantedToken)
  /** `isFinal`: asking again cannot end otherwise. Nothing secret is in the message. */
  | { kind: 'denied'; message: string; isFinal: boolean };

type Denied = Extract<TokenAnswer, { kind: 'denied' }>;
/** `credentials`: what stood behind `Basic`, as the library writes it. */
type Called = { outcome: Outcome; credentials: string };
type Options = { sender: Sender; version: string; timeout: number };

/** A token is a few kilobytes at most, and a discovery document some ten. */
const MAX_ANSWER_BYTES = 256 * 1024;

const MOST_SAID = 500;

/** Why a token answer is not whole. */
const CUT: Record<Cut, string> = {
  size: sentence('token-too-long', { size: MAX_ANSWER_BYTES / 1024 }),
  deadline: sentence('token-late'),
  connection: sentence('token-broken-off'),
  stop: sentence('token-not-waited-for'),
};

const place = (url: string) => {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
};

/** Who was asked, and how the sentence begins that says it was in vain. */
type Asked = { what: 'token-none' | 'token-undiscovered'; url: string };
const noTokenFrom = (url: string): Asked => ({ what: 'token-none', url });
const undiscovered = (url: string): Asked => ({ what: 'token-undiscovered', url });

const denied = (at: Asked, why: string, isFinal = false): Denied => ({
  kind: 'denied',
  message: sentence(at.what, { url: place(at.url), why: why.replace(/\.$/, '') }),
  isFinal,
});

/** Null: it answered with 2xx, and completely. */
const failureOf = (outcome: Outcome, at: Asked): Denied | null => {
  if (outcome.kind === 'failed') {
    const isFinal = outcome.reason === 'blocked' || outcome.reason === 'badUrl';
    return denied(at, ofTokenEndpoint(outcome.message), isFinal);
  }
  if (outcome.status >= 200 && outcome.status < 300)
    return outcome.isTruncated ? denied(at, CUT[outcome.cutBy ?? 'size']) : null;
  const { status } = outcome;
  const error = errorIn(outcome.body);
  return denied(
    at,
    error ? sentence('token-error', { status, error }) : sentence('token-status', { status }),
  );
};

export const createTokenCall = ({ sender, version, timeout }: Options) => {
  const userAgent = `strapi-plugin-workflow-webhooks/${version}`;

  /** The library makes the request, our sender makes the call, and its outcome is read here: not a `Response`. */
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

  const documentOf = (authority: URL, algorithm: 'oidc' | 'oauth2'): Promise<Called> =>
    calling((fetching) =>
      discoveryRequest(authority, {
        algorithm,
        [customFetch]: fetching,
        [allowInsecureRequests]: true,
      }),
    );

  /** OpenID Connect's document, or that of RFC 8414 where there is none. */
  const discover = async (
    authorityUrl: string,
    { additionalBaseAddresses }: OAuthSettings,
  ): Promise<string | Denied> => {
    const authority = new URL(issuerOf(authorityUrl));
    const { outcome: first } = await documentOf(authority, 'oidc');
    const isMissing = first.kind === 'answered' && first.status === 404;
    const { outcome } = isMissing ? await documentOf(authority, 'oauth2') : { outcome: first };
    const failure = failureOf(outcome, undiscovered(authorityUrl));
    if (failure) return failure;
    const found = discovered((outcome as Answered).body, { authorityUrl, additionalBaseAddresses });
    return 'problem' in found ? denied(undiscovered(authorityUrl), found.problem) : found.tokenUrl;
  };

  const ask = (tokenUrl: string, settings: OAuthSettings): Promise<Called> => {
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

  const answerOf = (outcome: Outcome, url: string): TokenAnswer => {
    const failure = failureOf(outcome, noTokenFrom(url));
    if (failure) return failure;
    const granted = grantedToken((outcome as Answered).body);
    return 'problem' in granted
      ? denied(noTokenFrom(url), granted.problem)
      : { kind: 'granted', url: place(url), ...granted };
  };

  /** What a token endpoint says of its refusal may repeat what it was sent. */
  const discreet = (answer: TokenAnswer, settings: OAuthSettings, said: string[]): TokenAnswer => {
    const secrets = [...credentialsOf(settings), ...said];
    if (answer.kind === 'granted') {
      return {
        ...answer,
        scope: answer.scope && masked(answer.scope, secrets).slice(0, MOST_SAID),
      };
    }
    // Masked before it is cut: half a secret would be no secret to the mask.
    return { ...answer, message: masked(answer.message, secrets).slice(0, MOST_SAID) };
  };

  /** Never rejects for what the other side does. */
  return async (settings: OAuthSettings): Promise<TokenAnswer> => {
    const url = settings.tokenUrl ?? (await discover(settings.authorityUrl as string, settings));
    if (typeof url !== 'string') return discreet(url, settings, []);
    const { outcome, credentials } = await ask(url, settings);
    const tokens = outcome.kind === 'answered' ? tokensIn(outcome.body) : [];
    return discreet(answerOf(outcome, url), settings, [credentials, ...tokens]);
  };
};

export type TokenCall = ReturnType<typeof createTokenCall>;
