/** What became of a command or of a check, as the panel shows it. */
import type { CommandResult, StateAnswer, Verdict } from '../../server/contract/document';
import type { Problem } from '../services/problem';
import { problemOf, refusalIn } from '../services/problem';
import { errorsOf, formErrors, type FormErrors } from './form-errors';
import { isBlocking } from '../domain/judged';

export type Outcome =
  | { kind: 'moved'; state: StateAnswer; verdicts: Verdict[] }
  | { kind: 'refused'; verdicts: Verdict[]; fields: FormErrors }
  /** Of a check: what each would say, and nothing has moved. */
  | { kind: 'checked'; isAllowed: boolean; verdicts: Verdict[]; fields: FormErrors }
  /** Nobody was asked, or nothing was heard: not allowed, busy, unreachable. */
  | { kind: 'failed'; problem: Problem };

export type Answer = { data: CommandResult } | { error: unknown };

const checked = (verdicts: Verdict[]): Outcome => ({
  kind: 'checked',
  isAllowed: !verdicts.some(isBlocking),
  verdicts,
  fields: formErrors(errorsOf(verdicts)),
});

export const outcomeOf = (answer: Answer, isCheck: boolean): Outcome => {
  if ('data' in answer) {
    const { state, verdicts } = answer.data;
    return isCheck ? checked(verdicts) : { kind: 'moved', state, verdicts };
  }
  const refusal = refusalIn(answer.error);
  if (!refusal) return { kind: 'failed', problem: problemOf(answer.error) };
  const { verdicts, errors } = refusal;
  return isCheck ? checked(verdicts) : { kind: 'refused', verdicts, fields: formErrors(errors) };
};

export const fieldsOf = (outcome: Outcome): FormErrors =>
  outcome.kind === 'refused' || outcome.kind === 'checked' ? outcome.fields : {};
