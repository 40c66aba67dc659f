/** Sends a request with an access token; where it is refused, once more with a fresh one. Never without. */
import { sentence } from '../../contract/sentences';
import type { Failed } from '../http/outcome';
import type { Sender, SendOptions } from '../http/send.service';
import { withHeaders, type OutgoingRequest } from '../request';
import { isUnauthorized, unsentForAuth, whole, type Conversation } from './conversation';
import { deadlineOf, type Deadline } from './deadline.service';
import type { OAuthSettings } from './token-call.service';
import type { Tokens } from './tokens.service';

type Options = { sender: Sender; tokens: Tokens };
type Held = { token: string } | { outcome: Conversation['outcome'] };

const STOPPED: Failed = {
  kind: 'failed',
  reason: 'aborted',
  message: sentence('token-stopped'),
  ms: 0,
};

const withToken = (request: OutgoingRequest, prefix: string, token: string): OutgoingRequest => ({
  ...request,
  headers: withHeaders(request.headers, { authorization: `${prefix} ${token}` }),
});

export const createTokenSending = ({ sender, tokens }: Options) => {
  const held = async (
    settings: OAuthSettings,
    deadline: Deadline,
    signal: AbortSignal | undefined,
  ): Promise<Held> => {
    const answer = await deadline.race(tokens.get(settings), signal);
    if (answer === 'aborted') return { outcome: STOPPED };
    if (answer === 'late') {
      const message = sentence('token-too-late', { spent: deadline.spent() });
      return { outcome: unsentForAuth(message, false) };
    }
    return answer.kind === 'granted'
      ? { token: answer.value }
      : { outcome: unsentForAuth(answer.message, answer.isFinal) };
  };

  return async (
    request: OutgoingRequest,
    settings: OAuthSettings,
    options: SendOptions,
  ): Promise<Conversation> => {
    const deadline = deadlineOf(options.timeout);
    const secrets: string[] = [];
    const attempt = async (): Promise<Conversation> => {
      const holding = await held(settings, deadline, options.signal);
      if ('outcome' in holding) return { request, outcome: holding.outcome, secrets };
      secrets.push(holding.token);
      const sent = withToken(request, settings.headerPrefix, holding.token);
      const outcome = await sender.send(sent, { ...options, timeout: deadline.left() });
      if (isUnauthorized(outcome)) tokens.drop(settings, holding.token);
      return { request: sent, outcome, secrets };
    };
    const first = await attempt();
    const isRefused = first.outcome.kind !== 'unsent' && isUnauthorized(first.outcome);
    const last = isRefused ? await attempt() : first;
    const time = { timeout: options.timeout, spent: deadline.spent() };
    return { ...last, outcome: whole(last.outcome, time) };
  };
};
