/** Why a validation answered as it did: its own words, or why its answer is unreadable, in the language of the panel. */
import type { Verdict } from '../../server/contract/verdict';
import { useText } from '../translations/use-text';

export const useVerdictReason = () => {
  const text = useText();
  return ({ code, message }: Verdict): string =>
    code === undefined ? message : `${text(`verdict.${code}`)} ${text('verdict.expected')}`;
};
