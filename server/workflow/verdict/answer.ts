/** What a validation endpoint answered: yes, no, something unreadable, or nothing. */
import { sentence } from '../../contract/sentences';
import type { FieldMessage, UnreadableCode } from '../../contract/document';
import { Members } from '../../send/http/answer';
import type { Answered, Outcome } from '../../send/http/outcome';
import { masked } from '../../send/mask';
import { saidIn, type Said } from './answer-members';
import { lineOf, MAX_MESSAGE, textsOf } from './answer-texts';

export type Decision = {
  kind: 'allowed' | 'refused';
  /** The endpoint's own words, in one line; empty where it had none. */
  message: string;
  errors: FieldMessage[];
  warnings: string[];
};
export type NoAnswer = { kind: 'noAnswer'; message: string };
/** A 2xx came, and its body says neither yes nor no. */
export type Unreadable = { kind: 'unreadable'; code: UnreadableCode; message: string };
export type Answer = Decision | NoAnswer | Unreadable;

const EXPECTED = sentence('answer-expected');

const UNREADABLE: Record<UnreadableCode, string> = {
  'answer-empty': sentence('answer-empty'),
  'answer-web-page': sentence('answer-web-page'),
  'answer-no-object': sentence('answer-no-object'),
  'answer-without-verdict': sentence('answer-without-verdict'),
  'answer-not-boolean': sentence('answer-not-boolean'),
  'answer-contradictory': sentence('answer-contradictory'),
  'answer-too-long': sentence('answer-too-long'),
  'answer-incomplete': sentence('answer-incomplete'),
};

const noAnswer = (message: string): NoAnswer => ({
  kind: 'noAnswer',
  message: lineOf(message, MAX_MESSAGE),
});

const unreadable = (code: UnreadableCode): Unreadable => ({
  kind: 'unreadable',
  code,
  message: `${UNREADABLE[code]} ${EXPECTED}`,
});

/** XML writes yes and no as 1 and 0 too (xs:boolean), and so does whoever writes them as text. */
const BOOLEANS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function booleanOf(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? (BOOLEANS.get(value.trim().toLowerCase()) ?? null) : null;
}

/** Sitecore's may be text anywhere; ours is true or false, but for XML, which knows text only. */
function answersIn({ members, isText }: Said): (boolean | null)[] {
  const ours = members
    .all('allowed')
    .map((value) => (isText || typeof value === 'boolean' ? booleanOf(value) : null));
  return [...members.all('isvalid').map(booleanOf), ...ours];
}

/** Masked before its spaces are tidied and its end is cut: after that, an echoed secret is no occurrence any more. */
function unechoed(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return masked(value, secrets);
  if (Array.isArray(value)) return value.map((one) => unechoed(one, secrets));
  if (!(value instanceof Members)) return value;
  return new Members(
    value.pairs.map(([name, one]) => [masked(name, secrets), unechoed(one, secrets)]),
  );
}

function statusProblem(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status === 401 || status === 403) {
    return sentence('validation-unauthorized', { status });
  }
  return status >= 300 && status < 400
    ? sentence('validation-redirected', { status })
    : sentence('validation-answered', { status });
}

function notParsed(text: string): UnreadableCode {
  if (text === '') return 'answer-empty';
  return /^<(!doctype\s+)?html\b/i.test(text) ? 'answer-web-page' : 'answer-no-object';
}

/** What was sent says more than its content type, which many endpoints get wrong. */
function decisionIn(text: string, secrets: readonly string[]): Decision | Unreadable {
  const said = saidIn(text);
  if (said === null || /^<html\b/i.test(text)) return unreadable(notParsed(text));
  const answers = new Set(answersIn(said));
  if (answers.size === 0) return unreadable('answer-without-verdict');
  if (answers.has(null)) return unreadable('answer-not-boolean');
  if (answers.size > 1) return unreadable('answer-contradictory');
  const kind = answers.has(true) ? 'allowed' : 'refused';
  return { kind, ...textsOf(unechoed(said.members, secrets) as Members, said.isText) };
}

function answerIn(outcome: Answered, secrets: readonly string[]): Answer {
  const problem = statusProblem(outcome.status);
  if (problem !== null) return noAnswer(problem);
  if (outcome.isTruncated)
    return unreadable(
      (outcome.cutBy ?? 'size') === 'size' ? 'answer-too-long' : 'answer-incomplete',
    );
  // A byte order mark is white space to `trim`.
  return decisionIn(outcome.body.trim(), secrets);
}

/** Told as it was set, most often: a timer fires a few milliseconds late. */
const rounded = (ms: number) => Math.max(50, Math.round(ms / 50) * 50).toLocaleString('en-US');

/**
 * Never throws, whatever a receiver does. Everything in it is bounded, and without control characters. `secrets`: what
 * the endpoint was sent, and must not repeat.
 */
export function answerOf(outcome: Outcome, secrets: readonly string[] = []): Answer {
  if (outcome.kind === 'answered') return answerIn(outcome, secrets);
  return outcome.reason === 'timeout'
    ? noAnswer(sentence('validation-timeout', { timeout: rounded(outcome.ms) }))
    : noAnswer(outcome.message);
}
