/** A draft as the diagram shows it: boxes, arrows, and what is missing from it. */
import { initialOf, type Draft } from '../draft';

export type Node = {
  id: string;
  name: string;
  color: string;
  isInitial: boolean;
  isFinal: boolean;
  onEnter: 'publish' | 'unpublish' | null;
  /** No command leads here from the initial state, not even by way of others. */
  isUnreachable: boolean;
  /** No command leads on to a final state, although there is one. */
  isStuck: boolean;
};

/** One for each state that a command starts from. */
export type Edge = { id: string; name: string; from: string; to: string };

export type Drawn = {
  nodes: Node[];
  edges: Edge[];
  /** Names of commands that lead from nowhere or to nowhere, and so cannot be drawn yet. */
  loose: string[];
};

type Step = Pick<Edge, 'from' | 'to'>;

/** The starts, and all that the steps lead to. */
export const reached = (starts: readonly string[], steps: readonly Step[]): ReadonlySet<string> => {
  const found = new Set(starts);
  // A set is walked on to what is added meanwhile.
  for (const id of found) for (const step of steps) if (step.from === id) found.add(step.to);
  return found;
};

const edgesOf = ({ states, commands }: Draft): Edge[] => {
  const isState = new Set(states.map(({ id }) => id));
  return commands.flatMap(({ id, name, key, from, to }) =>
    [...new Set(from)]
      .filter((start) => isState.has(start) && isState.has(to))
      .map((start) => ({ id: `${id} ${start}`, name: name || key, from: start, to })),
  );
};

const looseOf = ({ states, commands }: Draft): string[] => {
  const isState = new Set(states.map(({ id }) => id));
  return commands
    .filter(({ from, to }) => !isState.has(to) || !from.some((start) => isState.has(start)))
    .map(({ name, key }) => name || key);
};

export const drawnOf = (draft: Draft): Drawn => {
  const edges = edgesOf(draft);
  const initial = initialOf(draft)?.id;
  const finals = draft.states.filter((state) => state.final).map(({ id }) => id);
  const reachable = reached(initial === undefined ? [] : [initial], edges);
  const leadsOn = reached(
    finals,
    edges.map(({ from, to }) => ({ from: to, to: from })),
  );
  const nodes = draft.states.map(({ id, name, key, color, final, onEnter }) => ({
    id,
    name: name || key,
    color,
    isInitial: id === initial,
    isFinal: final,
    onEnter,
    isUnreachable: !reachable.has(id),
    isStuck: finals.length > 0 && !leadsOn.has(id),
  }));
  return { nodes, edges, loose: looseOf(draft) };
};
