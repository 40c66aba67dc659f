/** One attempt: puts together what it sends, has it sent, and returns the outcome. Never throws because of what a receiver does. */
import type { Core } from '@strapi/strapi';
import type { Trigger } from '../contract/delivery';
import type { Actor, WebhookEvent } from '../contract/event';
import type { Format, Serialization } from '../contract/webhook';
import type { ActiveWebhook } from '../match/active.service';
import { boundTo, type AsSentTo, type MayHideUsers } from '../match/matching';
import { BODY_FORMATS, type Background } from '../send/formats/formats';
import { accountName } from '../send/formats/sitecore/values';
import type { Outcome, Unsent } from '../send/http/outcome';
import {
  notMade,
  resultOf,
  type MadeAttempt,
  type Sending,
  type SendTask,
  type TaskContent,
} from '../send/task.service';
import { jsonText } from '../store/json';
import type { Clock } from '../strapi/clock.service';
import { rowsOf } from '../strapi/database.service';
import { END_USER } from '../strapi/model/content-model';
import type { Schemas } from '../strapi/model/schema.service';
import type { Job } from './claims.service';
import type { Posted } from './record.service';
import { settle } from './settle';

/** An event, of which most attempts need the stored text only. */
export type EventText = {
  uid: string | null;
  name: string;
  /** Throw if the event is gone. */
  text(): string;
  parsed(): WebhookEvent;
};

/** The content and the receiver of an attempt. */
export type Message = {
  eventId: string;
  /** As receivers see it. */
  eventName: string;
  format: Format;
  serialization: Serialization;
  webhook: { id: string; name: string };
  /** Which attempt of which delivery this is, counted from 1; absent if somebody waits for the answer. */
  delivery?: { id: number; attempt: number; trigger: Trigger };
  /** The body that an earlier attempt sent; null for the first. */
  sentBody: string | null;
  /** Read only if there is no earlier body. */
  event: EventText;
};

export type Tried = {
  outcome: Outcome | Unsent;
  /** As it is stored and shown: secrets are masked. */
  attempt: MadeAttempt;
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
  mayHideUsers: MayHideUsers;
  sending: Sending;
  clock: Clock;
  limits: { timeout: number; maxBodyBytes: number; maxResponseBytes: number };
};

/** The message of an event that is at hand, for a call whose answer somebody waits for. */
export function messageOf(
  { id, name, format, serialization }: ActiveWebhook,
  event: WebhookEvent,
  eventName = event.name,
): Message {
  return {
    eventId: event.id,
    eventName,
    format,
    serialization,
    webhook: { id, name },
    sentBody: null,
    event: {
      uid: event.uid,
      name: event.name,
      text: () => jsonText(event),
      parsed: () => event,
    },
  };
}

export const createAttempt =
  (options: Options): Attempter =>
  async (webhook, message, { signal, ...narrowed } = {}) => {
    const { sending, clock, limits } = options;
    const { target, secretValues } = webhook;
    const now = clock.now();
    const endedWith = (outcome: Outcome | Unsent): Tried => {
      const body = message.sentBody ?? '';
      const ended = resultOf({ target, secretValues, now }, { outcome, body });
      return { ...ended, secrets: secretValues };
    };
    if (webhook.unsendable !== null) return endedWith(unsendable(webhook.unsendable));
    const content = await contentOf(message, webhook, options).catch(notMade);
    if ('kind' in content) return endedWith(content);
    const { eventId, eventName, format, serialization } = message;
    const task: SendTask = {
      ...{ eventId, eventName, format, serialization, content, target, secretValues, now },
      timeout: narrowed.timeout ?? limits.timeout,
      maxBodyBytes: limits.maxBodyBytes,
      maxResponseBytes: narrowed.maxResponseBytes ?? limits.maxResponseBytes,
      signingSecrets: webhook.signingSecrets(now),
    };
    const { outcome, attempt, secrets } = await sending.run(task, signal);
    const all = secrets.length === 0 ? secretValues : [...secretValues, ...secrets];
    return { outcome, attempt, secrets: all };
  };

function unsendable(message: string): Unsent {
  return { kind: 'unsent', reason: 'auth', message, isFinal: true, ms: 0 };
}

type ContentOptions = Pick<Options, 'background' | 'asSentTo' | 'mayHideUsers'>;

/** The event is read only if its body needs more than its text, or may not hold all of it. */
async function contentOf(
  { sentBody, event, webhook, format }: Message,
  bound: ActiveWebhook,
  { background, asSentTo, mayHideUsers }: ContentOptions,
): Promise<TaskContent> {
  if (sentBody !== null) return { sentBody };
  const named = { ...webhook, kind: bound.kind, on: boundTo(bound) };
  const { needsBackground } = BODY_FORMATS[format];
  if (!needsBackground && !mayHideUsers(event, bound))
    return { event: event.text(), webhook: named, background: { model: null } };
  const whole = event.parsed();
  const sent = asSentTo(whole, bound);
  return {
    event: sent === whole ? event.text() : jsonText(sent),
    webhook: named,
    background: needsBackground ? await background(sent) : { model: null },
  };
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
  const made = { ...tried.attempt, trigger: row.trigger };
  return { posted: { row, attempt: made, settlement, parkUntil, disable }, ms };
}

/** In [0, 1), for jitter, which is no secret. */
export const random = Math.random;
