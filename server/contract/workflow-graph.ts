/** Checks a workflow's states and commands, and finds the next command towards a final state. */
import type { OnEnter } from './workflow';

type GraphState = { key: string; name: string; final?: boolean; onEnter?: OnEnter };
type GraphCommand = { key: string; from: readonly string[]; to: string };

/** The part of a workflow that a form can check while it is still being typed. */
export type Graph = {
  initialState: string;
  states: readonly GraphState[];
  commands: readonly GraphCommand[];
};

type Problem = { path: (string | number)[]; message: string };

const NO_FINAL_STATE =
  'No state is final, so no document could ever be published. Mark at least one state as final.';

/** Every mistake at its place; none for a valid workflow. Takes any graph, even an unfinished one. */
export function graphProblems(graph: Graph): Problem[] {
  const { states, commands, initialState } = graph;
  const keys = new Set(states.map(({ key }) => key).filter((key) => key !== ''));
  const initialMessage = notAState(initialState, 'Choose the state in which new documents start.');
  return [
    ...repeatedKeys('state', states),
    ...repeatedNames(graph),
    ...(keys.has(initialState) ? [] : [{ path: ['initialState'], message: initialMessage }]),
    ...repeatedKeys('command', commands),
    ...commands.flatMap((command, index) => commandProblems(command, index, keys)),
    ...publishProblems(graph),
    // Without an initial state every state is unreachable: that is one mistake, not many.
    ...(keys.has(initialState) ? unreachable(graph) : []),
    ...deadEnds(graph),
  ];
}

/**
 * The first command of a shortest way from a state to a final one, the earliest of several as short.
 * Null if the state is final already, or no way leads on.
 */
export function wayOn<C extends GraphCommand>(
  { states, commands }: { states: readonly GraphState[]; commands: readonly C[] },
  fromKey: string,
): C | null {
  const isFinal = new Map(states.map(({ key, final }) => [key, final === true]));
  if (isFinal.get(fromKey)) return null;
  // By key, the command with which the way there begins. The loop also visits keys that it adds.
  const firsts = new Map<string, C | null>([[fromKey, null]]);
  for (const [key, first] of firsts) {
    const steps = commands.filter(({ from, to }) => from.includes(key) && isFinal.has(to));
    const last = steps.find(({ to }) => isFinal.get(to));
    if (last) return first ?? last;
    for (const step of steps) if (!firsts.has(step.to)) firsts.set(step.to, first ?? step);
  }
  return null;
}

/** The indexes of texts that repeat an earlier one. An empty text is no repetition. */
function repeated(texts: readonly string[]): number[] {
  const seen = new Set<string>();
  return texts.flatMap((text, index) => {
    const same = text.trim().toLowerCase();
    const isRepeated = seen.has(same);
    if (same !== '') seen.add(same);
    return isRepeated ? [index] : [];
  });
}

function notAState(key: string, whatToChoose: string): string {
  return key === '' ? whatToChoose : `There is no state with the key "${key}". ${whatToChoose}`;
}

/** Ignores case: MySQL finds documents in "Draft" when it is asked for "draft". */
function repeatedKeys(what: 'state' | 'command', all: readonly { key: string }[]): Problem[] {
  return repeated(all.map(({ key }) => key)).map((index) => ({
    path: [`${what}s`, index, 'key'],
    message: `Another ${what} has the key "${all[index]?.key}" already; capitals make no difference. Choose another key.`,
  }));
}

function repeatedNames({ states }: Graph): Problem[] {
  return repeated(states.map(({ name }) => name)).map((index) => ({
    path: ['states', index, 'name'],
    message: `Another state is called "${states[index]?.name}" already. Choose another name, so that editors can tell the two apart.`,
  }));
}

function commandProblems(
  { from, to }: GraphCommand,
  index: number,
  keys: ReadonlySet<string>,
): Problem[] {
  const again = new Set(repeated(from));
  const messageOf = (key: string, at: number): string | null => {
    if (!keys.has(key)) return notAState(key, "Choose one of the workflow's states.");
    if (again.has(at)) return `"${key}" is listed twice. Remove one of the two.`;
    return key === to
      ? `The command would lead from "${key}" to "${key}" itself. Choose another state to lead to, or take this one off the list.`
      : null;
  };
  const problems: Problem[] = from.flatMap((key, at) => {
    const message = messageOf(key, at);
    return message === null ? [] : [{ path: ['commands', index, 'from', at], message }];
  });
  if (keys.has(to)) return problems;
  const message = notAState(to, 'Choose the state that the command leads to.');
  return [...problems, { path: ['commands', index, 'to'], message }];
}

function publishProblems({ states }: Graph): Problem[] {
  const message =
    'Only a document in a final state can be published. Mark this state as final, or let it not publish.';
  return states.flatMap(({ final, onEnter }, index) =>
    onEnter === 'publish' && !final ? [{ path: ['states', index, 'onEnter'], message }] : [],
  );
}

type Steps = [from: string, to: string][];

function stepsOf({ commands }: Graph): Steps {
  return commands.flatMap(({ from, to }) => from.map((key): Steps[number] => [key, to]));
}

/** The starts, and every key that the steps lead to from them. */
function reached(starts: readonly string[], steps: Steps): ReadonlySet<string> {
  const found = new Set(starts);
  // The loop also visits keys that it adds.
  for (const key of found) for (const [from, to] of steps) if (from === key) found.add(to);
  return found;
}

function lost(
  { states }: Graph,
  found: ReadonlySet<string>,
  messageOf: (name: string) => string,
): Problem[] {
  return states.flatMap(({ key, name }, index) =>
    key === '' || found.has(key)
      ? []
      : [{ path: ['states', index], message: messageOf(name || key) }],
  );
}

function unreachable(graph: Graph): Problem[] {
  return lost(
    graph,
    reached([graph.initialState], stepsOf(graph)),
    (name) =>
      `No command leads from the initial state to "${name}", not even by way of others. Add one, or remove the state.`,
  );
}

function deadEnds(graph: Graph): Problem[] {
  const finals = graph.states.filter(({ final }) => final).map(({ key }) => key);
  if (finals.length === 0) return [{ path: ['states'], message: NO_FINAL_STATE }];
  const backwards = stepsOf(graph).map(([from, to]): Steps[number] => [to, from]);
  return lost(
    graph,
    reached(finals, backwards),
    (name) =>
      `No command leads from "${name}" to a final state, not even by way of others, so its documents could never be published. Add one, or mark the state as final.`,
  );
}
