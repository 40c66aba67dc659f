/** The form's state: what is typed, what was saved, and what is wrong with it. */
import * as React from 'react';
import type { WebhookKind } from '../../../server/contract/webhook';
import type { FieldProblems } from '../../api/problem';
import { stillWrong } from '../../components/form-problems';
import { isSameDraft, problemsIn, type Draft } from './draft';

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

type State = { draft: Draft; saved: Draft; problems: FieldProblems };
type Action =
  | { type: 'set'; patch: Partial<Draft> }
  | { type: 'setKind'; kind: WebhookKind }
  | { type: 'report'; problems: FieldProblems }
  | { type: 'reset'; saved: Draft };

const next = (state: State, action: Action): State => {
  switch (action.type) {
    case 'set':
      return {
        ...state,
        draft: { ...state.draft, ...action.patch },
        problems: stillWrong(state.problems, action.patch),
      };
    case 'setKind':
      return {
        draft: { ...state.draft, kind: action.kind },
        saved: { ...state.saved, kind: action.kind },
        problems: {},
      };
    case 'report':
      return { ...state, problems: action.problems };
    case 'reset':
      return { draft: action.saved, saved: action.saved, problems: {} };
  }
};

/** `begun`: what the form opens with, where that is not what is saved. */
export const useWebhookForm = (
  initial: Draft,
  isReadOnly: boolean,
  begun: Draft = initial,
): WebhookForm => {
  const [state, dispatch] = React.useReducer(next, {
    draft: begun,
    saved: initial,
    problems: {},
  });
  const { draft, saved, problems } = state;
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
    set: (patch) => dispatch({ type: 'set', patch }),
    setKind: (kind) => dispatch({ type: 'setKind', kind }),
    report: (found) => dispatch({ type: 'report', problems: found }),
    reset: (next) => dispatch({ type: 'reset', saved: next }),
  };
};
