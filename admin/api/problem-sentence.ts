/** A problem as one sentence for a notice. */
import type { Text } from '../translations/use-text';
import type { Problem } from './problem';

/** The server's own, but for "Internal Server Error", which tells nobody what to do. */
export const sentenceOf = ({ status, message }: Problem, text: Text): string =>
  status >= 500 ? text('common.serverFailed') : (message ?? text('common.unreachable'));
