/** Reads what a token endpoint answers (RFC 6749, 5), and says how long a token may be used. Pure. */
import { sentence } from '../../contract/sentences';
import { contradicted, jsonMembers, Members } from '../http/answer';

export type GrantedToken = {
  value: string;
  /** Seconds; null if it was not said. */
  expiresIn: number | null;
  scope: string | null;
};

const recordOf = (body: string): Record<string, unknown> | null => {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
};

const textOf = (value: unknown) => (typeof value === 'string' ? value : null);

/** Ten years: "for ever" is said by numbers that no date can hold. */
const LONGEST_SECONDS = 10 * 365 * 86_400;

/** Some servers write the number as text. */
const secondsOf = (value: unknown): number | null => {
  const seconds = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || Number.isNaN(seconds) || seconds < 0) return null;
  return Math.min(seconds, LONGEST_SECONDS);
};

/** What a header can carry (RFC 9110, 5.5); a token with a line break would be somebody's attack. */
const CARRIED = /^[\x21-\x7e]+$/;

/** The token of a 2xx answer, or why there is none. The sentence holds nothing of the answer. */
export const grantedToken = (body: string): GrantedToken | { problem: string } => {
  const answer = recordOf(body);
  if (!answer) return { problem: sentence('token-no-json') };
  const name = contradicted(body, ['access_token', 'expires_in', 'scope']);
  if (name !== null) return { problem: sentence('token-contradictory', { name }) };
  const value = textOf(answer.access_token);
  if (!value) return { problem: sentence('token-missing') };
  if (!CARRIED.test(value)) {
    return { problem: sentence('token-not-a-header') };
  }
  return { value, expiresIn: secondsOf(answer.expires_in), scope: textOf(answer.scope) };
};

const CREDENTIALS = ['access_token', 'refresh_token', 'id_token', 'device_secret'];

/** Everything in an answer that is a credential, whatever became of it; also where one stands there twice. */
export const tokensIn = (body: string): string[] => {
  const answer = jsonMembers(body);
  if (!(answer instanceof Members)) return [];
  return CREDENTIALS.flatMap((name) => answer.all(name).flatMap((value) => textOf(value) || []));
};

/**
 * `invalid_client: The secret has expired.` of an answer that is an error (RFC 6749, 5.2), in one line but as long as
 * it is; null where it names none.
 */
export const errorIn = (body: string): string | null => {
  const answer = recordOf(body) ?? {};
  const parts = [textOf(answer.error), textOf(answer.error_description)].filter(Boolean);
  const text = parts.join(': ').replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ');
  return text === '' ? null : text;
};

const UNSAID_SECONDS = 300;
const LEAST_MARGIN_SECONDS = 30;

/**
 * Until when (ms) a token is used: 30 seconds or a tenth of its life before it ends, whichever is more, but never for
 * less than half of it. One whose end was not said is good for five minutes.
 */
export const usableUntil = (expiresIn: number | null, now: number): number => {
  const life = expiresIn ?? UNSAID_SECONDS;
  const margin = Math.min(Math.max(LEAST_MARGIN_SECONDS, life / 10), life / 2);
  return now + (life - margin) * 1000;
};
