/** "Check": uses an authorization now, and shows the result. */
import type {
  AuthorizationCheck as Result,
  AuthorizationSettings,
} from '../../contract/authorization';
import { MASK } from '../../contract/names';
import { recordOf } from '../../deliver/attempt.service';
import { outcomeName } from '../../deliver/settle';
import type { Active } from '../../match/active.service';
import {
  deadlineOf,
  destinationProblem,
  secretsOf,
  type AuthorizedSending,
  type Deadline,
} from '../../send/credentials/credentials.service';
import { unsentForAuth, type TokenAnswer } from '../../send/credentials/kind';
import type { Outcome, Unsent } from '../../send/http/outcome';
import { bodyOf, requestOf, type Target } from '../../send/request';
import { sampleEvent } from '../../send/sample-event';
import { eventId, type EventTimes } from '../../store/outbox/events.service';
import type { Clock } from '../../strapi/clock.service';
import { invalid, problem } from '../../strapi/errors';
import type { RunTest } from '../webhooks/test.service';
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

const UNREADABLE =
  'Its secrets cannot be read with the encryption key of this server. Enter them again, or restore the key (ENCRYPTION_KEY) that they were stored with.';
const UNREADABLE_URL =
  'The URL of the webhook that uses it cannot be read with the encryption key of this server. Enter a URL to try it with.';
const TOO_LATE = 'No token had come when the time for one request (delivery.timeout) was over.';

const NONE = { ok: false, message: '', token: null, request: null, response: null };

export const createAuthorizationCheck = (options: Options) => {
  const { runTest, authorizations, active, sending, clock, eventTime, version, limits } = options;

  /** `wantedUrl`: null means the URL of a webhook that uses the authorization. */
  async function check(id: string, wantedUrl: string | null): Promise<Result> {
    const deadline = deadlineOf(limits.timeout);
    const found = await use(id, wantedUrl, deadline);
    return { ...found, durationMs: deadline.spent() };
  }

  async function use(
    id: string,
    wantedUrl: string | null,
    deadline: Deadline,
  ): Promise<Omit<Result, 'durationMs'>> {
    const { settings, users } = await authorizations.inTheClear(id);
    if (settings === null) return { ...NONE, message: UNREADABLE };
    const url = wantedUrl ?? (await urlOf(users));
    if (url?.includes(MASK)) return { ...NONE, message: UNREADABLE_URL };
    // A new one, since a kept token proves nothing about now; null if the kind needs none.
    const fetching = sending.fetchToken(settings);
    if (url === null && fetching === null)
      throw invalid([problem(['url'], 'authorization-check-needs-url')]);
    const answer = fetching && (await deadline.race(fetching));
    if (typeof answer === 'string') return { ...NONE, message: TOO_LATE };
    if (answer?.kind === 'denied') return { ...NONE, message: answer.message };
    const token = answer && shownToken(answer);
    if (url === null)
      return { ...NONE, ok: true, message: `A token came from ${token?.url}.`, token };
    return { ...(await call(settings, url, deadline)), token };
  }

  async function urlOf([user]: { documentId: string }[]): Promise<string | null> {
    return user ? ((await active.one(user.documentId))?.target.url ?? null) : null;
  }

  function shownToken({ url, scope, expiresIn }: Extract<TokenAnswer, { kind: 'granted' }>) {
    const expiresAt =
      expiresIn === null ? null : new Date(clock.now() + expiresIn * 1000).toISOString();
    return { url, expiresAt, scope };
  }

  async function call(
    settings: AuthorizationSettings,
    url: string,
    deadline: Deadline,
  ): Promise<Omit<Result, 'token' | 'durationMs'>> {
    const target: Target = {
      ...{ url, headers: {}, authorization: settings },
      ...{ signing: 'none', secrets: [], format: 'standard' },
    };
    const mismatch = destinationProblem(settings, url);
    const request = requestTo(target);
    const at = clock.now();
    const sent =
      mismatch === null
        ? await sending.send(request, settings, { ...limits, timeout: deadline.left() })
        : { request, outcome: unsentForAuth(mismatch, true), secrets: [] };
    const { outcome } = sent;
    const secrets = [...secretsOf({ target, secretHeaderValues: [] }), ...sent.secrets];
    const recorded = recordOf({ outcome, request: sent.request, at, secrets }, { trigger: 'test' });
    return {
      ok: outcomeName(outcome) === 'delivered',
      message: recorded.error ?? messageOf(outcome, new URL(url).host),
      request: recorded.request,
      response: recorded.response,
    };
  }

  function requestTo(target: Target) {
    const now = clock.now();
    const id = eventId();
    const event = sampleEvent({ name: 'webhook.test', model: null, id, time: eventTime() });
    const webhook = {
      id: 'check',
      name: 'Check',
      kind: 'event' as const,
      on: null,
      format: 'standard' as const,
      serialization: 'json' as const,
    };
    const serialized = bodyOf({ event, webhook, model: null });
    return requestOf({ eventId: id, eventName: event.name, serialized, target, now, version });
  }

  return (id: string, wantedUrl: string | null) => runTest(() => check(id, wantedUrl));
};

export type AuthorizationCheck = ReturnType<typeof createAuthorizationCheck>;

function messageOf(outcome: Outcome | Unsent, host: string): string {
  if (outcome.kind !== 'answered') return outcome.message;
  const { status } = outcome;
  if (status === 401 || status === 403)
    return `${host} answered ${status}: it did not accept these credentials.`;
  return status >= 200 && status < 300
    ? `${host} answered ${status}.`
    : `${host} answered ${status}, which says nothing about the credentials: something else is wrong.`;
}
