/** "Check": uses an authorization now, and shows the result. */
import type {
  AuthorizationCheck as Result,
  AuthorizationSettings,
} from '../../contract/authorization';
import { MASK } from '../../contract/names';
import type { Active } from '../../match/active.service';
import {
  deadlineOf,
  destinationProblem,
  secretsOf,
  type Deadline,
} from '../../send/credentials/credentials.service';
import { unsentForAuth, type TokenAnswer } from '../../send/credentials/kind';
import type { Outcome, Unsent } from '../../send/http/outcome';
import { sampleEvent } from '../../send/sample-event';
import { resultOf, type Sending, type SendTask } from '../../send/task.service';
import { jsonText } from '../../store/json';
import { eventId, type EventTimes } from '../../store/outbox/events.service';
import type { Clock } from '../../strapi/clock.service';
import { invalid, problem } from '../../strapi/errors';
import type { RunTest } from '../webhooks/test.service';
import type { Authorizations } from './authorizations.service';

type Options = {
  runTest: RunTest;
  authorizations: Pick<Authorizations, 'inTheClear'>;
  active: Pick<Active, 'one'>;
  sending: Sending;
  clock: Clock;
  eventTime: EventTimes;
  limits: { timeout: number; maxBodyBytes: number; maxResponseBytes: number };
};

const UNREADABLE =
  'Its secrets cannot be read with the encryption key of this server. Enter them again, or restore the key (ENCRYPTION_KEY) that they were stored with.';
const UNREADABLE_URL =
  'The URL of the webhook that uses it cannot be read with the encryption key of this server. Enter a URL to try it with.';
const TOO_LATE = 'No token had come when the time for one request (delivery.timeout) was over.';

const NONE = { ok: false, message: '', token: null, request: null, response: null };

export const createAuthorizationCheck = (options: Options) => {
  const { runTest, authorizations, active, sending, clock, eventTime, limits } = options;

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
    const answer = await deadline.race(sending.fetchToken(settings));
    if (typeof answer === 'string') return { ...NONE, message: TOO_LATE };
    if (url === null && answer === null)
      throw invalid([problem(['url'], 'authorization-check-needs-url')]);
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
    const task = taskFor(settings, url, deadline.left());
    const mismatch = destinationProblem(settings, url);
    const { outcome, attempt } =
      mismatch === null
        ? await sending.run(task)
        : resultOf(task, { outcome: unsentForAuth(mismatch, true), body: '' });
    return {
      ok: attempt.outcome === 'delivered',
      message: attempt.error ?? messageOf(outcome, new URL(url).host),
      request: attempt.request,
      response: attempt.response,
    };
  }

  /** An unsigned sample event. */
  function taskFor(authorization: AuthorizationSettings, url: string, timeout: number): SendTask {
    const id = eventId();
    const event = sampleEvent({ name: 'webhook.test', model: null, id, time: eventTime() });
    const webhook = { id: 'check', name: 'Check', kind: 'event', on: null } as const;
    const target = { url, headers: {}, authorization, signing: 'none' } as const;
    return {
      ...{ eventId: id, eventName: event.name, format: 'standard', serialization: 'json', target },
      content: { event: jsonText(event), webhook, background: { model: null } },
      signingSecrets: [],
      secretValues: secretsOf({
        target: { ...target, secrets: [], format: 'standard' },
        secretHeaderValues: [],
      }),
      maxBodyBytes: limits.maxBodyBytes,
      maxResponseBytes: limits.maxResponseBytes,
      ...{ now: clock.now(), timeout },
    };
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
