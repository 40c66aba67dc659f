/** What it took to send one request with its credentials, and what came of it. */
import { sentence } from '../../contract/sentences';
import type { Outcome, Unsent } from '../http/outcome';
import type { OutgoingRequest } from '../request';

export type Conversation = {
  /** As it was sent last, credentials and all; without them where it was not sent. */
  request: OutgoingRequest;
  /** Its time is that of all calls together. */
  outcome: Outcome | Unsent;
  /** What came up on the way and must never be stored or shown, such as an access token. */
  secrets: string[];
};

export const unsentForAuth = (message: string, isFinal: boolean): Unsent => ({
  kind: 'unsent',
  reason: 'auth',
  message,
  isFinal,
  ms: 0,
});

export const isUnauthorized = (outcome: Outcome) =>
  outcome.kind === 'answered' && outcome.status === 401;

/** Of several calls within one deadline: what came of the last, with the time of all. */
export const whole = (
  outcome: Conversation['outcome'],
  { timeout, spent }: { timeout: number; spent: number },
): Conversation['outcome'] =>
  outcome.kind === 'failed' && outcome.reason === 'timeout'
    ? {
        ...outcome,
        ms: spent,
        message: sentence('answer-timeout-with-credentials', { timeout }),
      }
    : { ...outcome, ms: spent };
