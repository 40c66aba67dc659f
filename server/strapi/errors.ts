/** Strapi's typed errors with paths, so that a form can show each message at its field. */
import { createRequire } from 'node:module';
import type { errors as StrapiErrors } from '@strapi/utils';
import type { z } from 'zod';
import {
  CONFLICT,
  inWords,
  versionSchema,
  type ConflictDetails,
  type Version,
} from '../contract/api';

/**
 * Strapi maps an error to a status by `instanceof`, so a second copy of @strapi/utils turns every ValidationError into a
 * 500 without text. An import of our own would be such a copy: bundled, if it is no dependency; installed beside the
 * app's, if it is one and the versions differ. Therefore it is loaded from where Strapi's core loads it. Breaks if core
 * moves to another package, or no longer depends on @strapi/utils and http-errors.
 */
const ours = createRequire(import.meta.url);
const core = createRequire(ours.resolve('@strapi/strapi')).resolve('@strapi/core');
const utils = createRequire(core)('@strapi/utils') as { errors: typeof StrapiErrors };

export const { errors } = utils;

type HttpErrorOf = (status: number, message: string, more: { details: object }) => Error;

/** For a status that Strapi has no error class for. It must be the http-errors that Strapi compares with, too. */
export const httpError = createRequire(createRequire(core).resolve('@strapi/utils'))(
  'http-errors',
) as HttpErrorOf;

export type Problem = { path: (string | number)[]; message: string };

export const invalid = (problems: Problem[]) =>
  new errors.ValidationError(problems.map(({ message }) => message).join(' '), {
    errors: problems.map(({ path, message }) => ({
      path: path.map(String),
      message,
      name: 'ValidationError',
    })),
  });

/** A failure of the moment: the same request may succeed in the next. */
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

function nulsIn(value: unknown, path: Problem['path']): Problem[] {
  if (typeof value === 'string') return value.includes('\0') ? [{ path, message: NUL }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    nulsIn(key, path).concat(nulsIn(part, [...path, key])),
  );
}

/** Parses input from outside. Throws a ValidationError with the path of each problem. */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input ?? {}, { error: inWords });
  const problems = parsed.success
    ? nulsIn(parsed.data, [])
    : parsed.error.issues.map(({ path, message }) => ({
        path: path.map((part) => (typeof part === 'number' ? part : String(part))),
        message,
      }));
  if (parsed.success && problems.length === 0) return parsed.data;
  throw invalid(problems);
}

/** The settings of a PUT, and the version that they were made from. */
export type Change<Settings> = { settings: Settings; version: Version };

export function parseChange<S extends z.ZodType>(schema: S, input: unknown): Change<z.output<S>> {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return { settings: parse(schema, input), version: undefined };
  const { updatedAt, ...settings } = input as Record<string, unknown>;
  return {
    version: parse(versionSchema, { updatedAt }).updatedAt,
    settings: parse(schema, settings),
  };
}
