/** What a hand on the form makes of the draft: change a row, add one, move one. */
import { nextColor } from '../../domain/color';
import type { CommandRow, Draft, Part, StateRow } from './draft';
import { freeKey } from './key-of';

const FALLBACK: Record<Part, string> = { states: 'state', commands: 'command' };

/** Keys of other rows, and of removed ones: a new row under a removed key would be taken for the old one. */
const takenKeys = (draft: Draft, part: Part, id: string): string[] => [
  ...draft[part].filter((row) => row.id !== id).map(({ key }) => key),
  ...draft.removals.filter((removal) => removal.part === part).map(({ row }) => row.key),
];

type Named = Pick<StateRow, 'id' | 'savedKey' | 'isKeyTyped'>;
type Naming = { name?: string; key?: string };

/** A typed key is kept; until then, a new row's key follows its name. */
const keyPatch = (draft: Draft, part: Part, { row, patch }: { row: Named; patch: Naming }) => {
  if (row.savedKey !== null) return { key: row.savedKey };
  if (patch.key !== undefined) return { isKeyTyped: patch.key !== '' };
  if (patch.name === undefined || row.isKeyTyped) return {};
  const taken = takenKeys(draft, part, row.id);
  return { key: freeKey(patch.name, { fallback: FALLBACK[part], taken }) };
};

export const withState = (draft: Draft, id: string, patch: Partial<StateRow>): Draft => ({
  ...draft,
  states: draft.states.map((row) =>
    row.id === id ? { ...row, ...patch, ...keyPatch(draft, 'states', { row, patch }) } : row,
  ),
});

export const withCommand = (draft: Draft, id: string, patch: Partial<CommandRow>): Draft => ({
  ...draft,
  commands: draft.commands.map((row) =>
    row.id === id ? { ...row, ...patch, ...keyPatch(draft, 'commands', { row, patch }) } : row,
  ),
});

const newRow = (draft: Draft) => ({
  id: `new-${draft.added + 1}`,
  savedKey: null,
  isKeyTyped: false,
  key: '',
  name: '',
});

export const withNewState = (draft: Draft): Draft => {
  const color = nextColor(draft.states.map((state) => state.color));
  const state: StateRow = { ...newRow(draft), color, final: false, onEnter: null };
  return { ...draft, states: [...draft.states, state], added: draft.added + 1 };
};

export const withNewCommand = (draft: Draft): Draft => {
  const rest = { from: [], to: '', roles: [], comment: 'optional' } as const;
  const command: CommandRow = { ...newRow(draft), ...rest, from: [], roles: [] };
  return { ...draft, commands: [...draft.commands, command], added: draft.added + 1 };
};

const swapped = <Row extends { id: string }>(rows: readonly Row[], id: string, by: -1 | 1) => {
  const at = rows.findIndex((row) => row.id === id);
  const one = rows[at];
  const other = rows[at + by];
  return one && other
    ? rows.map((row) => (row === one ? other : row === other ? one : row))
    : [...rows];
};

type Move = { part: Part; id: string; by: -1 | 1 };

/** One place up (-1) or down (1); at the end of the list it stays where it is. */
export const withMoved = (draft: Draft, { part, id, by }: Move): Draft =>
  part === 'states'
    ? { ...draft, states: swapped(draft.states, id, by) }
    : { ...draft, commands: swapped(draft.commands, id, by) };
