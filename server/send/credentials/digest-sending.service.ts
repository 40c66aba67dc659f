/** Sends a request with digest authentication: answers the challenge, and uses its nonce again until it is stale. */
import { randomBytes } from 'node:crypto';
import type { SettingsOf } from '../../contract/authorization';
import type { Answered, Outcome } from '../http/outcome';
import type { Sender, SendOptions } from '../http/send.service';
import { digestAnswer, digestChallengeOf, nextNonceOf, type DigestChallenge } from './digest';
import { withHeaders, type OutgoingRequest } from '../request';
import { isUnauthorized, unsentForAuth, whole, type Conversation } from './conversation';
import { deadlineOf } from './deadline.service';
import { createMemory } from './memory';
import { keyOf } from './settings-key';

type DigestSettings = SettingsOf<'digest'>;
/**
 * One client nonce for all uses of a nonce: of `-sess`, the key is made of the first one (RFC 7616, 3.4.2), and a server
 * that keeps to that would refuse the second use with another.
 */
type Session = { challenge: DigestChallenge; count: number; cnonce: string };

const newSession = (challenge: DigestChallenge): Session => ({
  challenge,
  count: 0,
  cnonce: randomBytes(16).toString('hex'),
});

/** With a nonce that is forgotten, its successor, and one more where that went stale meanwhile. */
const MOST_CALLS = 3;

const headerOf = (outcome: Outcome, name: string) => (outcome as Answered).headers[name];

/** The next use of a nonce; each has a number of its own (RFC 7616, 3.4). */
const authorized = (request: OutgoingRequest, settings: DigestSettings, session: Session) => {
  session.count += 1;
  const { value, secret } = digestAnswer({
    challenge: session.challenge,
    credentials: settings,
    request,
    count: session.count,
    cnonce: session.cnonce,
  });
  const headers = withHeaders(request.headers, { authorization: value });
  return { sent: { ...request, headers }, secret };
};

export const createDigestSending = ({ sender }: { sender: Sender }) => {
  const sessions = createMemory<Session>();

  /** A server may give the same nonce to several who ask at once: they count on together (RFC 7616, 3.4). */
  const begin = (key: string, challenge: DigestChallenge): Session => {
    const known = sessions.get(key);
    return known?.challenge.nonce === challenge.nonce
      ? known
      : sessions.set(key, newSession(challenge));
  };

  /** What another request has learnt meanwhile stays. */
  const forget = (key: string, session: Session | undefined): void => {
    if (session && sessions.get(key) === session) sessions.forget(key);
  };

  const learn = (key: string, session: Session, outcome: Outcome) => {
    if (outcome.kind !== 'answered') return;
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
    const key = `${keyOf(settings)} ${new URL(request.url).origin}`;
    const secrets: string[] = [];
    let session = sessions.get(key);
    let isFresh = false;
    for (let calls = 1; ; calls += 1) {
      const used = session && authorized(request, settings, session);
      if (used) secrets.push(used.secret);
      const sent = used?.sent ?? request;
      const outcome = await sender.send(sent, { ...options, timeout: deadline.left() });
      const time = { timeout: options.timeout, spent: deadline.spent() };
      const ended = {
        request: sent,
        outcome: calls === 1 ? outcome : whole(outcome, time),
        secrets,
      };
      if (!isUnauthorized(outcome)) {
        if (session) learn(key, session, outcome);
        return ended;
      }
      const challenge = digestChallengeOf(headerOf(outcome, 'www-authenticate'));
      if ('problem' in challenge) {
        return {
          ...ended,
          outcome: { ...unsentForAuth(challenge.problem, false), ms: deadline.spent() },
        };
      }
      if (calls === MOST_CALLS || (isFresh && !challenge.isStale)) {
        forget(key, session);
        return ended;
      }
      session = begin(key, challenge);
      isFresh = true;
    }
  };
};
