/** "Check": really uses an authorization, now, and tells what came of it. */
import type { AuthorizedSending } from '../../send/credentials/authorized-sending.service';
import {
  unsentForAuth,
  deadlineOf,
  type Deadline,
} from '../../send/credentials/conversation.service';
import { eventId } from '../../store/outbox/events.service';
import type { EventTimes } from '../../store/outbox/events.service';
import type { AuthorizationCheck, AuthorizationSettings } from '../../contract/authorization';
import { MASK } from '../../contract/names';
import { recordOf } from '../../deliver/attempt.service';
import type { Clock } from '../../strapi/clock.service';
import { outcomeName } from '../../deliver/settle';
import { invalid } from '../../strapi/errors';
import type { Outcome, Unsent } from '../../send/http/outcome';
import { bodyOf, requestOf, type Target } from '../../send/request';
import { sampleEvent } from '../../send/sample-event';
import { secretsOf, destinationProblem } from '../../send/credentials/authorization';
import type { Active } from '../../match/active.service';
import type { RunTest } from '../webhooks/test-slots';
import type { Authorizations } from './authorizations.service';

type Options = {
  runTest: RunTest;
  authorizations: Pick<Authorizations, 'inTheClear'>;
  active: Pick<Active, 'one'>;
  sending: AuthorizedSending;
  clock: Clock;
  eventTime: EventTimes;
  version: string;
  limits: { timeout: number; maxResponseBytes: number };
};

const NEEDS_URL =
  'Enter a URL to try it with: no webhook uses this authorization yet, whose URL could be taken.';
const UNREADABLE =
  'Its secrets cannot be read with the encryption key of this server. Enter them again, or restore the key (ENCRYPTION_KEY) that they were stored with.';

const UNREADABLE_URL =
  'The URL of the webhook that uses it cannot be read with the encryption key of this server. Enter a URL to try it with.';
const TOO_LATE = 'No token had come when the time for one request (delivery.timeout) was over.';

const NONE = {
  ok: false,
  message: '',
  token: null,
  request: null,
  response: null,
};

const targetOf = (url: string, authorization: AuthorizationSettings): Target => ({
  url,
  headers: {},
  authorization,
  signing: 'none',
  secrets: [],
  format: 'standard',
});

const isOAuth = (settings: AuthorizationSettings) =>
  settings.kind === 'oauth2ClientCredentials' || settings.kind === 'oauth2Password';

const messageOf = (outcome: Outcome | Unsent, host: string): string => {
  if (outcome.kind !== 'answered') return outcome.message;
  const { status } = outcome;
  if (status === 401 || status === 403) {
    return `${host} answered ${status}: it did not accept these credentials.`;
  }
  return status >= 200 && status < 300
    ? `${host} answered ${status}.`
    : `${host} answered ${status}, which says nothing about the credentials: something else is wrong.`;
};

export const createTrying = (options: Options) => {
  const { runTest, authorizations, active, sending, clock, eventTime, version, limits } = options;

  const requestTo = (target: Target) => {
    const now = clock.now();
    const time = eventTime();
    const event = sampleEvent({ name: 'webhook.test', model: null, id: eventId(), time });
    const format = 'standard' as const;
    const webhook = {
      id: 'check',
      name: 'Check',
      kind: 'event' as const,
      on: null,
      format,
      serialization: 'json' as const,
    };
    const serialized = bodyOf({ event, webhook, model: null });
    return requestOf({
      eventId: event.id,
      eventName: event.name,
      serialized,
      target,
      now,
      version,
    });
  };

  const call = async (
    settings: AuthorizationSettings,
    url: string,
    deadline: Deadline,
  ): Promise<Omit<AuthorizationCheck, 'token' | 'durationMs'>> => {
    const target = targetOf(url, settings);
    const problem = destinationProblem(settings, url);
    const request = requestTo(target);
    const at = clock.now();
    const sent =
      problem === null
        ? await sending.send(request, settings, { ...limits, timeout: deadline.left() })
        : { request, outcome: unsentForAuth(problem, true), secrets: [] };
    const { outcome } = sent;
    const secrets = [...secretsOf({ target, secretHeaderValues: [] }), ...sent.secrets];
    const tried = { outcome, request: sent.request, at, secrets };
    const recorded = recordOf(tried, { trigger: 'test' });
    return {
      ok: outcomeName(outcome) === 'delivered',
      message: recorded.error ?? messageOf(outcome, new URL(url).host),
      request: recorded.request,
      response: recorded.response,
    };
  };

  const urlOf = async ([user]: { documentId: string }[]): Promise<string | null> =>
    user ? ((await active.one(user.documentId))?.target.url ?? null) : null;

  /** A fresh one, since one that is kept proves nothing of now; null where the kind needs none. */
  const tokenFor = async (settings: AuthorizationSettings, deadline: Deadline) => {
    if (!isOAuth(settings)) return null;
    const answer = await deadline.race(sending.tokens.fetch(settings));
    if (typeof answer === 'string') return { kind: 'denied' as const, message: TOO_LATE };
    if (answer.kind === 'denied') return answer;
    const { url, scope, expiresIn } = answer;
    const expiresAt =
      expiresIn === null ? null : new Date(clock.now() + expiresIn * 1000).toISOString();
    return { kind: 'granted' as const, url, scope, expiresAt };
  };

  const tried = async (
    id: string,
    asked: string | null,
    deadline: Deadline,
  ): Promise<Omit<AuthorizationCheck, 'durationMs'>> => {
    const { settings, users } = await authorizations.inTheClear(id);
    if (settings === null) return { ...NONE, message: UNREADABLE };
    const url = asked ?? (await urlOf(users));
    if (url?.includes(MASK)) return { ...NONE, message: UNREADABLE_URL };
    if (url === null && !isOAuth(settings)) throw invalid([{ path: ['url'], message: NEEDS_URL }]);
    const granted = await tokenFor(settings, deadline);
    if (granted?.kind === 'denied') return { ...NONE, message: granted.message };
    const token = granted && {
      url: granted.url,
      expiresAt: granted.expiresAt,
      scope: granted.scope,
    };
    if (url === null) {
      return { ...NONE, ok: true, message: `A token came from ${token?.url}.`, token };
    }
    return { ...(await call(settings, url, deadline)), token };
  };

  const check = async (id: string, asked: string | null): Promise<AuthorizationCheck> => {
    const deadline = deadlineOf(limits.timeout);
    const found = await tried(id, asked, deadline);
    return { ...found, durationMs: deadline.spent() };
  };

  /**
   * `asked`: where to; else to a webhook that uses it. Throws Strapi's NotFoundError and ValidationError, and a
   * RateLimitError where too many tests are running.
   */
  return (id: string, asked: string | null) => runTest(() => check(id, asked));
};

export type Trying = ReturnType<typeof createTrying>;
