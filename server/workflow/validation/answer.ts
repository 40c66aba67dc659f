/** Reads the answer of a validation endpoint: allowed, refused, unreadable, or none. Pure. */
import { sentence } from '../../contract/sentences';
import type { FieldMessage, UnreadableCode } from '../../contract/document';
import type { Answered, Outcome } from '../../send/http/outcome';
import { Members } from '../../send/http/answer';
import { masked } from '../../send/mask';
import { answerBodyOf, type AnswerBody } from './answer-body';

type Decided = {
  kind: 'allowed' | 'refused';
  /** The endpoint's own words in one line; empty if it sent none. */
  message: string;
  errors: FieldMessage[];
  warnings: string[];
};
type NoAnswer = { kind: 'noAnswer'; message: string };
/** A 2xx whose body is neither a yes nor a no. */
type Unreadable = { kind: 'unreadable'; code: UnreadableCode; message: string };
export type Answer = Decided | NoAnswer | Unreadable;

/**
 * Never throws, whatever a receiver does. All texts are bounded and have no control characters. `secrets`: what the
 * endpoint was sent, and must not repeat.
 */
export function validationAnswerOf(outcome: Outcome, secrets: readonly string[] = []): Answer {
  if (outcome.kind === 'answered') return answerIn(outcome, secrets);
  return outcome.reason === 'timeout'
    ? noAnswer(sentence('validation-timeout', { timeout: roundedTime(outcome.ms) }))
    : noAnswer(outcome.message);
}

function noAnswer(message: string): NoAnswer {
  return { kind: 'noAnswer', message: lineOf(message, MAX_MESSAGE) };
}

/** Mostly the time that was configured: a timer fires a few milliseconds late. */
function roundedTime(ms: number): string {
  return Math.max(50, Math.round(ms / 50) * 50).toLocaleString('en-US');
}

function unreadable(code: UnreadableCode): Unreadable {
  return { kind: 'unreadable', code, message: `${sentence(code)} ${sentence('answer-expected')}` };
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

function statusProblem(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status === 401 || status === 403) return sentence('validation-unauthorized', { status });
  return status >= 300 && status < 400
    ? sentence('validation-redirected', { status })
    : sentence('validation-answered', { status });
}

/** The text decides, not its content type, which many endpoints get wrong. */
function decisionIn(text: string, secrets: readonly string[]): Decided | Unreadable {
  const body = answerBodyOf(text);
  if (body === null || /^<html\b/i.test(text)) return unreadable(notParsed(text));
  const verdicts = new Set(verdictsIn(body));
  if (verdicts.size === 0) return unreadable('answer-without-verdict');
  if (verdicts.has(null)) return unreadable('answer-not-boolean');
  if (verdicts.size > 1) return unreadable('answer-contradictory');
  const kind = verdicts.has(true) ? 'allowed' : 'refused';
  return { kind, ...textsOf(unechoed(body.members, secrets) as Members, body.isText) };
}

function notParsed(text: string): UnreadableCode {
  if (text === '') return 'answer-empty';
  return /^<(!doctype\s+)?html\b/i.test(text) ? 'answer-web-page' : 'answer-no-object';
}

/** Sitecore's `IsValid` may be text anywhere; our `allowed` must be a boolean, except in XML, which has only text. */
function verdictsIn({ members, isText }: AnswerBody): (boolean | null)[] {
  const ours = members
    .all('allowed')
    .map((value) => (isText || typeof value === 'boolean' ? booleanOf(value) : null));
  return [...members.all('isvalid').map(booleanOf), ...ours];
}

/** XML writes yes and no as 1 and 0 too (xs:boolean), and so do endpoints that write them as text. */
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

/** Masks secrets before spaces are tidied and the end is cut, after which an echoed secret would not be recognized. */
function unechoed(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === 'string') return masked(value, secrets);
  if (Array.isArray(value)) return value.map((one) => unechoed(one, secrets));
  if (!(value instanceof Members)) return value;
  return new Members(
    value.pairs.map(([name, one]) => [masked(name, secrets), unechoed(one, secrets)]),
  );
}

const MAX_MESSAGE = 1000;
const MAX_PATH = 200;
/** For errors, and for warnings. */
const MAX_LIST = 100;

function textsOf(members: Members, isText: boolean): Omit<Decided, 'kind'> {
  return {
    message: lineIn(members, 'message'),
    errors: allErrors(members, isText)
      .filter(({ message }) => message !== '')
      .slice(0, MAX_LIST),
    warnings: members
      .all('warnings')
      .flat()
      .map((one) => lineOf(one, MAX_MESSAGE))
      .filter((warning) => warning !== '')
      .slice(0, MAX_LIST),
  };
}

