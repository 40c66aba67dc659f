/** The words and the colour for what became of a command or a check. A refusal and no answer are told apart. */
import type { Verdict } from '../../../server/contract/verdict';
import type { TextKey } from '../../translations/use-text';
import { isBlocking } from '../judged';
import type { Outcome } from '../outcome';

export type Tone = 'success' | 'warning' | 'danger';

const isRefused = (verdicts: readonly Verdict[]) =>
  verdicts.some((verdict) => isBlocking(verdict) && verdict.kind === 'refused');

export const titleOf = (outcome: Outcome): TextKey => {
  switch (outcome.kind) {
    case 'moved':
      return 'document.movedWithWarnings';
    case 'refused':
      return isRefused(outcome.verdicts) ? 'document.refused' : 'document.unanswered';
    case 'checked':
      if (outcome.isAllowed) return 'document.wouldRun';
      return isRefused(outcome.verdicts) ? 'document.wouldBeRefused' : 'document.wouldBeUnanswered';
    case 'failed':
      return 'document.failed';
    default:
      return outcome satisfies never;
  }
};

export const toneOf = (outcome: Outcome): Tone => {
  switch (outcome.kind) {
    case 'moved':
      return 'warning';
    case 'refused':
      return isRefused(outcome.verdicts) ? 'danger' : 'warning';
    case 'checked':
      if (outcome.isAllowed) return 'success';
      return isRefused(outcome.verdicts) ? 'danger' : 'warning';
    case 'failed':
      return 'danger';
    default:
      return outcome satisfies never;
  }
};
