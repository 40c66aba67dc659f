/** What a validation endpoint answered: yes, no, or nothing that counts as either. */
import type { FieldMessage } from '../../contract/verdict';
import type { Answered, Outcome } from '../../network/outcome';
import { masked } from '../../request/mask';
import { pairsOf, type Pairs, type Said } from './answer-pairs';

export type Decision = {
  kind: 'allowed' | 'refused';
  /** The endpoint's own words, in one line; empty where it had none. */
  message: string;
  errors: FieldMessage[];
  warnings: string[];
};
export type NoAnswer = { kind: 'noAnswer'; message: string };
export type Answer = Decision | NoAnswer;

const MAX_MESSAGE = 1000;
const MAX_PATH = 200;
/** Of errors, and of warnings. */
const MAX_LIST = 100;

const EXPECTED = 'expected { "IsValid": true } or { "allowed": true }.';

/** Control characters, lone surrogates, and what turns the direction of writing, so that no words look like others. */
const UNSEEN = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu;

/** One line of at most `limit` characters; empty for what is no text. */
const lineOf = (value: unknown, limit: number): string => {
  if (typeof value !== 'string') return '';
  const line = value.replace(/\s+/g, ' ').replace(UNSEEN, '').trim();
  if (line.length <= limit) return line;
  // A character beyond U+FFFF that the cut goes through is left out whole.
  return `${line.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
};

const valuesOf = (pairs: Pairs, name: string): unknown[] =>
  pairs.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);

/** Repeated elements of XML are a list, and so is the list of JSON. */
const listOf = (pairs: Pairs, name: string): unknown[] => valuesOf(pairs, name).flat();

const lineIn = (pairs: Pairs, name: string, limit: number): string =>
  valuesOf(pairs, name)
    .map((value) => lineOf(value, limit))
    .find((line) => line !== '') ?? '';

/** Null for an entry that says nothing. Plain text counts as a message about no field. */
const errorOf = (entry: unknown): FieldMessage | null => {
  const pairs: Pairs =
    typeof entry === 'object' && entry !== null ? Object.entries(entry) : [['message', entry]];
  const message = lineIn(pairs, 'message', MAX_MESSAGE);
  const path = lineIn(pairs, 'path', MAX_PATH) || null;
  return message === '' ? null : { path, message };
};

const booleanOf = (value: unknown): boolean | null => {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return text === 'true' || text === 'false' ? text === 'true' : null;
};

/** Sitecore's may be text anywhere; ours is true or false, but for XML, which knows text only. */
const saysOf = ({ pairs, isText }: Said): (boolean | null)[] => [
  ...valuesOf(pairs, 'isvalid').map(booleanOf),
  ...valuesOf(pairs, 'allowed').map((value) =>
    isText || typeof value === 'boolean' ? booleanOf(value) : null,
  ),
];

const decisionOf = (said: Said, isAllowed: boolean): Decision => {
  const { pairs } = said;
  const errors = listOf(pairs, 'errors').map(errorOf);
  const warnings = listOf(pairs, 'warnings').map((one) => lineOf(one, MAX_MESSAGE));
  return {
    kind: isAllowed ? 'allowed' : 'refused',
    message: lineIn(pairs, 'message', MAX_MESSAGE),
    errors: errors.filter((error) => error !== null).slice(0, MAX_LIST),
    warnings: warnings.filter((warning) => warning !== '').slice(0, MAX_LIST),
  };
};

/** No text that is read lies deeper: an entry of a list, and a field of that entry. */
const DEEPEST = 2;

const unechoedIn = (value: unknown, secrets: readonly string[], depth = DEEPEST): unknown => {
  if (typeof value === 'string') return masked(value, secrets);
  if (typeof value !== 'object' || value === null || depth === 0) return null;
  const copy = (part: unknown) => unechoedIn(part, secrets, depth - 1);
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copy(part)]));
};

/** Masked before its spaces are tidied and its end is cut: after that, an echoed secret is no occurrence any more. */
const unechoed = ({ pairs, isText }: Said, secrets: readonly string[]): Said => ({
  pairs: pairs.map(([name, value]) => [name, unechoedIn(value, secrets)]),
  isText,
});

const noAnswer = (message: string): NoAnswer => ({
  kind: 'noAnswer',
  message: lineOf(message, MAX_MESSAGE),
});

const statusProblem = (status: number): string | null => {
  if (status >= 200 && status < 300) return null;
  if (status === 401 || status === 403) {
    return `It answered ${status}: it did not accept the credentials. Check the webhook's authorization.`;
  }
  return status >= 300 && status < 400
    ? `It answered ${status}, a redirect, and redirects are not followed.`
    : `It answered ${status}, and only a status of 200 to 299 counts as an answer.`;
};

const readingProblem = (text: string): string => {
  if (text === '') return `Its answer was empty: ${EXPECTED}`;
  return /^<(!doctype\s+)?html\b/i.test(text)
    ? `Its answer was a web page: ${EXPECTED}`
    : `Its answer could not be understood: ${EXPECTED}`;
};

/** What was sent says more than its content type, which many endpoints get wrong. */
const answerIn = ({ status, body, isTruncated }: Answered, secrets: readonly string[]): Answer => {
  const problem = statusProblem(status);
  if (problem !== null) return noAnswer(problem);
  if (isTruncated) return noAnswer('Its answer was longer than what is read of one.');
  // A byte order mark is white space to `trim`.
  const text = body.trim();
  const said = pairsOf(text);
  const says = said === null ? [] : saysOf(said);
  if (said === null || says.length === 0 || says.includes(null)) {
    return noAnswer(readingProblem(text));
  }
  return says.includes(true) && says.includes(false)
    ? noAnswer('Its answer said yes and no at once.')
    : decisionOf(unechoed(said, secrets), says.includes(true));
};

/** Told as it was set, most often: a timer fires a few milliseconds late. */
const rounded = (ms: number) => Math.max(50, Math.round(ms / 50) * 50).toLocaleString('en-US');

/**
 * Never throws, whatever a receiver does. Everything in it is bounded, and without control characters. `secrets`: what
 * the endpoint was told, and must not tell on.
 */
export const answerOf = (outcome: Outcome, secrets: readonly string[] = []): Answer => {
  if (outcome.kind === 'answered') return answerIn(outcome, secrets);
  return outcome.reason === 'timeout'
    ? noAnswer(`It did not answer within ${rounded(outcome.ms)} ms.`)
    : noAnswer(outcome.message);
};
