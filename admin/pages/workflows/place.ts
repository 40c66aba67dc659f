/** Where on the page a path of the form is, and how people call it. */
import type { Text } from '../../translations/use-text';
import type { Draft } from './draft';

const isRowPath = (path: string) => /^(states|commands|moveTo)\./.test(path);

/** The id of the box of a row, of a removal, or of a section's field. */
export const boxId = (path: string) =>
  `workflow-${path
    .split('.')
    .slice(0, isRowPath(path) ? 2 : 1)
    .join('-')}`;

const ofRow = (draft: Draft, path: string, text: Text): string | null => {
  const [part, id] = path.split('.');
  const state = part === 'states' && draft.states.find((row) => row.id === id);
  if (state)
    return text('workflows.place.state', { name: state.name || text('workflows.unnamed') });
  const command = part === 'commands' && draft.commands.find((row) => row.id === id);
  return command
    ? text('workflows.place.command', { name: command.name || text('workflows.unnamed') })
    : null;
};

const OF_FIELDS = {
  name: 'workflows.name',
  contentTypes: 'workflows.contentTypes',
  moveTo: 'workflows.removal.title',
  initialState: 'workflows.initial',
  states: 'workflows.states',
  commands: 'workflows.commands',
} as const;

/** "State In review:", "Name:"; null where the message has to speak for itself. */
export const placeName = (draft: Draft, path: string, text: Text): string | null => {
  const row = ofRow(draft, path, text);
  if (row !== null) return row;
  const field = Object.entries(OF_FIELDS).find(([name]) => name === path.split('.')[0]);
  return field ? text('workflows.place.field', { name: text(field[1]) }) : null;
};

const PARTS = ['name', 'contentTypes', 'moveTo', 'initialState', 'states', 'commands'];

/** By it, problems are listed as their fields stand on the page. */
export const placeOrder = (draft: Draft, path: string): number => {
  const [part = '', id] = path.split('.');
  const rows = part === 'states' || part === 'commands' ? [...draft[part]] : [];
  return PARTS.indexOf(part) * 1000 + rows.findIndex((row) => row.id === id);
};

/** To the first field there that is marked, or to the box itself. */
export const goToPlace = (path: string) => {
  const box = document.getElementById(boxId(path));
  const target = box?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? box;
  target?.scrollIntoView({ block: 'center' });
  target?.focus({ preventScroll: true });
};
