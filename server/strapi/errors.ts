/** Strapi's typed errors with paths, so that a form can show each message at its field. */
import {
  CONFLICT,
  versionSchema,
  type ConflictDetails,
  type Version,
  inWords,
} from '../contract/api';
import { errors, httpError } from './error-classes';
import type { z } from 'zod';

export type Problem = { path: (string | number)[]; message: string };

export const invalid = (problems: Problem[]) =>
  new errors.ValidationError(problems.map(({ message }) => message).join(' '), {
    errors: problems.map(({ path, message }) => ({
      path: path.map(String),
      message,
      name: 'ValidationError',
    })),
  });

/** No refusal of what was asked, but of this moment: the same may be let through in the next. */
export class Momentary extends errors.ApplicationError {}

export const notFound = (what: string) =>
  new errors.NotFoundError(
    `There is no such ${what}. It may have been deleted; go back to the list.`,
  );

/** 409: somebody saved another version after the caller had read theirs. */
export const conflict = (what: string, params: ConflictDetails['params']) => {
  const who = params.actor?.name ?? 'Somebody';
  const message = `${who} changed this ${what} at ${params.updatedAt}, after you had opened it. Nothing was saved. Load it again, or send "updatedAt": "${params.updatedAt}" to replace that change.`;
  const details: ConflictDetails = { code: CONFLICT, params };
  return httpError(409, message, { details });
};

const NUL = 'A text holds a NUL character (U+0000), which not every database can store. Remove it.';

const nulsIn = (value: unknown, path: Problem['path']): Problem[] => {
  if (typeof value === 'string') return value.includes('\0') ? [{ path, message: NUL }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    nulsIn(key, path).concat(nulsIn(part, [...path, key])),
  );
};

/** Parses input from outside; what does not fit is a ValidationError with the path of each problem. */
export const parse = <S extends z.ZodType>(schema: S, input: unknown): z.output<S> => {
  const parsed = schema.safeParse(input ?? {}, { error: inWords });
  const problems = parsed.success
    ? nulsIn(parsed.data, [])
    : parsed.error.issues.map(({ path, message }) => ({
        path: path.map((part) => (typeof part === 'number' ? part : String(part))),
        message,
      }));
  if (parsed.success && problems.length === 0) return parsed.data;
  throw invalid(problems);
};

/** What a PUT asks for, and which version it was made from. */
export type Change<Settings> = { settings: Settings; version: Version };

export const parseChange = <S extends z.ZodType>(
  schema: S,
  input: unknown,
): Change<z.output<S>> => {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return { settings: parse(schema, input), version: undefined };
  const { updatedAt, ...settings } = input as Record<string, unknown>;
  return {
    version: parse(versionSchema, { updatedAt }).updatedAt,
    settings: parse(schema, settings),
  };
};
