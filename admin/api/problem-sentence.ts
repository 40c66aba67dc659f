/** A problem as one sentence for a notice. */
import { inOwnWords } from '../components/own-words';
import type { Text } from '../translations/use-text';
import type { Problem } from './problem';

/** The server's own, but for "Internal Server Error" and "Missing or invalid credentials", which tell nobody what to do. */
export const sentenceOf = ({ status, message }: Problem, text: Text): string => {
  if (status === 401) return text('session.ended');
  return status >= 500
    ? text('common.serverFailed')
    : message === null
      ? text('common.unreachable')
      : inOwnWords(message, text);
};
