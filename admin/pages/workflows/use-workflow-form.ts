/** The form's state: what is typed, what was saved, what is wrong with it, and what hangs on it. */
import * as React from 'react';
import type { WorkflowUsage } from '../../../server/contract/workflow';
import type { FieldProblems } from '../../services/problem';
import { afterPress } from '../../components/after-press';
import type { Kept } from '../../forms/use-kept';
import { useText } from '../../translations/use-text';
import { isSameDraft, type Draft } from './draft';
import { unplaced } from './removal';
import { problemsIn, touchedProblems, without } from './problems';

type State = {
  draft: Draft;
  saved: Draft;
  usage: WorkflowUsage;
  /** Paths of fields that somebody has been at. */
  touched: ReadonlySet<string>;
  /** Whether somebody tried to save: then every problem is shown. */
  isAttempted: boolean;
  /** What the server said of what was sent last, by paths that hold the ids of rows. */
  reported: FieldProblems;
};

type Action =
  | { type: 'edit'; place: string; change: (draft: Draft) => Draft }
  | { type: 'touch'; place: string }
  | { type: 'attempt' }
  | { type: 'report'; reported: FieldProblems; usage?: WorkflowUsage }
  | { type: 'reset'; saved: Draft; usage: WorkflowUsage };

/**
 * What the server said is in doubt once something was changed: of a row, all of it, and what concerns no single
 * field, such as a removal that it refused.
 */
const stillSaid = (reported: FieldProblems, place: string): FieldProblems => {
  const { states, commands, ...rest } = without(reported, 'moveTo');
  return without(rest, place.split('.').slice(0, 2).join('.'));
};

const next = (state: State, action: Action): State => {
  switch (action.type) {
    case 'edit': {
      const { place, change } = action;
      const reported = stillSaid(state.reported, place);
      return { ...state, draft: change(state.draft), reported };
    }
    case 'touch':
      return { ...state, touched: new Set([...state.touched, action.place]) };
    case 'attempt':
      return { ...state, isAttempted: true, reported: {} };
    case 'report':
      return { ...state, reported: action.reported, usage: action.usage ?? state.usage };
    case 'reset':
      return startOf(action.saved, action.usage);
  }
};

const startOf = (draft: Draft, usage: WorkflowUsage): State => ({
  draft,
  saved: draft,
  usage,
  touched: new Set(),
  isAttempted: false,
  reported: {},
});

export type WorkflowForm = {
  draft: Draft;
  usage: WorkflowUsage;
  /** What is shown now, by paths that hold the ids of rows: `states.<id>.key`. */
  problems: FieldProblems;
  /** Whether nothing stands in the way of sending it. */
  isSound: boolean;
  /** Whether the summary of all that is wrong is wanted. */
  isAttempted: boolean;
  isDirty: boolean;
  /** For those who may look but not change. */
  isReadOnly: boolean;
  /** `place` is the path of the field that is changed. */
  edit: (place: string, change: (draft: Draft) => Draft) => void;
  /** The field was left, or chosen from: what is wrong with it may be said now. */
  touch: (place: string) => void;
  attempt: () => void;
  report: (reported: FieldProblems, usage?: WorkflowUsage) => void;
  reset: (saved: Draft, usage: WorkflowUsage) => void;
};

type Start = {
  draft: Draft;
  usage: WorkflowUsage;
  isReadOnly: boolean;
  /** What was typed before the session ended. */
  kept: Kept<Draft> | null;
};

export const useWorkflowForm = (start: Start): WorkflowForm => {
  const { draft: first, usage, isReadOnly, kept } = start;
  const text = useText();
  const [state, dispatch] = React.useReducer(next, startOf(first, usage), (fresh) => ({
    ...fresh,
    draft: kept?.draft ?? fresh.draft,
  }));
  const { draft, saved, touched, isAttempted, reported } = state;
  const found = React.useMemo(
    () => ({
      ...problemsIn(draft, text('workflows.removedKey')),
      ...Object.fromEntries(
        unplaced(draft, state.usage).map(({ row }) => [
          `moveTo.${row.savedKey}`,
          text('workflows.removal.unplaced', { name: row.name || row.key }),
        ]),
      ),
    }),
    [draft, state.usage, text],
  );
  const isDirty = React.useMemo(() => !isSameDraft(draft, saved), [draft, saved]);
  const own = isAttempted ? found : touchedProblems(found, touched);
  return {
    draft,
    usage: state.usage,
    problems: { ...reported, ...own },
    isSound: Object.keys(found).length === 0,
    isAttempted,
    isDirty,
    isReadOnly,
    edit: (place, change) => dispatch({ type: 'edit', place, change }),
    touch: (place) => afterPress(() => dispatch({ type: 'touch', place })),
    attempt: () => dispatch({ type: 'attempt' }),
    report: (next, known) => dispatch({ type: 'report', reported: next, usage: known }),
    reset: (stored, known) => dispatch({ type: 'reset', saved: stored, usage: known }),
  };
};
