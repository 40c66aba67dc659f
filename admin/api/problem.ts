/** What went wrong with a request, in the form in which pages show it: one message, and messages by field. */
import type { FetchError } from '@strapi/strapi/admin';
import { CONFLICT, type ConflictDetails } from '../../server/contract/api';

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

/** The first message of a field stays: it is the one to mend first. */
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

/** By its name, as Strapi's own check does: the class may be there twice in a built panel. */
const isFetchError = (error: unknown): error is FetchError =>
  error instanceof Error && error.name === 'FetchError';

export const problemOf = (error: unknown): Problem => {
  if (!isFetchError(error)) return { status: 0, message: null, fields: {} };
  const answer = error.response?.data.error;
  return {
    status: error.status ?? answer?.status ?? 0,
    message: answer?.message ?? null,
    fields: fieldProblems(reported(answer?.details)),
  };
};

/** Who saved another version, and when. */
export type Conflict = ConflictDetails['params'];

/** Null where the server refused for another reason. */
export const conflictOf = (error: unknown): Conflict | null => {
  if (!isFetchError(error)) return null;
  const details = error.response?.data.error?.details as Partial<ConflictDetails> | undefined;
  return details?.code === CONFLICT ? (details.params ?? null) : null;
};

/** A request that was dropped because its page is gone: nothing to tell anyone. */
export const isAborted = (error: unknown) => error instanceof Error && error.name === 'AbortError';
