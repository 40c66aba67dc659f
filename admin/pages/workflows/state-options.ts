/** The states of a draft as its fields offer them for choice, by the ids of their rows. */
import type { Text } from '../../translations/use-text';
import type { StateRow } from './draft';

export const stateOptions = (states: readonly StateRow[], text: Text) =>
  states.map(({ id, name, key, color, final }) => ({
    key: id,
    name: name || key || text('workflows.unnamed'),
    color,
    final,
  }));
