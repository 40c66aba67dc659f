/** A workflow while it is edited: rows that know each other by ids of their own, so that a key may change under them. */
import type {
  Workflow,
  WorkflowCommand,
  WorkflowGraph,
  WorkflowInput,
  WorkflowState,
} from '../../../server/contract/workflow';

export type Part = 'states' | 'commands';

type Row = {
  /** Of this row in this form; never sent. */
  id: string;
  /** The key it is stored under; null: it is new. Documents and webhooks hang on it, so it stays as it is. */
  savedKey: string | null;
  /** A key that was typed no longer follows the name. */
  isKeyTyped: boolean;
};

export type StateRow = Row & WorkflowState;
/** `from` and `to` are ids of rows; one that is removed leaves its id behind, and is valid again when it comes back. */
export type CommandRow = Row & WorkflowCommand;

/** A stored row that goes when the form is saved. */
export type Removal = {
  part: Part;
  row: StateRow | CommandRow;
  /** The ids of the rows that stood below it, for when it comes back. */
  below: string[];
  /** The row that takes its documents and webhooks over; null where there are none. */
  target: string | null;
};

export type Draft = {
  name: string;
  contentTypes: string[];
  /** The id of a row; where that is gone, the first state is the initial one. */
  initial: string;
  states: StateRow[];
  commands: CommandRow[];
  removals: Removal[];
  /** How many rows were added: makes their ids. */
  added: number;
};

type Source = WorkflowGraph & { contentTypes: string[] };

const idOf = (part: Part, key: string) => `${part}-${key}`;

const rowOf = (part: Part, key: string, isStored: boolean): Row => ({
  id: idOf(part, key),
  savedKey: isStored ? key : null,
  isKeyTyped: false,
});

const rowsOf = (source: Source, isStored: boolean): Draft => ({
  name: source.name,
  contentTypes: [...source.contentTypes],
  initial: idOf('states', source.initialState),
  states: source.states.map((state) => ({ ...state, ...rowOf('states', state.key, isStored) })),
  commands: source.commands.map((command) => ({
    ...command,
    ...rowOf('commands', command.key, isStored),
    from: command.from.map((key) => idOf('states', key)),
    to: idOf('states', command.to),
  })),
  removals: [],
  added: 0,
});

export const draftOf = (workflow: Workflow): Draft => rowsOf(workflow, true);

/** A new workflow that starts out like this one: nothing of it is stored, so its keys are free to change. */
export const draftLike = (source: Source): Draft => rowsOf(source, false);

export const initialOf = ({ initial, states }: Draft): StateRow | undefined =>
  states.find(({ id }) => id === initial) ?? states[0];

/** '' for what is not chosen, or no longer there. */
const keyOfRow = (rows: readonly (Row & { key: string })[], id: string | null) =>
  rows.find((row) => row.id === id)?.key ?? '';

const isThere = (rows: readonly Row[], id: string) => rows.some((row) => row.id === id);

/** The graph as it would be sent, half-typed or not. */
export const graphOf = (draft: Draft): WorkflowGraph => ({
  name: draft.name,
  initialState: initialOf(draft)?.key ?? '',
  states: draft.states.map(({ key, name, color, final, onEnter }) => ({
    key,
    name,
    color,
    final,
    onEnter,
  })),
  commands: draft.commands.map(({ key, name, from, to, roles, comment }) => ({
    key,
    name,
    from: from.filter((id) => isThere(draft.states, id)).map((id) => keyOfRow(draft.states, id)),
    to: keyOfRow(draft.states, to),
    roles,
    comment,
  })),
});

const moveToOf = (draft: Draft): Record<string, string> =>
  Object.fromEntries(
    draft.removals
      .filter(({ target }) => target !== null)
      .map(({ part, row, target }) => [row.savedKey ?? '', keyOfRow(draft[part], target)]),
  );

export const inputOf = (draft: Draft): WorkflowInput => ({
  ...graphOf(draft),
  contentTypes: draft.contentTypes,
  moveTo: moveToOf(draft),
});

export const isSameDraft = (one: Draft, other: Draft) =>
  JSON.stringify(inputOf(one)) === JSON.stringify(inputOf(other));
