/** The words and the colour for what became of a command or a check: a refusal, no answer, or an unreadable one. */
import type { Verdict } from '../../../server/contract/document';
import type { TextKey } from '../../translations/use-text';
import { isBlocking } from '../../domain/judged';
import type { Outcome } from '../outcome';

export type Tone = 'success' | 'warning' | 'danger';

export const isRefused = (verdicts: readonly Verdict[]) =>
  verdicts.some((verdict) => isBlocking(verdict) && verdict.kind === 'refused');

/** Which of three sentences tells why a command does not run: a refusal weighs most, then what can be repaired. */
const titleIn = (
  verdicts: readonly Verdict[],
  titles: { refused: TextKey; unreadable: TextKey; unanswered: TextKey },
): TextKey => {
  if (isRefused(verdicts)) return titles.refused;
  const isUnreadable = verdicts.some((one) => isBlocking(one) && one.kind === 'unreadable');
  return isUnreadable ? titles.unreadable : titles.unanswered;
};

const AFTER_COMMAND = {
  refused: 'document.refused',
  unreadable: 'document.unreadable',
  unanswered: 'document.unanswered',
} as const;
const AFTER_CHECK = {
  refused: 'document.wouldBeRefused',
  unreadable: 'document.wouldBeUnreadable',
  unanswered: 'document.wouldBeUnanswered',
} as const;

export const titleOf = (outcome: Outcome): TextKey => {
  switch (outcome.kind) {
    case 'moved':
      return 'document.movedWithWarnings';
    case 'refused':
      return titleIn(outcome.verdicts, AFTER_COMMAND);
    case 'checked':
      if (outcome.isAllowed) return 'document.wouldRun';
      return titleIn(outcome.verdicts, AFTER_CHECK);
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