/** Control characters, lone surrogates, and marks that change the direction of writing, so that no text is disguised. */
const UNSEEN = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu;

/** One line of at most `limit` characters; empty for a value that is not text. */
function lineOf(value: unknown, limit: number): string {
  if (typeof value !== 'string') return '';
  const line = value.replace(/\s+/g, ' ').replace(UNSEEN, '').trim();
  if (line.length <= limit) return line;
  // Drops the first half of a character beyond U+FFFF that the cut goes through.
  return `${line.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The first text of this name that is not empty. */
function lineIn(members: Members, name: string): string {
  const lines = members.all(name).map((value) => lineOf(value, MAX_MESSAGE));
  return lines.find((line) => line !== '') ?? '';
}

function allErrors(members: Members, isText: boolean): FieldMessage[] {
  return members.all('errors').flatMap((errors) => {
    if (errors instanceof Members && !isError(errors, isText)) return errorsByField(errors);
    return [errors].flat().map((entry) => errorOf(entry, isText));
  });
}

/** Whether an object is an error itself, rather than holds errors under the names of fields. */
function isError(members: Members, isText: boolean): boolean {
  return isText || members.all('message').some((message) => typeof message === 'string');
}

/** Reads `{ "Title": ["Too long."] }`, as ASP.NET writes it. An empty name means no field. */
function errorsByField({ pairs }: Members): FieldMessage[] {
  return pairs.flatMap(([name, value]) =>
    [value].flat().map((message) => ({
      path: lineOf(name, MAX_PATH) || null,
      message: lineOf(message, MAX_MESSAGE),
    })),
  );
}

/** Plain text counts as a message about no field. */
function errorOf(entry: unknown, isText: boolean): FieldMessage {
  if (!(entry instanceof Members)) return { path: null, message: lineOf(entry, MAX_MESSAGE) };
  return { path: pathIn(entry, isText), message: lineIn(entry, 'message') };
}

/** Repeated elements of XML are the parts of one path; two paths in JSON are a mistake, and neither counts. */
function pathIn(members: Members, isText: boolean): string | null {
  const values = members.all('path');
  if (isText) return pathOf(values) || null;
  const [path, ...others] = new Set(values.map(pathOf).filter((one) => one !== ''));
  return path === undefined || others.length > 0 ? null : path;
}

/** A path may be a list of its parts, which are names and indexes. */
function pathOf(value: unknown): string {
  const parts = Array.isArray(value) ? value : [value];
  const texts = parts.map((part) => (typeof part === 'number' ? String(part) : part));
  return lineOf(texts.filter((part) => typeof part === 'string').join('.'), MAX_PATH);
}

type Fields = Record<string, unknown>;

/**
 * The field of a document that an endpoint's path means, with full stops, as forms have it; a path that names no field
 * stays as it is. Frameworks write paths their own way: ASP.NET "Title", "Blocks[0].HeadLine" and "$.seo.metaTitle", or
 * from the body of the request on, "Data.Entry.Title".
 */
export function fieldIn(entry: Fields | null, path: string): string {
  if (entry === null) return path;
  const parts = path.replace(INDEX, '.$2').split('.');
  const names = parts.filter((part) => part !== '' && part !== '$');
  // Bodies hold the document as "entry", at whatever depth.
  const below = names.slice(names.findIndex((part) => part.toLowerCase() === 'entry') + 1);
  const isField = Object.hasOwn(entry, names[0] ?? '');
  const isWrapped = !isField && below.length > 0 && below.length < names.length;
  return (isWrapped ? resolved(entry, below) : null) ?? resolved(entry, names) ?? path;
}

const INDEX = /\[(["']?)([^\]"']*)\1\]/g;

/** Null if the first part names no field. Further parts that the document does not have stay as they are. */
function resolved(entry: Fields, parts: readonly string[]): string | null {
  const found: string[] = [];
  let at: unknown = entry;
  for (const part of parts) {
    const key = isFields(at) ? keyIn(at, part) : null;
    if (key === null && found.length === 0) return null;
    found.push(key ?? part);
    at = key === null ? null : (at as Fields)[key];
  }
  return found.length === 0 ? null : found.join('.');
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** The key of this name, else the only one that differs just in upper and lower case. */
function keyIn(fields: Fields, name: string): string | null {
  if (Object.hasOwn(fields, name)) return name;
  const alike = Object.keys(fields).filter((key) => key.toLowerCase() === name.toLowerCase());
  return alike.length === 1 ? (alike[0] as string) : null;
}
