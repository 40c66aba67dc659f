/** One attempt: makes the request, sends it, and returns the outcome. Never throws because of what a receiver does. */
import type { Core } from '@strapi/strapi';
import { sentence } from '../contract/sentences';
import type { RecordedRequest, RecordedResponse, Trigger } from '../contract/delivery';
import type { Actor, WebhookEvent } from '../contract/event';
import type { Format, Serialization } from '../contract/webhook';
import { boundTo, type AsSentTo } from '../match/matching';
import type { AuthorizedSending } from '../send/credentials/credentials.service';
import type { Cut, Outcome, Unsent } from '../send/http/outcome';
import type { NewAttempt } from '../store/outbox/rows';
import { bodyOf, contentTypeOf, type Serialized, requestOf } from '../send/request';
import { BODY_FORMATS, type Background } from '../send/formats/formats';
import { accountName } from '../send/formats/sitecore/values';
import { masked, maskedEnd } from '../send/mask';
import { maskedUrl } from '../store/secrets/webhook-secrets';
import type { ActiveWebhook } from '../match/active.service';
import type { Clock } from '../strapi/clock.service';
import { rowsOf } from '../strapi/database.service';
import { END_USER } from '../strapi/model/content-model';
import type { Schemas } from '../strapi/model/schema.service';
import type { Job } from './claims.service';
import type { Posted } from './record.service';
import { outcomeName, settle } from './settle';

/** The content and the receiver of an attempt. */
export type Message = {
  eventId: string;
  eventName: string;
  format: Format;
  serialization: Serialization;
  webhook: { id: string; name: string };
  /** Which attempt of which delivery this is, counted from 1; absent if somebody waits for the answer. */
  delivery?: { id: number; attempt: number; trigger: Trigger };
  /** The body that an earlier attempt sent; null for the first. */
  sentBody: string | null;
  /** Read only if there is no earlier body. */
  event(): WebhookEvent;
};

export type Tried = {
  outcome: Outcome | Unsent;
  request: RecordedRequest;
  at: number;
  /** Every text in it that must never be stored or shown. */
  secrets: readonly string[];
};

export type AttemptOptions = {
  signal?: AbortSignal;
  /** Milliseconds, and bytes of the answer; those of deliveries if not given. */
  timeout?: number;
  maxResponseBytes?: number;
};

export type Attempter = (
  webhook: ActiveWebhook,
  message: Message,
  options?: AttemptOptions,
) => Promise<Tried>;

type Options = {
  background: ReadBackground;
  asSentTo: AsSentTo;
  sending: AuthorizedSending;
  clock: Clock;
  version: string;
  limits: { timeout: number; maxBodyBytes: number; maxResponseBytes: number };
};

export const createAttempt =
  (options: Options): Attempter =>
  async (webhook, message, { signal, ...narrowed } = {}) => {
    const { sending, clock, version, limits } = options;
    const now = clock.now();
    const notSent = (outcome: Outcome | Unsent, body: string): Tried => ({
      outcome,
      request: { method: 'POST', url: webhook.target.url, headers: {}, body },
      at: clock.now(),
      secrets: webhook.secretValues,
    });
    const serialized = await serializedOf(message, webhook, options).catch(failedToMake);
    if ('kind' in serialized) return notSent(serialized, '');
    const problem = problemOf(webhook, serialized.body, limits.maxBodyBytes);
    if (problem) return notSent(problem, serialized.body);
    const request = requestOf({
      eventId: message.eventId,
      eventName: message.eventName,
      serialized,
      target: { ...webhook.target, format: message.format, secrets: webhook.signingSecrets(now) },
      now,
      version,
    });
    const sent = await sending.send(request, webhook.target.authorization, {
      timeout: narrowed.timeout ?? limits.timeout,
      maxResponseBytes: narrowed.maxResponseBytes ?? limits.maxResponseBytes,
      signal,
    });
    // The webhook's own list if nothing is added: the search patterns are cached by list.
    const secrets =
      sent.secrets.length === 0 ? webhook.secretValues : [...webhook.secretValues, ...sent.secrets];
    return { outcome: masking(sent.outcome, secrets), request: sent.request, at: now, secrets };
  };

async function serializedOf(
  message: Message,
  bound: ActiveWebhook,
  { background, asSentTo }: Pick<Options, 'background' | 'asSentTo'>,
): Promise<Serialized> {
  const { format, serialization, sentBody } = message;
  if (sentBody !== null) return { contentType: contentTypeOf(message), body: sentBody };
  const event = asSentTo(message.event(), bound);
  const known = BODY_FORMATS[format].needsBackground ? await background(event) : { model: null };
  const { kind } = bound;
  const webhook = { ...message.webhook, kind, on: boundTo(bound), format, serialization };
  return bodyOf({ event, webhook, ...known });
}

export type ReadBackground = ReturnType<typeof createBackground>;

