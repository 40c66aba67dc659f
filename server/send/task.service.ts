/**
 * Performs a task: makes the request of one attempt, sends it, and returns how it ended with its secrets masked. A task and
 * its result are plain data, so that another thread can do the work.
 */
import type { AuthorizationSettings } from '../contract/authorization';
import type { RecordedRequest, RecordedResponse } from '../contract/delivery';
import { sentence } from '../contract/sentences';
import type { Format, Serialization } from '../contract/webhook';
import { eventOf, type NewAttempt } from '../store/outbox/rows';
import { maskedUrl } from '../store/secrets/webhook-secrets';
import { createAuthorizedSending } from './credentials/credentials.service';
import type { SendingTools, TokenAnswer } from './credentials/kind';
import type { Background, BodyWebhook } from './formats/formats';
import { outcomeName, type Cut, type Outcome, type Unsent } from './http/outcome';
import { masked, maskedEnd } from './mask';
import { bodyOf, contentTypeOf, requestOf, type Serialized, type Target } from './request';

export type SendTask = {
  eventId: string;
  eventName: string;
  format: Format;
  serialization: Serialization;
  content: TaskContent;
  target: Omit<Target, 'secrets' | 'format'>;
  /** The secrets that sign now. */
  signingSecrets: readonly string[];
  /** Every text that must never be stored or shown. Tasks of one webhook share the list: its search patterns are kept by list. */
  secretValues: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
  /** Milliseconds. */
  timeout: number;
  maxBodyBytes: number;
  maxResponseBytes: number;
};

/** The body that an earlier attempt sent, or the stored text of the event and what a body holds besides it. */
export type TaskContent =
  { sentBody: string } | { event: string; webhook: BodyWebhook; background: Background };

/** An attempt as it is stored and shown. */
export type MadeAttempt = Omit<NewAttempt, 'trigger'>;

export type TaskResult = {
  /** Its message is masked. An answer is as it came. */
  outcome: Outcome | Unsent;
  attempt: MadeAttempt;
  /** Secrets that came up on the way, such as an access token. */
  secrets: string[];
};

/** The room `send` as the other rooms use it, in this thread or in another. */
export type Sending = {
  /** Never rejects. */
  run(task: SendTask, signal?: AbortSignal): Promise<TaskResult>;
  /** A new token; null if the kind needs none. */
  fetchToken(authorization: AuthorizationSettings): Promise<TokenAnswer | null>;
  /** Requests under way end as aborted. */
  close(): Promise<void>;
};

/** Sends in the thread that calls it. */
export function createSending(tools: SendingTools): Sending {
  const authorized = createAuthorizedSending(tools);
  const { sender, version } = tools;

  async function send(task: SendTask, signal?: AbortSignal): Promise<TaskResult> {
    const serialized = serializedOf(task);
    const { body } = serialized;
    const problem = sizeProblem(body, task.maxBodyBytes);
    if (problem) return resultOf(task, { outcome: problem, body });
    const { eventId, eventName, target, format, signingSecrets, now } = task;
    const signed = { ...target, format, secrets: [...signingSecrets] };
    const request = requestOf({ eventId, eventName, serialized, target: signed, now, version });
    const sent = await authorized.send(request, target.authorization, {
      timeout: task.timeout,
      maxResponseBytes: task.maxResponseBytes,
      signal,
    });
    return resultOf(task, { ...sent, body });
  }

  return {
    run: (task, signal) =>
      send(task, signal).catch((error) => resultOf(task, { outcome: notMade(error), body: '' })),
    fetchToken: async (authorization) => authorized.fetchToken(authorization),
    close: sender.close,
  };
}

function serializedOf({ content, format, serialization }: SendTask): Serialized {
  const written = { format, serialization };
  if ('sentBody' in content) return { contentType: contentTypeOf(written), body: content.sentBody };
  const { event, webhook, background } = content;
  return bodyOf({ event: eventOf(event), webhook: { ...webhook, ...written }, ...background });
}

/** An error that no code has foreseen. It is retried like a broken connection, so that nothing waits unseen forever. */
export function notMade(error: unknown): Outcome {
  const message = error instanceof Error ? error.message : String(error);
  return {
    kind: 'failed',
    reason: 'connection',
    message: sentence('request-not-made', { message }),
    ms: 0,
  };
}

function sizeProblem(body: string, most: number): Unsent | null {
  const bytes = Buffer.byteLength(body);
  if (bytes <= most) return null;
  const message = sentence('body-too-large', { bytes, most });
  return { kind: 'unsent', reason: 'tooLarge', message, isFinal: true, ms: 0 };
}

type Ended = {
  outcome: Outcome | Unsent;
  body: string;
  /** Absent if there was none. */
  request?: RecordedRequest;
  secrets?: string[];
};

/** The result of a task that ended so; without a request if none was sent. */
export function resultOf(
  task: Pick<SendTask, 'target' | 'secretValues' | 'now'>,
  { outcome, body, request, secrets = [] }: Ended,
): TaskResult {
  // The webhook's own list if nothing is added: the search patterns are kept by list.
  const all = secrets.length === 0 ? task.secretValues : [...task.secretValues, ...secrets];
  const sent = request ?? { method: 'POST', url: task.target.url, headers: {}, body };
  const shown = masking(outcome, all);
  return {
    outcome: shown,
    attempt: attemptOf(shown, { request: sent, at: task.now, all }),
    secrets,
  };
}

/** Its message is stored in several places: as a delivery's reason, an attempt's error, a validation's verdict. */
function masking(outcome: Outcome | Unsent, secrets: readonly string[]): Outcome | Unsent {
  if (outcome.kind === 'answered') return outcome;
  return { ...outcome, message: masked(outcome.message, secrets) };
}

type Sent = { request: RecordedRequest; at: number; all: readonly string[] };

function attemptOf(outcome: Outcome | Unsent, { request, at, all }: Sent): MadeAttempt {
  const { method, url, headers, body } = request;
  return {
    at,
    durationMs: outcome.ms,
    outcome: outcomeName(outcome),
    // The body is not masked: it is the content, and later attempts send it as it is stored.
    request: { ...masked({ method, url: maskedUrl(url), headers }, all), body },
    response: responseOf(outcome, all),
    error: outcome.kind === 'answered' ? null : outcome.message,
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
