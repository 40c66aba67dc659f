/** What is wrong with a form, while it is being mended. */
import type { FieldProblems } from '../services/problem';

/** What was changed is no longer known to be wrong: its message goes, others stay. */
export const stillWrong = (problems: FieldProblems, patch: object): FieldProblems =>
  Object.fromEntries(
    Object.entries(problems).filter(([path]) => !((path.split('.')[0] ?? '') in patch)),
  );

/** Puts the cursor where the first message is; screen readers then read it. */
export const focusFirstProblem = (within: ParentNode = document): void =>
  within.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
