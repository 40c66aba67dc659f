/** What went wrong with a request, in the form in which pages show it: one message, and messages by field. */
import { CONFLICT, type ConflictDetails } from '../../server/contract/api';
import type { RefusalDetails } from '../../server/contract/document';
import type { Text } from '../translations/use-text';
import { inOwnWords } from './own-words';

/** Messages by dotted path, as in `{ "filter.and.0.value": "..." }`. */
export type FieldProblems = Record<string, string>;

export type Problem = {
  /** 0 if the server could not be reached. */
  status: number;
  /** The server's own sentence; null if it sent none. */
  message: string | null;
  fields: FieldProblems;
};

type ReportedError = { path?: unknown; message?: unknown };
type Step = string | number | symbol;

export const dotted = (path: readonly Step[]) => path.map(String).join('.');

const pathText = (path: unknown) =>
  Array.isArray(path) ? dotted(path as Step[]) : typeof path === 'string' ? path : '';

/** A field shows its first message only. */
export const fieldProblems = (errors: readonly ReportedError[]): FieldProblems => {
  const fields: FieldProblems = {};
  for (const { path, message } of errors) {
    const key = pathText(path);
    if (key && typeof message === 'string') fields[key] ??= message;
  }
  return fields;
};

const reported = (details: unknown): ReportedError[] => {
  const errors = (details as { errors?: unknown } | null | undefined)?.errors;
  return Array.isArray(errors) ? (errors as ReportedError[]) : [];
};

type Answered = { name?: unknown; status?: unknown; message?: unknown; details?: unknown };

/** What an endpoint throws: the `error` of the answer, or what the browser says where none came. */
const answeredOf = (error: unknown): Answered =>
  typeof error === 'object' && error !== null ? error : {};

/** An error without a status is the browser's own, whose words ("Failed to fetch") help nobody. */
export const problemOf = (error: unknown): Problem => {
  const { name, status, message, details } = answeredOf(error);
  if (typeof status !== 'number') return { status: 0, message: null, fields: {} };
  const isWorded = typeof message === 'string' && name !== 'UnknownError';
  return { status, message: isWorded ? message : null, fields: fieldProblems(reported(details)) };
};

/** Who saved another version, and when. */
export type Conflict = ConflictDetails['params'];

/** Null where the server refused for another reason. */
export const conflictOf = (error: unknown): Conflict | null => {
  const details = answeredOf(error).details as Partial<ConflictDetails> | undefined;
  return details?.code === CONFLICT ? (details.params ?? null) : null;
};

/** No such thing, or nothing that this user may see of it. */
export const isOutOfSight = (error: unknown): boolean => {
  const { status } = answeredOf(error);
  return status === 403 || status === 404;
};

/** What the validations answered; null where it is no refusal of theirs. */
export const refusalIn = (error: unknown): RefusalDetails | null => {
  const details = answeredOf(error).details as Partial<RefusalDetails> | null | undefined;
  return Array.isArray(details?.verdicts)
    ? { verdicts: details.verdicts, warnings: details.warnings ?? [], errors: details.errors ?? [] }
    : null;
};

/** A problem as one sentence for a notice: the server's own, unless that would tell nobody what to do. */
export const sentenceOf = ({ status, message }: Problem, text: Text): string => {
  if (status === 401) return text('session.ended');
  if (status >= 500) return text('common.serverFailed');
  return message === null ? text('common.unreachable') : inOwnWords(message, text);
};
