/** The type of a kind of authorization, and what the kinds share. Pure. */
import { createHash } from 'node:crypto';
import type { AuthorizationSettings } from '../../contract/authorization';
import type { Problem } from '../../strapi/errors';
import type { Outcome, Unsent } from '../http/outcome';
import type { Sender, SendOptions } from '../http/send.service';
import { withHeaders, type OutgoingRequest } from '../request';
import type { Deadline } from './credentials.service';

/** One object for each kind; `credentials.service.ts` lists them. */
export type CredentialKind<Settings extends AuthorizationSettings = AuthorizationSettings> = {
  /** Every secret of the settings, and its forms that stand in a request. */
  secretsIn(settings: Settings): string[];
  /** Why they may not be sent to this URL, in words for an administrator; null if they may. */
  urlProblem?(url: URL): string | null;
  /** Problems that the schema cannot find, when settings are saved. A secret that cannot be read is masked. */
  problemsOf?(settings: Settings, tools: CheckTools): Promise<Problem[]>;
} & (
  | {
      /** The request with its credentials, which are known beforehand and win over headers of the same name. */
      authorize(request: OutgoingRequest, settings: Settings): OutgoingRequest;
    }
  | {
      /** The credentials need further calls, or a connection of their own. Called once in each process. */
      createSending(tools: SendingTools): CredentialSending<Settings>;
    }
);

export type CheckTools = {
  /** Milliseconds since 1970. */
  now: number;
  /** A message if the address may not be called; null if it may. */
  checkUrl(url: string): Promise<string | null>;
};

/**
 * `version`: this plugin's, sent to token endpoints. `timeout`: the deadline of one call for a token, in milliseconds. `clock`:
 * the database's, in milliseconds since 1970.
 */
export type SendingTools = {
  sender: Sender;
  clock: { now(): number };
  version: string;
  timeout: number;
};

export type CredentialSending<Settings extends AuthorizationSettings = AuthorizationSettings> = {
  send(
    request: OutgoingRequest,
    settings: Settings,
    options: SendOptions & { deadline: Deadline },
  ): Promise<Conversation>;
  /** Fetches a new token, for a check by an administrator. */
  fetchToken?(settings: Settings): Promise<TokenAnswer>;
};

/** A request together with the calls that its credentials need. */
export type Conversation = {
  /** The last one that was sent, with its credentials; without them if none was sent. */
  request: OutgoingRequest;
  /** Its time is that of all calls together. */
  outcome: Outcome | Unsent;
  /** Texts that must never be stored or shown, such as an access token that was fetched. */
  secrets: string[];
};

export type GrantedToken = {
  value: string;
  /** Seconds; null if the answer does not say. */
  expiresIn: number | null;
  scope: string | null;
};

export type TokenAnswer =
  | ({ kind: 'granted'; url: string } & GrantedToken)
  /** `isFinal`: a later call cannot end otherwise. Nothing secret is in the message. */
  | { kind: 'denied'; message: string; isFinal: boolean };

export const unsentForAuth = (message: string, isFinal = false, ms = 0): Unsent => ({
  kind: 'unsent',
  reason: 'auth',
  message,
  isFinal,
  ms,
});

export const isUnauthorized = (outcome: Conversation['outcome']) =>
  outcome.kind === 'answered' && outcome.status === 401;

export const withAuthorization = (
  request: OutgoingRequest,
  authorization: string,
): OutgoingRequest => ({ ...request, headers: withHeaders(request.headers, { authorization }) });

const MOST_REMEMBERED = 1000;

/** A map that forgets the value that was unused longest, so that it never grows without end. */
export function createMemory<Value>() {
  const values = new Map<string, Value>();
  const set = (key: string, value: Value): Value => {
    values.delete(key);
    values.set(key, value);
    if (values.size > MOST_REMEMBERED) values.delete(values.keys().next().value as string);
    return value;
  };
  const get = (key: string): Value | undefined => {
    const value = values.get(key);
    return value === undefined ? undefined : set(key, value);
  };
  return { get, set, forget: (key: string) => void values.delete(key) };
}

const knownKeys = new WeakMap<AuthorizationSettings, string>();

/**
 * The key under which something is remembered for credentials: edited ones have another. A hash, so that no memory is
 * searched by a secret. Names, notes and hosts change nothing.
 */
export function settingsKeyOf(settings: AuthorizationSettings): string {
  const known = knownKeys.get(settings);
  if (known !== undefined) return known;
  const { name: _name, description: _description, allowedHosts: _hosts, ...rest } = settings;
  const key = createHash('sha256').update(JSON.stringify(rest)).digest('base64');
  knownKeys.set(settings, key);
  return key;
}
