/** Why a request about a document failed, as Strapi's cache hands it over: the error of the answer, not an Error. */
import type { RefusalDetails } from '../../server/contract/document';
import type { Problem } from '../api/problem';

type Answered = { status?: unknown; message?: unknown; details?: unknown };

const answeredOf = (error: unknown): Answered =>
  typeof error === 'object' && error !== null ? error : {};

/** An error without a status is the browser's own, whose words ("Failed to fetch") help nobody. */
export const documentProblem = (error: unknown): Problem => {
  const { status, message } = answeredOf(error);
  return typeof status === 'number'
    ? { status, message: typeof message === 'string' ? message : null, fields: {} }
    : { status: 0, message: null, fields: {} };
};

/** No such type or document, or nothing that this user may see of it: nothing to complain about, and to show. */
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
