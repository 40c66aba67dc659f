/** The list of the kinds of authorization, and the sending of a request with its credentials. */
import type {
  AuthorizationKind,
  AuthorizationSettings,
  SettingsOf,
} from '../../contract/authorization';
import { sentence } from '../../contract/sentences';
import {
  PRIVATE_KEY_PREFIX,
  SECRET_PREFIX,
  querySecrets,
} from '../../store/secrets/webhook-secrets';
import type { Problem } from '../../strapi/errors';
import type { SendOptions } from '../http/send.service';
import type { OutgoingRequest, Target } from '../request';
import { clientCertificate } from './client-certificate';
import { digest } from './digest.service';
import { apiKey, basic, bearer } from './headers';
import {
  unsentForAuth,
  type CheckTools,
  type Conversation,
  type CredentialKind,
  type CredentialSending,
  type SendingTools,
  type TokenAnswer,
} from './kind';
import { oauth } from './oauth.service';

const CREDENTIAL_KINDS: { [Kind in AuthorizationKind]: CredentialKind<SettingsOf<Kind>> } = {
  basic,
  digest,
  bearer,
  apiKey,
  oauth2ClientCredentials: oauth,
  oauth2Password: oauth,
  clientCertificate,
};

const kindOf = ({ kind }: AuthorizationSettings): CredentialKind => CREDENTIAL_KINDS[kind];

export type AuthorizedSending = ReturnType<typeof createAuthorizedSending>;

export function createAuthorizedSending(tools: SendingTools) {
  const sendings = new Map(
    Object.entries(CREDENTIAL_KINDS).map(([name, kind]) => [name, sendingOf(kind, tools)]),
  );
  const sendingFor = ({ kind }: AuthorizationSettings) => sendings.get(kind) as CredentialSending;

  return {
    /** Never rejects. `options.timeout` is the deadline of all calls together, that for a token included. */
    async send(
      request: OutgoingRequest,
      authorization: AuthorizationSettings | null,
      options: SendOptions,
    ): Promise<Conversation> {
      try {
        if (authorization === null)
          return { request, outcome: await tools.sender.send(request, options), secrets: [] };
        const deadline = deadlineOf(options.timeout);
        return await sendingFor(authorization).send(request, authorization, {
          ...options,
          deadline,
        });
      } catch (error) {
        // Credentials, or an answer of the other side, that no code above has foreseen.
        const { message } = error as Error;
        const outcome = unsentForAuth(sentence('credentials-unusable', { message }));
        return { request, outcome, secrets: [] };
      }
    },
    /** A new token; null if the kind needs none. */
    fetchToken: (authorization: AuthorizationSettings): Promise<TokenAnswer> | null =>
      sendingFor(authorization).fetchToken?.(authorization) ?? null,
  };
}

function sendingOf(kind: CredentialKind, tools: SendingTools): CredentialSending {
  if ('createSending' in kind) return kind.createSending(tools);
  return {
    async send(request, settings, options) {
      const sent = kind.authorize(request, settings);
      return { request: sent, outcome: await tools.sender.send(sent, options), secrets: [] };
    },
  };
}

/** The problems of an authorization that is saved, besides those of its schema. */
export async function credentialProblems(
  settings: AuthorizationSettings,
  tools: CheckTools,
): Promise<Problem[]> {
  return (await kindOf(settings).problemsOf?.(settings, tools)) ?? [];
}

/**
 * Every secret of a target that a receiver may repeat, each once, the longest first. They must stay out of all that is
 * stored and shown: attempts, errors, logs, answers of a test.
 */
export function secretsOf(input: { target: Target; secretHeaderValues: string[] }): string[] {
  const { authorization, secrets, url } = input.target;
  const all = [
    ...(authorization ? kindOf(authorization).secretsIn(authorization) : []),
    ...secrets.flatMap(signingForms),
    ...input.secretHeaderValues,
    ...querySecrets(url),
  ];
  const known = new Set(all.filter((secret) => secret !== ''));
  return [...known].sort((one, other) => other.length - one.length);
}

/** A signing secret without its prefix is still the key. */
function signingForms(secret: string): string[] {
  const prefix = [SECRET_PREFIX, PRIVATE_KEY_PREFIX].find((known) => secret.startsWith(known));
  return prefix === undefined ? [secret] : [secret, secret.slice(prefix.length)];
}

/**
 * Why an authorization may not be sent to this URL, in words for an administrator; null if it may. It goes only
 * to the hosts that its owner named.
 */
export function destinationProblem(
  settings: AuthorizationSettings,
  address: string,
): string | null {
  const { name, allowedHosts } = settings;
  const url = new URL(address);
  const host = plainHost(url.hostname);
  if (allowedHosts.length > 0 && !allowedHosts.some((allowed) => isHost(host, allowed)))
    return sentence('authorization-not-for-host', { name, host });
  return kindOf(settings).urlProblem?.(url) ?? null;
}

const plainHost = (host: string) =>
  host
    .toLowerCase()
    .replace(/\.+$/, '')
    .replace(/^\[(.*)\]$/, '$1');

const isHost = (host: string, allowed: string) =>
  allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === plainHost(allowed);

/** One deadline over several calls. */
export function deadlineOf(timeout: number) {
  const startedAt = performance.now();
  const spent = () => Math.round(performance.now() - startedAt);
  /** Never less than 1, with which a call ends at once. */
  const left = () => Math.max(1, timeout - spent());

  /** The value, unless the end of the time or the stop comes first. */
  function race<Value>(
    waited: Promise<Value>,
    signal?: AbortSignal,
  ): Promise<Value | 'late' | 'aborted'> {
    return new Promise((resolve, reject) => {
      const over = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
      };
      const end = (value: 'late' | 'aborted') => {
        over();
        resolve(value);
      };
      const stop = () => end('aborted');
      const timer = setTimeout(() => end('late'), left());
      signal?.addEventListener('abort', stop);
      waited.finally(over).then(resolve, reject);
      if (signal?.aborted) stop();
    });
  }

  /** The outcome of the last of several calls, with the time of all. */
  function whole(outcome: Conversation['outcome']): Conversation['outcome'] {
    const ms = spent();
    return outcome.kind === 'failed' && outcome.reason === 'timeout'
      ? { ...outcome, ms, message: sentence('answer-timeout-with-credentials', { timeout }) }
      : { ...outcome, ms };
  }

  return { left, spent, race, whole };
}

export type Deadline = ReturnType<typeof deadlineOf>;
