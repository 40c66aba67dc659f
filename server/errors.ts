/** Strapi's typed errors with paths, so that a form can show each message at its field. */
import { errors } from '@strapi/utils';
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

export const notFound = (what: string) =>
  new errors.NotFoundError(
    `There is no such ${what}. It may have been deleted; go back to the list.`,
  );

/** Parses input from outside; what does not fit is a ValidationError with the path of each problem. */
export const parse = <S extends z.ZodType>(schema: S, input: unknown): z.output<S> => {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  throw invalid(
    parsed.error.issues.map(({ path, message }) => ({
      path: path.map((part) => (typeof part === 'number' ? part : String(part))),
      message,
    })),
  );
};
