/** Strapi's typed errors, each with a stable code beside its message, and with paths, so that a form can show each message at its field. */
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
import {
  codeOfText,
  errorMessage,
  type ErrorCode,
  type MessageCode,
  type Params,
} from '../contract/error-messages';

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
const httpError = createRequire(createRequire(core).resolve('@strapi/utils'))(
  'http-errors',
) as HttpErrorOf;

type Path = (string | number)[];
/** Without a code, the code is found by the message, see `codeOfText`. */
export type Problem = { path: Path; message: string; code?: ErrorCode; params?: Params };

export const problem = (path: Path, code: MessageCode, params: Params = {}): Problem => ({
  path,
  message: errorMessage(code, params),
  code,
  params,
});

const coded = ({ message, code, params = {} }: Problem) =>
  code === undefined ? codeOfText(message) : { code, params };

/** 400: the input is invalid. */
export const invalid = (problems: Problem[]) =>
  new errors.ValidationError(problems.map(({ message }) => message).join(' '), {
    code: 'invalid',
    params: {},
    errors: problems.map((one) => ({
      path: one.path.map(String),
      message: one.message,
      name: 'ValidationError',
      ...coded(one),
    })),
  });

export function checkNone(problems: Problem[]): void {
  if (problems.length > 0) throw invalid(problems);
}

const messageAndDetails = (code: MessageCode, params: Params, more: object = {}) =>
  [errorMessage(code, params), { code, params, ...more }] as const;

/** 400: the input is valid, and the state of things does not allow it. */
export const refused = (code: MessageCode, params: Params = {}, more?: object) =>
  new errors.ApplicationError(...messageAndDetails(code, params, more));

/** 403: a permission is missing. */
export const forbidden = (code: MessageCode, params: Params = {}) =>
  new errors.PolicyError(...messageAndDetails(code, params));

/** 404 */
export const missing = (code: MessageCode, params: Params = {}) =>
  new errors.NotFoundError(...messageAndDetails(code, params));

export const notFound = (what: string) => missing('not-found', { what });

/** 429 */
export const tooMany = (code: MessageCode, params: Params = {}) =>
  new errors.RateLimitError(...messageAndDetails(code, params));

/** 400: a failure of the moment, so that the same request may succeed in the next. */
export class Momentary extends errors.ApplicationError {}

export const momentary = (code: MessageCode, params: Params = {}) =>
  new Momentary(...messageAndDetails(code, params));

/** 409: somebody saved another version after the caller had read theirs. */
export function conflict(what: string, params: ConflictDetails['params']) {
  const who = params.actor?.name ?? 'Somebody';
  const message = `${who} changed this ${what} at ${params.updatedAt}, after you had opened it. Nothing was saved. Load it again, or send "updatedAt": "${params.updatedAt}" to replace that change.`;
  const details: ConflictDetails = { code: CONFLICT, params };
  return httpError(409, message, { details });
}

function nulsIn(value: unknown, path: Path): Problem[] {
  if (typeof value === 'string')
    return value.includes('\0') ? [problem(path, 'nul-character')] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    nulsIn(key, path).concat(nulsIn(part, [...path, key])),
  );
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined,
    input,
  );

const COUNTED = ['string', 'array', 'set', 'file'];

/** The kind of mistake that an issue of a schema is. */
function codeOfIssue(issue: z.core.$ZodIssue, input: unknown): { code: ErrorCode; params: Params } {
  switch (issue.code) {
    case 'invalid_type':
      return valueAt(input, issue.path) === undefined
        ? { code: 'required', params: {} }
        : { code: 'wrong-type', params: { expected: issue.expected } };
    case 'too_small': {
      const code = COUNTED.includes(issue.origin) ? 'too-short' : 'too-small';
      return { code, params: { minimum: Number(issue.minimum) } };
    }
    case 'too_big': {
      const code = COUNTED.includes(issue.origin) ? 'too-long' : 'too-large';
      return { code, params: { maximum: Number(issue.maximum) } };
    }
    case 'unrecognized_keys':
      return { code: 'unknown-key', params: { keys: issue.keys.join(', ') } };
    case 'invalid_format':
      return { code: 'invalid-format', params: { format: issue.format } };
    default:
      return codeOfText(issue.message);
  }
}

/** Parses input from outside. Throws a ValidationError with the path of each problem. */
export function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input ?? {}, { error: inWords });
  const problems = parsed.success
    ? nulsIn(parsed.data, [])
    : parsed.error.issues.map((issue) => ({
        path: issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
        message: issue.message,
        ...codeOfIssue(issue, input),
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