/** Reads the facts that a body holds besides its event: the content type, the default locale, the actor's account. */
export const createBackground =
  (strapi: Core.Strapi, schemas: Schemas) =>
  async ({ uid, actor, account }: WebhookEvent): Promise<Background> => ({
    model: uid === null ? null : await schemas.infoOf(uid),
    defaultLocale: (await schemas.defaultLocale()) ?? undefined,
    account: account ?? accountName(actor, await knownName(strapi, actor)),
  });

type Account = { email?: string | null; username?: string | null } | null;

/** Undefined where the account was deleted meanwhile. */
async function knownName(strapi: Core.Strapi, { type, id }: Actor): Promise<string | undefined> {
  const find = async (uid: string, select: string[]): Promise<Account> =>
    id !== null && uid in strapi.contentTypes
      ? rowsOf<NonNullable<Account>>(strapi, uid).findOne({ where: { id }, select })
      : null;
  if (type === 'admin') {
    const account = await find('admin::user', ['email', 'username']);
    return account?.email ?? account?.username ?? undefined;
  }
  // Not the e-mail address: an end user's account has a unique name.
  const account = type === 'user' ? await find(END_USER, ['username']) : null;
  return account?.username ?? undefined;
}

/** A bug of ours, or an error of the database: retried like a broken connection, so that nothing waits unseen forever. */
function failedToMake(error: unknown): Outcome {
  return {
    kind: 'failed',
    reason: 'connection',
    message: sentence('request-not-made', {
      message: error instanceof Error ? error.message : String(error),
    }),
    ms: 0,
  };
}

function problemOf(webhook: ActiveWebhook, body: string, most: number): Unsent | null {
  const unsent = { kind: 'unsent', isFinal: true, ms: 0 } as const;
  if (webhook.unsendable !== null)
    return { ...unsent, reason: 'auth', message: webhook.unsendable };
  const bytes = Buffer.byteLength(body);
  if (bytes <= most) return null;
  return { ...unsent, reason: 'tooLarge', message: sentence('body-too-large', { bytes, most }) };
}

/** Its message is stored in several places: as a delivery's reason, an attempt's error, a validation's verdict. */
const masking = (outcome: Outcome | Unsent, secrets: readonly string[]): Outcome | Unsent =>
  outcome.kind === 'answered' ? outcome : { ...outcome, message: masked(outcome.message, secrets) };

type DeliveryContext = {
  attempt: Attempter;
  webhook: ActiveWebhook;
  schedule: readonly number[];
  signal: AbortSignal;
  now(): number;
};

/** Attempts a claimed delivery. `posted` is null if the attempt was aborted: then it never happened. */
export async function attemptDelivery(
  { row, message }: Job,
  { attempt, webhook, schedule, signal, now }: DeliveryContext,
): Promise<{ posted: Posted | null; ms: number }> {
  const tried = await attempt(webhook, message, { signal });
  const { outcome } = tried;
  const { ms } = outcome;
  if (outcome.kind === 'failed' && outcome.reason === 'aborted') return { posted: null, ms };
  const { settlement, parkUntil, disable } = settle({
    outcome,
    attemptCount: row.attempt_count,
    maxAttempts: webhook.maxAttempts,
    schedule,
    now: now(),
    random: random(),
  });
  const record = recordOf(tried, { trigger: row.trigger });
  return { posted: { row, attempt: record, settlement, parkUntil, disable }, ms };
}

/** In [0, 1), for jitter, which is no secret. */
export const random = Math.random;

/** The attempt as it is stored and shown: secrets are masked. */
export function recordOf(
  { outcome, request, at, secrets }: Tried,
  { trigger }: { trigger: Trigger },
): NewAttempt {
  const { method, url, headers, body } = request;
  return {
    at,
    durationMs: outcome.ms,
    outcome: outcomeName(outcome),
    trigger,
    // The body is not masked: it is the content, and later attempts send it as it is stored.
    request: { ...masked({ method, url: maskedUrl(url), headers }, secrets), body },
    response: responseOf(outcome, secrets),
    error: outcome.kind === 'answered' ? null : masked(outcome.message, secrets),
  };
}

/** Ends a recorded answer that is not complete. */
const REST: Record<Cut, string> = {
  size: '[the rest was not read]',
  deadline: '[the rest did not come in time]',
  connection: '[the connection broke off here]',
  stop: '[the rest was not waited for]',
};

function responseOf(
  outcome: Outcome | Unsent,
  secrets: readonly string[],
): RecordedResponse | null {
  if (outcome.kind !== 'answered') return null;
  const { status, headers, isTruncated, cutBy } = outcome;
  const body = masked(outcome.body, secrets);
  return {
    status,
    // As pairs, because a header's name may contain a secret too.
    headers: Object.fromEntries(masked(Object.entries(headers), secrets)),
    body: isTruncated ? `${maskedEnd(body, secrets)}\n${REST[cutBy ?? 'size']}` : body,
  };
}
