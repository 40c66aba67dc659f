/** One attempt: makes the request, sends it, and says what came of it. Never throws for what a receiver does. */
import { sentence } from '../contract/sentences';
import type { RecordedRequest, RecordedResponse, Trigger } from '../contract/delivery';
import type { WebhookEvent } from '../contract/event';
import type { Format, Serialization } from '../contract/webhook';
import { boundTo } from '../match/binding';
import type { AuthorizedSending } from '../send/credentials/authorized-sending.service';
import type { Cut, Outcome, Unsent } from '../send/http/outcome';
import type { NewAttempt } from '../store/outbox/rows';
import type { ReadBackground } from '../send/background.service';
import { bodyOf, contentTypeOf, type Serialized, requestOf } from '../send/request';
import type { AsSentTo } from '../match/as-sent-to';
import { BODY_FORMATS } from '../send/formats/formats';
import { masked, maskedEnd } from '../send/mask';
import type { OutgoingRequest } from '../send/request';
import { maskedUrl } from '../store/secrets/webhook-secrets';
import type { ActiveWebhook } from '../match/active';
import type { Clock } from '../strapi/clock.service';
import { outcomeName } from './settle';

export type Letter = {
  eventId: string;
  eventName: string;
  format: Format;
  serialization: Serialization;
  webhook: { id: string; name: string };
  /** Which of its attempts this is, from 1; absent where somebody waits for the answer. */
  delivery?: { id: number; attempt: number; trigger: Trigger };
  /** What an earlier attempt sent; null for the first. */
  sentBody: string | null;
  /** Read only where there is no earlier body. */
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
  /** Milliseconds, and bytes of the answer; those of the deliveries if not given. */
  timeout?: number;
  maxResponseBytes?: number;
};

type Options = {
  background: ReadBackground;
  asSentTo: AsSentTo;
  sending: AuthorizedSending;
  clock: Clock;
  version: string;
  limits: { timeout: number; maxBodyBytes: number; maxResponseBytes: number };
};

type Bound = { bound: ActiveWebhook } & Pick<Options, 'background' | 'asSentTo'>;

const serializedOf = async (
  letter: Letter,
  { bound, background, asSentTo }: Bound,
): Promise<Serialized> => {
  const { format, serialization, sentBody } = letter;
  if (sentBody !== null) return { contentType: contentTypeOf(letter), body: sentBody };
  const event = asSentTo(letter.event(), bound);
  const known = BODY_FORMATS[format].needsBackground ? await background(event) : { model: null };
  const webhook = {
    ...letter.webhook,
    kind: bound.kind,
    on: boundTo(bound),
    format,
    serialization,
  };
  return bodyOf({ event, webhook, ...known });
};

const serializedOrError = (letter: Letter, bound: Bound): Promise<Serialized | Error> =>
  serializedOf(letter, bound).catch((error) =>
    error instanceof Error ? error : new Error(String(error)),
  );

/** A mistake of ours, or of the database: tried again like a broken line, so that nothing waits for ever unseen. */
const unmade = ({ message }: Error): Outcome => ({
  kind: 'failed',
  reason: 'connection',
  message: sentence('request-not-made', { message }),
  ms: 0,
});

/** Stands at the end of a recorded answer that is not whole. */
const REST: Record<Cut, string> = {
  size: '[the rest was not read]',
  deadline: '[the rest did not come in time]',
  connection: '[the connection broke off here]',
  stop: '[the rest was not waited for]',
};

const responseOf = (
  outcome: Outcome | Unsent,
  secrets: readonly string[],
): RecordedResponse | null => {
  if (outcome.kind !== 'answered') return null;
  const { status, headers, body } = outcome;
  // As pairs, because a secret may be echoed as a header's name too.
  const shown = Object.fromEntries(masked(Object.entries(headers), secrets));
  const response = { status, headers: shown, body: masked(body, secrets) };
  return outcome.isTruncated
    ? {
        ...response,
        body: `${maskedEnd(response.body, secrets)}\n${REST[outcome.cutBy ?? 'size']}`,
      }
    : response;
};

