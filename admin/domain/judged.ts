/** Verdicts as an editor needs them: which stand in the way, which only have something to say. */
import { isUndecided, type Verdict } from '../../server/contract/document';

export const isBlocking = ({ mode, kind, onError }: Verdict): boolean =>
  mode === 'enforce' && (kind === 'refused' || (isUndecided(kind) && onError === 'refuse'));

/** `audit` is for the administrator's log alone. */
const isHeard = ({ mode }: Verdict) => mode !== 'audit';

const hasSomethingToSay = (verdict: Verdict) =>
  verdict.kind !== 'allowed' || verdict.warnings.length > 0;

/** What stands in the way comes first. */
const byWeight = (one: Verdict, other: Verdict) =>
  Number(isBlocking(other)) - Number(isBlocking(one)) ||
  Number(hasSomethingToSay(other)) - Number(hasSomethingToSay(one));

export const heard = (verdicts: readonly Verdict[]): Verdict[] =>
  verdicts.filter(isHeard).sort(byWeight);

/** All but those that allowed it without a word. */
export const telling = (verdicts: readonly Verdict[]): Verdict[] =>
  heard(verdicts).filter(hasSomethingToSay);
