/** What a verdict would have meant for a command. */
import type { Verdict } from '../../../server/contract/document';
import { isBlocking } from '../../domain/judged';

export type Consequence = 'runs' | 'runsWithWarning' | 'isRefused';

/** An editor hears of whatever is not a plain yes, but for `audit`, which neither counts nor shows. */
export const consequenceOf = (verdict: Verdict): Consequence => {
  if (isBlocking(verdict)) return 'isRefused';
  const isPlainYes = verdict.kind === 'allowed' && verdict.warnings.length === 0;
  return isPlainYes || verdict.mode === 'audit' ? 'runs' : 'runsWithWarning';
};
