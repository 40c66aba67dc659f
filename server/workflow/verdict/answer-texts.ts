/** The messages in a validation's answer: its reason, its errors by field, its warnings. Bounded, one line each. Pure. */
import type { FieldMessage } from '../../contract/document';
import { Members } from '../../send/http/answer';

export const MAX_MESSAGE = 1000;
const MAX_PATH = 200;
/** Of errors, and of warnings. */
const MAX_LIST = 100;

/** Control characters, lone surrogates, and what turns the direction of writing, so that no words look like others. */
const UNSEEN = /[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu;

/** One line of at most `limit` characters; empty for what is no text. */
export function lineOf(value: unknown, limit: number): string {
  if (typeof value !== 'string') return '';
  const line = value.replace(/\s+/g, ' ').replace(UNSEEN, '').trim();
  if (line.length <= limit) return line;
  // A character beyond U+FFFF that the cut goes through is left out whole.
  return `${line.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The first text of this name that says something. */
function lineIn(members: Members, name: string): string {
  const lines = members.all(name).map((value) => lineOf(value, MAX_MESSAGE));
  return lines.find((line) => line !== '') ?? '';
}

/** A path may be a list of its parts, which are names and indexes. */
function pathOf(value: unknown): string {
  const parts = Array.isArray(value) ? value : [value];
  const texts = parts.map((part) => (typeof part === 'number' ? String(part) : part));
  return lineOf(texts.filter((part) => typeof part === 'string').join('.'), MAX_PATH);
}

/** Repeated elements of XML are the parts of one path; two paths in JSON are a mistake, and neither counts. */
function pathIn(members: Members, isText: boolean): string | null {
  const values = members.all('path');
  if (isText) return pathOf(values) || null;
  const [path, ...others] = new Set(values.map(pathOf).filter((one) => one !== ''));
  return path === undefined || others.length > 0 ? null : path;
}

/** Of the form `{ "Title": ["Too long."] }`, as ASP.NET has it. An empty name is about no field. */
function errorsByField({ pairs }: Members): FieldMessage[] {
  return pairs.flatMap(([name, value]) =>
    [value].flat().map((message) => ({
      path: lineOf(name, MAX_PATH) || null,
      message: lineOf(message, MAX_MESSAGE),
    })),
  );
}

/** Whether an object is an error itself, rather than holds errors under the names of fields. */
const isError = (members: Members, isText: boolean) =>
  isText || members.all('message').some((message) => typeof message === 'string');

/** Plain text counts as a message about no field. */
function errorsOf(entry: unknown, isText: boolean): FieldMessage[] {
  if (!(entry instanceof Members)) return [{ path: null, message: lineOf(entry, MAX_MESSAGE) }];
  return [{ path: pathIn(entry, isText), message: lineIn(entry, 'message') }];
}

function allErrors(members: Members, isText: boolean): FieldMessage[] {
  return members.all('errors').flatMap((errors) => {
    if (errors instanceof Members && !isError(errors, isText)) return errorsByField(errors);
    return [errors].flat().flatMap((entry) => errorsOf(entry, isText));
  });
}

export function textsOf(
  members: Members,
  isText: boolean,
): { message: string; errors: FieldMessage[]; warnings: string[] } {
  const warnings = members.all('warnings').flat();
  return {
    message: lineIn(members, 'message'),
    errors: allErrors(members, isText)
      .filter(({ message }) => message !== '')
      .slice(0, MAX_LIST),
    warnings: warnings
      .map((one) => lineOf(one, MAX_MESSAGE))
      .filter((warning) => warning !== '')
      .slice(0, MAX_LIST),
  };
}