/** As it is stored and shown: secrets masked, nothing left to mask later. */
export const recordOf = (tried: Tried, context: { trigger: Trigger }): NewAttempt => ({
  at: tried.at,
  durationMs: tried.outcome.ms,
  outcome: outcomeName(tried.outcome),
  trigger: context.trigger,
  // The body is the content's, the same on every attempt, and is sent again as it is stored.
  request: {
    ...masked(
      {
        method: tried.request.method,
        url: maskedUrl(tried.request.url),
        headers: tried.request.headers,
      },
      tried.secrets,
    ),
    body: tried.request.body,
  },
  response: responseOf(tried.outcome, tried.secrets),
  error: tried.outcome.kind === 'answered' ? null : masked(tried.outcome.message, tried.secrets),
});

/** Its message is stored in several places: as a delivery's reason, as an attempt's error, in a validation's verdict. */
const discreet = (outcome: Outcome | Unsent, secrets: readonly string[]): Outcome | Unsent =>
  outcome.kind === 'answered' ? outcome : { ...outcome, message: masked(outcome.message, secrets) };

export const createAttempt = (options: Options) => {
  const { sending, clock, version, limits } = options;
  const unsent = (reason: Unsent['reason'], message: string): Unsent => ({
    kind: 'unsent',
    reason,
    message,
    isFinal: true,
    ms: 0,
  });

  const problemOf = (webhook: ActiveWebhook, body: string): Unsent | null => {
    if (webhook.unsendable !== null) return unsent('auth', webhook.unsendable);
    const bytes = Buffer.byteLength(body);
    if (bytes <= limits.maxBodyBytes) return null;
    return unsent('tooLarge', sentence('body-too-large', { bytes, most: limits.maxBodyBytes }));
  };

  const requestFor = (
    webhook: ActiveWebhook,
    letter: Letter,
    context: { serialized: Serialized; now: number },
  ): OutgoingRequest =>
    requestOf({
      eventId: letter.eventId,
      eventName: letter.eventName,
      serialized: context.serialized,
      target: {
        ...webhook.target,
        format: letter.format,
        secrets: webhook.signingSecrets(context.now),
      },
      now: context.now,
      version,
    });

  const notSent = (webhook: ActiveWebhook, outcome: Outcome | Unsent, body: string): Tried => ({
    outcome,
    request: { method: 'POST', url: webhook.target.url, headers: {}, body },
    at: clock.now(),
    secrets: webhook.secretValues,
  });

  return async (
    webhook: ActiveWebhook,
    letter: Letter,
    { signal, ...narrowed }: AttemptOptions = {},
  ): Promise<Tried> => {
    const now = clock.now();
    const serialized = await serializedOrError(letter, { ...options, bound: webhook });
    if (serialized instanceof Error) return notSent(webhook, unmade(serialized), '');
    const problem = problemOf(webhook, serialized.body);
    if (problem) return notSent(webhook, problem, serialized.body);
    const request = requestFor(webhook, letter, { serialized, now });
    const sent = await sending.send(request, webhook.target.authorization, {
      timeout: narrowed.timeout ?? limits.timeout,
      maxResponseBytes: narrowed.maxResponseBytes ?? limits.maxResponseBytes,
      signal,
    });
    // The webhook's own list, where nothing is added: what is looked for is made once for each list.
    const secrets =
      sent.secrets.length === 0 ? webhook.secretValues : [...webhook.secretValues, ...sent.secrets];
    return { outcome: discreet(sent.outcome, secrets), request: sent.request, at: now, secrets };
  };
};

export type Attempter = ReturnType<typeof createAttempt>;

/** In [0, 1), for jitter, which is no secret. */
export const dice = Math.random;
