/** What is wrong with a workflow's states and commands, each mistake at its place; and the way through them. */
import type { OnEnter } from './workflow';

export type GraphState = { key: string; name: string; final?: boolean; onEnter?: OnEnter };
export type GraphCommand = { key: string; from: readonly string[]; to: string };

/** So little of a workflow that a form can ask while it is still typed. */
export type Graph = {
  initialState: string;
  states: readonly GraphState[];
  commands: readonly GraphCommand[];
};

export type GraphProblem = { path: (string | number)[]; message: string };

type Place = GraphProblem['path'];
type IsState = (key: string) => boolean;

/** Which ones say again what one before them said. What is still empty is no repetition. */
const repeated = (texts: readonly string[]): number[] => {
  const seen = new Set<string>();
  return texts.flatMap((text, index) => {
    const same = text.trim().toLowerCase();
    if (same === '') return [];
    const isRepeated = seen.has(same);
    seen.add(same);
    return isRepeated ? [index] : [];
  });
};

const notAState = (key: string, whatToChoose: string) =>
  key === '' ? whatToChoose : `There is no state with the key "${key}". ${whatToChoose}`;

/** Without regard to case: MySQL finds documents in "Draft" where it is asked for "draft". */
const repeatedKeys = (what: 'state' | 'command', keys: readonly string[]): GraphProblem[] =>
  repeated(keys).map((index) => ({
    path: [`${what}s`, index, 'key'],
    message: `Another ${what} has the key "${keys[index]}" already; capitals make no difference. Choose another key.`,
  }));

const repeatedNames = ({ states }: Graph): GraphProblem[] =>
  repeated(states.map(({ name }) => name)).map((index) => ({
    path: ['states', index, 'name'],
    message: `Another state is called "${states[index]?.name}" already. Choose another name, so that editors can tell the two apart.`,
  }));

const initialProblems = ({ initialState }: Graph, isState: IsState) =>
  isState(initialState)
    ? []
    : [
        {
          path: ['initialState'],
          message: notAState(initialState, 'Choose the state in which new documents start.'),
        },
      ];

const fromProblem = (
  key: string,
  { to, isState, isRepeated }: { to: string; isState: IsState; isRepeated: boolean },
): string | null => {
  if (!isState(key)) return notAState(key, "Choose one of the workflow's states.");
  if (isRepeated) return `"${key}" is listed twice. Remove one of the two.`;
  return key === to
    ? `The command would lead from "${key}" to "${key}" itself. Choose another state to lead to, or take this one off the list.`
    : null;
};

const commandProblems = (
  { from, to }: GraphCommand,
  place: Place,
  isState: IsState,
): GraphProblem[] => {
  const again = new Set(repeated(from));
  const problems: GraphProblem[] = from.flatMap((key, index) => {
    const message = fromProblem(key, { to, isState, isRepeated: again.has(index) });
    return message === null ? [] : [{ path: [...place, 'from', index], message }];
  });
  if (isState(to)) return problems;
  const message = notAState(to, 'Choose the state that the command leads to.');
  return [...problems, { path: [...place, 'to'], message }];
};

const publishProblems = ({ states }: Graph): GraphProblem[] =>
  states.flatMap(({ final, onEnter }, index) =>
    onEnter === 'publish' && !final
      ? [
          {
            path: ['states', index, 'onEnter'],
            message:
              'Only a document in a final state can be published. Mark this state as final, or let it not publish.',
          },
        ]
      : [],
  );

type Steps = [from: string, to: string][];

const stepsOf = ({ commands }: Graph): Steps =>
  commands.flatMap(({ from, to }) => from.map((key): Steps[number] => [key, to]));

/** The starts, and every key that the steps lead to from them. */
const reached = (starts: readonly string[], steps: Steps): ReadonlySet<string> => {
  const next = new Map<string, string[]>();
  for (const [from, to] of steps) {
    const ends = next.get(from);
    if (ends) ends.push(to);
    else next.set(from, [to]);
  }
  const found = new Set(starts);
  // A set is walked on to what is added meanwhile.
  for (const key of found) for (const to of next.get(key) ?? []) found.add(to);
  return found;
};

const lost = (
  { states }: Graph,
  found: ReadonlySet<string>,
  messageOf: (name: string) => string,
): GraphProblem[] =>
  states.flatMap(({ key, name }, index) =>
    key === '' || found.has(key)
      ? []
      : [{ path: ['states', index], message: messageOf(name || key) }],
  );

const unreachable = (graph: Graph): GraphProblem[] =>
  lost(
    graph,
    reached([graph.initialState], stepsOf(graph)),
    (name) =>
      `No command leads from the initial state to "${name}", not even by way of others. Add one, or remove the state.`,
  );

const NO_FINAL_STATE =
  'No state is final, so no document could ever be published. Mark at least one state as final.';

const deadEnds = (graph: Graph): GraphProblem[] => {
  const finals = graph.states.filter(({ final }) => final).map(({ key }) => key);
  if (finals.length === 0) return [{ path: ['states'], message: NO_FINAL_STATE }];
  const backwards = stepsOf(graph).map(([from, to]): Steps[number] => [to, from]);
  return lost(
    graph,
    reached(finals, backwards),
    (name) =>
      `No command leads from "${name}" to a final state, not even by way of others, so its documents could never be published. Add one, or mark the state as final.`,
  );
};

/** Every mistake at its place; none for a workflow that can be run. Takes any graph, however unfinished. */
export const graphProblems = (graph: Graph): GraphProblem[] => {
  const { states, commands, initialState } = graph;
  const keys = new Set(states.map(({ key }) => key));
  const isState = (key: string) => key !== '' && keys.has(key);
  return [
    ...repeatedKeys(
      'state',
      states.map(({ key }) => key),
    ),
    ...repeatedNames(graph),
    ...initialProblems(graph, isState),
    ...repeatedKeys(
      'command',
      commands.map(({ key }) => key),
    ),
    ...commands.flatMap((command, index) => commandProblems(command, ['commands', index], isState)),
    ...publishProblems(graph),
    // Without a place to start, every state is out of reach, and that is one mistake, not many.
    ...(isState(initialState) ? unreachable(graph) : []),
    ...deadEnds(graph),
  ];
};

/**
 * The first command of a shortest way from a state to a final one, the earliest of several as short.
 * Null if the state is final already, or no way leads on.
 */
export const wayOn = <C extends GraphCommand>(
  { states, commands }: { states: readonly GraphState[]; commands: readonly C[] },
  fromKey: string,
): C | null => {
  const isFinal = new Map(states.map(({ key, final }) => [key, final === true]));
  if (isFinal.get(fromKey)) return null;
  // By key, the command with which the way there begins. A map, too, is walked on to what is added.
  const firsts = new Map<string, C | null>([[fromKey, null]]);
  for (const [key, first] of firsts) {
    const steps = commands.filter(({ from, to }) => from.includes(key) && isFinal.has(to));
    const last = steps.find(({ to }) => isFinal.get(to));
    if (last) return first ?? last;
    for (const step of steps) if (!firsts.has(step.to)) firsts.set(step.to, first ?? step);
  }
  return null;
};
