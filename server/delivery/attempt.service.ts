/** One attempt: makes the request, sends it, and says what came of it. Never throws for what a receiver does. */
import { randomBytes } from 'node:crypto';
import type { ContentTypeInfo } from '../contract/content-type';
import type { RecordedRequest, RecordedResponse, Trigger } from '../contract/delivery';
import type { WebhookEvent } from '../contract/event';
import type { Format, Serialization } from '../contract/webhook';
import type { Outcome } from '../network/outcome';
import type { Sender } from '../network/send.service';
import type { NewAttempt } from '../outbox/rows';
import { bodyOf, contentTypeOf, type Serialized } from '../request/body';
import { needsModel } from '../request/formats/tree-of';
import { masked, maskedEnd } from '../request/mask';
import type { OutgoingRequest } from '../request/outgoing-request';
import { requestOf } from '../request/request';
import type { ActiveWebhook } from '../webhooks/active';
import type { Clock } from './clock.service';
import { outcomeName, type Unsent } from './settle';

export type Letter = {
  eventId: string;
  eventName: string;
  format: Format;
  serialization: Serialization;
  webhook: { id: string; name: string };
  /** What an earlier attempt sent; null for the first. */
  sentBody: string | null;
  /** Read only where there is no earlier body. */
  event(): WebhookEvent;
  /** Asked only for a format that names things by their content type. */
  model(): Promise<ContentTypeInfo | null>;
};

export type Tried = {
  outcome: Outcome | Unsent;
  request: RecordedRequest;
  at: number;
};

type Options = {
  sender: Sender;
  clock: Clock;
  version: string;
  limits: { timeout: number; maxBodyBytes: number; maxResponseBytes: number };
};

const serializedOf = async (letter: Letter): Promise<Serialized> => {
  const { format, serialization, sentBody } = letter;
  if (sentBody !== null) return { contentType: contentTypeOf(serialization), body: sentBody };
  const model = needsModel(format) ? await letter.model() : null;
  const webhook = { ...letter.webhook, format, serialization };
  return bodyOf({ event: letter.event(), webhook, model });
};

const serializedOrError = (letter: Letter): Promise<Serialized | Error> =>
  serializedOf(letter).catch((error) =>
    error instanceof Error ? error : new Error(String(error)),
  );

/** A mistake of ours, or of the database: tried again like a broken line, so that nothing waits for ever unseen. */
const unmade = ({ message }: Error): Outcome => ({
  kind: 'failed',
  reason: 'connection',
  message: `The request could not be made: ${message}`,
  ms: 0,
});

const responseOf = (outcome: Outcome | Unsent, secrets: string[]): RecordedResponse | null => {
  if (outcome.kind !== 'answered') return null;
  const { status, headers, body } = outcome;
  // As pairs, because a secret may be echoed as a header's name too.
  const shown = Object.fromEntries(masked(Object.entries(headers), secrets));
  const response = { status, headers: shown, body: masked(body, secrets) };
  return outcome.isTruncated
    ? { ...response, body: `${maskedEnd(response.body, secrets)}\n[the rest was not read]` }
    : response;
};

/** As it is stored and shown: secrets masked, nothing left to mask later. */
export const recordOf = (
  tried: Tried,
  context: { trigger: Trigger; secrets: string[] },
): NewAttempt => ({
  at: tried.at,
  durationMs: tried.outcome.ms,
  outcome: outcomeName(tried.outcome),
  trigger: context.trigger,
  // The body is the content's, the same on every attempt, and is sent again as it is stored.
  request: {
    ...masked(
      { method: tried.request.method, url: tried.request.url, headers: tried.request.headers },
      context.secrets,
    ),
    body: tried.request.body,
  },
  response: responseOf(tried.outcome, context.secrets),
  error: tried.outcome.kind === 'answered' ? null : masked(tried.outcome.message, context.secrets),
});

export const createAttempt = ({ sender, clock, version, limits }: Options) => {
  const unsent = (reason: Unsent['reason'], message: string): Unsent => ({
    kind: 'unsent',
    reason,
    message,
    ms: 0,
  });

  const problemOf = (webhook: ActiveWebhook, body: string): Unsent | null => {
    if (webhook.unsendable !== null) return unsent('auth', webhook.unsendable);
    const bytes = Buffer.byteLength(body);
    if (bytes <= limits.maxBodyBytes) return null;
    return unsent(
      'tooLarge',
      `The body has ${bytes} bytes, and at most ${limits.maxBodyBytes} are sent. A developer can raise delivery.maxBodyBytes in config/plugins.`,
    );
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
  });

  return async (webhook: ActiveWebhook, letter: Letter, signal?: AbortSignal): Promise<Tried> => {
    const now = clock.now();
    const serialized = await serializedOrError(letter);
    if (serialized instanceof Error) return notSent(webhook, unmade(serialized), '');
    const problem = problemOf(webhook, serialized.body);
    if (problem) return notSent(webhook, problem, serialized.body);
    const request = requestFor(webhook, letter, { serialized, now });
    const outcome = await sender.send(request, {
      timeout: limits.timeout,
      maxResponseBytes: limits.maxResponseBytes,
      signal,
    });
    return { outcome, request, at: now };
  };
};

export type Attempter = ReturnType<typeof createAttempt>;

/** In [0, 1), for jitter. */
export const dice = () => randomBytes(4).readUInt32LE() / 2 ** 32;
