/** The form's state: what is typed, what was saved, and what is wrong with it. */
import * as React from 'react';
import type { WebhookKind } from '../../../server/contract/webhook';
import type { FieldProblems } from '../../services/problem';
import { afterPress } from '../../components/after-press';
import { stillWrong } from '../../forms/form-problems';
import type { Kept } from '../../forms/use-kept';
import { draftKept, isSameDraft, problemsIn, type Draft, type KeptDraft } from './draft';

export type WebhookForm = {
  draft: Draft;
  problems: FieldProblems;
  isDirty: boolean;
  /** For those who may look but not change. */
  isReadOnly: boolean;
  set: (patch: Partial<Draft>) => void;
  /** Another kind, of a webhook that is being made; nothing was typed by that, so nothing is unsaved. */
  setKind: (kind: WebhookKind) => void;
  /** Checks the draft and marks its fields; false if it cannot be sent. */
  check: () => boolean;
  report: (problems: FieldProblems) => void;
  /** Takes what the server stored as the new starting point. */
  reset: (saved: Draft) => void;
};

type State = {
  draft: Draft;
  saved: Draft;
  problems: FieldProblems;
  /** Counts the reports: a message of a later one is not taken away for what was typed before. */
  reports: number;
};
type Action =
  | { type: 'set'; patch: Partial<Draft> }
  | { type: 'fix'; patch: Partial<Draft>; reports: number }
  | { type: 'setKind'; kind: WebhookKind }
  | { type: 'report'; problems: FieldProblems }
  | { type: 'reset'; saved: Draft };

const next = (state: State, action: Action): State => {
  switch (action.type) {
    case 'set':
      return { ...state, draft: { ...state.draft, ...action.patch } };
    case 'fix':
      return action.reports === state.reports
        ? { ...state, problems: stillWrong(state.problems, action.patch) }
        : state;
    case 'setKind':
      return {
        ...state,
        draft: { ...state.draft, kind: action.kind },
        saved: { ...state.saved, kind: action.kind },
        problems: {},
      };
    case 'report':
      return { ...state, problems: action.problems, reports: state.reports + 1 };
    case 'reset':
      return { ...state, draft: action.saved, saved: action.saved, problems: {} };
  }
};

type Opening = {
  /** What was typed before the session ended. */
  kept?: Kept<KeptDraft> | null;
  /** Another webhook's settings, to begin with. */
  copy?: Draft;
};

export const useWebhookForm = (
  initial: Draft,
  isReadOnly: boolean,
  { kept, copy }: Opening = {},
): WebhookForm => {
  const [state, dispatch] = React.useReducer(next, initial, (saved) => ({
    draft: kept ? draftKept(kept.draft) : (copy ?? saved),
    saved,
    problems: {},
    reports: 0,
  }));
  const { draft, saved, problems, reports } = state;
  const isDirty = React.useMemo(() => !isSameDraft(draft, saved), [draft, saved]);
  const check = () => {
    const found = problemsIn(draft);
    dispatch({ type: 'report', problems: found });
    return Object.keys(found).length === 0;
  };
  return {
    draft,
    problems,
    isDirty,
    isReadOnly,
    check,
    set: (patch) => {
      dispatch({ type: 'set', patch });
      // A picker reports what was typed as it is left: by a click on what is below the message, mostly.
      afterPress(() => dispatch({ type: 'fix', patch, reports }));
    },
    setKind: (kind) => dispatch({ type: 'setKind', kind }),
    report: (found) => dispatch({ type: 'report', problems: found }),
    reset: (next) => dispatch({ type: 'reset', saved: next }),
  };
};
