/** Why a validation answered as it did: its own words, or why its answer is unreadable, in the language of the panel. */
import { isUndecided, type Verdict } from '../../server/contract/document';
import { inOwnWords } from '../services/own-words';
import { useText } from '../translations/use-text';

export const useVerdictReason = () => {
  const text = useText();
  return ({ kind, code, message }: Verdict): string => {
    if (code !== undefined) return `${text(`verdict.${code}`)} ${text('verdict.answer-expected')}`;
    return isUndecided(kind) ? inOwnWords(message, text) : message;
  };
};
