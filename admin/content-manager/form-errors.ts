/** Messages of validations as the errors of Strapi's form: nested as the values are, a text at each field. */
import type { RefusalDetails, Verdict } from '../../server/contract/document';
import { isBlocking } from '../domain/judged';

export type FormErrors = { [field: string]: string | FormErrors | FormErrors[] };

type FieldError = { path: string[]; message: string };
type Level = Record<string, unknown>;

const isIndex = (step: string | undefined) => step !== undefined && /^\d{1,4}$/.test(step);
const isLevel = (value: unknown): value is Level => typeof value === 'object' && value !== null;
/** A receiver chooses the path, so it must not reach what every object inherits. */
const isSafe = ({ path }: FieldError) => !path.some((step) => step in Object.prototype);

/** Of a component and of a field in it, the field's message stays: it says where to look. */
const put = (level: Level, [step = '', ...rest]: string[], message: string) => {
  const here = level[step];
  if (rest.length === 0) {
    if (!isLevel(here)) level[step] = typeof here === 'string' ? `${here} ${message}` : message;
    return;
  }
  if (!isLevel(here)) level[step] = isIndex(rest[0]) ? [] : {};
  put(level[step] as Level, rest, message);
};

export const formErrors = (errors: readonly FieldError[]): FormErrors => {
  const form: Level = {};
  for (const error of errors.filter(isSafe)) {
    if (error.path.length > 0) put(form, error.path, error.message);
  }
  return form as FormErrors;
};

/** What a check would have marked, had it been the command itself. */
export const errorsOf = (verdicts: readonly Verdict[]): RefusalDetails['errors'] =>
  verdicts
    .filter(isBlocking)
    .flatMap(({ errors }) => errors)
    .map(({ path, message }) => ({
      path: (path ?? '').split('.').filter(Boolean),
      message,
      name: 'ValidationError',
    }));
