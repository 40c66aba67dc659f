/** Sends a request with digest authentication: answers the challenge, and uses its nonce again until it is stale. */
import { randomBytes } from 'node:crypto';
import type { SettingsOf } from '../../contract/authorization';
import type { Outcome } from '../http/outcome';
import type { Sender, SendOptions } from '../http/send.service';
import type { OutgoingRequest } from '../request';
import { withAuthorization } from './headers';
import {
  createMemory,
  deadlineOf,
  isUnauthorized,
  settingsKeyOf,
  unsentForAuth,
  wholeOutcome,
  type Conversation,
} from './kind';
import { digestAnswer, digestChallengeOf, nextNonceOf, type DigestChallenge } from './digest';

type DigestSettings = SettingsOf<'digest'>;

/**
 * One client nonce for all uses of a nonce: with `-sess`, the key is made of the first one (RFC 7616, 3.4.2), and a
 * server that keeps to that would refuse the second use with another.
 */
type Session = { challenge: DigestChallenge; count: number; cnonce: string };

/** The call with a nonce that the server forgot, the one with its successor, and one more if that became stale meanwhile. */
const MOST_CALLS = 3;

export function createDigestSending({ sender }: { sender: Sender }) {
  const sessions = createMemory<Session>();

  /** A server may give several requests the same nonce: they count on together (RFC 7616, 3.4). */
  const begin = (key: string, challenge: DigestChallenge): Session => {
    const known = sessions.get(key);
    return known?.challenge.nonce === challenge.nonce
      ? known
      : sessions.set(key, { challenge, count: 0, cnonce: randomBytes(16).toString('hex') });
  };

  /** A session that another request has begun meanwhile stays. */
  const forget = (key: string, session: Session | undefined): void => {
    if (session && sessions.get(key) === session) sessions.forget(key);
  };

  const learnNextNonce = (key: string, session: Session, outcome: Outcome) => {
    const nonce = nextNonceOf(headerOf(outcome, 'authentication-info'));
    if (nonce !== null) begin(key, { ...session.challenge, nonce });
  };

  return async (
    request: OutgoingRequest,
    settings: DigestSettings,
    options: SendOptions,
  ): Promise<Conversation> => {
    const deadline = deadlineOf(options.timeout);
    // The same user may have another password elsewhere, and a nonce is one server's.
    const key = `${settingsKeyOf(settings)} ${new URL(request.url).origin}`;
    const secrets: string[] = [];
    let session = sessions.get(key);
    let isFresh = false;
    for (let calls = 1; ; calls += 1) {
      const used = session && authorized(request, settings, session);
      if (used) secrets.push(used.secret);
      const sent = used?.sent ?? request;
      const outcome = await sender.send(sent, { ...options, timeout: deadline.left() });
      const time = { timeout: options.timeout, spent: deadline.spent() };
      const whole = calls === 1 ? outcome : wholeOutcome(outcome, time);
      const ended = { request: sent, outcome: whole, secrets };
      if (!isUnauthorized(outcome)) {
        if (session) learnNextNonce(key, session, outcome);
        return ended;
      }
      const challenge = digestChallengeOf(headerOf(outcome, 'www-authenticate'));
      if ('problem' in challenge) {
        const unsent = unsentForAuth(challenge.problem, false);
        return { ...ended, outcome: { ...unsent, ms: deadline.spent() } };
      }
      if (calls === MOST_CALLS || (isFresh && !challenge.isStale)) {
        forget(key, session);
        return ended;
      }
      session = begin(key, challenge);
      isFresh = true;
    }
  };
}

/** The next use of a nonce; each has a number of its own (RFC 7616, 3.4). */
function authorized(request: OutgoingRequest, settings: DigestSettings, session: Session) {
  session.count += 1;
  const { value, secret } = digestAnswer({ ...session, credentials: settings, request });
  return { sent: withAuthorization(request, value), secret };
}

const headerOf = (outcome: Outcome, name: string): string | undefined =>
  outcome.kind === 'answered' ? outcome.headers[name] : undefined;
