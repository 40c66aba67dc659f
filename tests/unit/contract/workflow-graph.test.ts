/** The problems of a workflow's graph, and the way through it. */
import fc from 'fast-check';
import { workflowInputSchema } from '../../../server/contract/workflow';
import { graphProblems, wayOn, type Graph } from '../../../server/contract/workflow-graph';

const state = (key: string, more: Partial<Graph['states'][number]> = {}) => ({
  key,
  name: `State ${key}`,
  final: false,
  onEnter: null,
  ...more,
});
const command = (key: string, from: string[], to: string) => ({ key, from, to });

/** draft -> review -> live (final), and back. */
const graph = (more: Partial<Graph> = {}): Graph => ({
  initialState: 'draft',
  states: [state('draft'), state('review'), state('live', { final: true, onEnter: 'publish' })],
  commands: [
    command('submit', ['draft'], 'review'),
    command('approve', ['review'], 'live'),
    command('reject', ['review', 'live'], 'draft'),
  ],
  ...more,
});

const placesOf = (of: Graph) => graphProblems(of).map(({ path }) => path.join('.'));
const withCommand = (...added: Graph['commands']) =>
  graph({ commands: [...graph().commands, ...added] });
const withState = (...added: Graph['states']) => graph({ states: [...graph().states, ...added] });

describe('a workflow whose states are all reached and all lead to a final one', () => {
  it('has no problems', () => {
    expect(graphProblems(graph())).toEqual([]);
  });

  it('may be of one final state alone', () => {
    const one = { initialState: 'live', states: [state('live', { final: true })], commands: [] };
    expect(graphProblems(one)).toEqual([]);
  });

  it('may have another action than publishing on any state', () => {
    const taken = graph({
      states: [state('draft', { onEnter: 'unpublish' }), ...graph().states.slice(1)],
    });
    expect(graphProblems(taken)).toEqual([]);
  });
});

describe('a problem of a workflow is reported at its field', () => {
  it.each<[string, Graph, string[]]>([
    [
      'a state key that is there twice, at the later one',
      withState(state('review', { name: 'Another' })),
      ['states.3.key'],
    ],
    [
      'keys that differ in capitals only, which MySQL takes for the same',
      withCommand(command('Submit', ['draft'], 'review')),
      ['commands.3.key'],
    ],
    [
      'a command key that is there twice, at the later one',
      withCommand(command('submit', ['draft'], 'live')),
      ['commands.3.key'],
    ],
    [
      'a state name that is there twice, whatever its capitals',
      graph({
        states: [state('draft'), state('review', { name: ' state DRAFT ' }), graph().states[2]!],
      }),
      ['states.1.name'],
    ],
    ['an initial state that is none', graph({ initialState: 'nowhere' }), ['initialState']],
    ['an initial state that is not chosen yet', graph({ initialState: '' }), ['initialState']],
    [
      'a command from a state that is none',
      withCommand(command('x', ['draft', 'nowhere'], 'live')),
      ['commands.3.from.1'],
    ],
    [
      'a command to a state that is none',
      withCommand(command('x', ['draft'], 'nowhere')),
      ['commands.3.to'],
    ],
    [
      'a state that a command lists twice, at the later one',
      withCommand(command('x', ['draft', 'review', 'draft'], 'live')),
      ['commands.3.from.2'],
    ],
    [
      'a command from a state to itself',
      withCommand(command('x', ['draft'], 'draft')),
      ['commands.3.from.0'],
    ],
    [
      'a command from several states, one of which it leads to',
      withCommand(command('x', ['draft', 'review'], 'review')),
      ['commands.3.from.1'],
    ],
    [
      'a state that no command leads to from the initial one',
      graph({
        states: [...graph().states, state('lost')],
        commands: [...graph().commands, command('x', ['lost'], 'draft')],
      }),
      ['states.3'],
    ],
    [
      'a state that no way leads on from to a final one',
      graph({
        states: [...graph().states, state('trap'), state('deeper')],
        commands: [
          ...graph().commands,
          command('x', ['draft'], 'trap'),
          command('y', ['trap'], 'deeper'),
          command('z', ['deeper'], 'trap'),
        ],
      }),
      ['states.3', 'states.4'],
    ],
    [
      'no final state at all, once',
      graph({ states: [state('draft'), state('review'), state('live')] }),
      ['states'],
    ],
    [
      'publishing on a state that is not final',
      graph({
        states: [state('draft', { onEnter: 'publish' }), ...graph().states.slice(1)],
      }),
      ['states.0.onEnter'],
    ],
  ])('%s', (_what, of, expected) => {
    expect(placesOf(of)).toEqual(expected);
  });

  it("in a sentence with the solution and the administrator's names", () => {
    expect(graphProblems(withCommand(command('x', ['draft'], 'draft')))[0]?.message).toBe(
      'The command would lead from "draft" to "draft" itself. Choose another state to lead to, or take this one off the list.',
    );
    const lost = withState(state('lost', { name: 'In limbo' }));
    expect(graphProblems(lost)[0]?.message).toContain('"In limbo"');
  });

  it('and what is still empty is asked for, but is no repetition and out of nobody’s reach', () => {
    const half: Graph = {
      initialState: '',
      states: [state('', { name: '' }), state('', { name: '' })],
      commands: [command('', [], ''), command('', [''], '')],
    };
    expect(placesOf(half)).toEqual([
      'initialState',
      'commands.0.to',
      'commands.1.from.0',
      'commands.1.to',
      'states',
    ]);
  });
});

const keys = fc.constantFrom('', 'a', 'b', 'c', 'd', 'A', '__proto__', 'constructor');
const anyGraph: fc.Arbitrary<Graph> = fc.record({
  initialState: keys,
  states: fc.array(
    fc.record({
      key: keys,
      name: fc.constantFrom('', 'A', 'a', 'B'),
      final: fc.boolean(),
      onEnter: fc.constantFrom('publish' as const, 'unpublish' as const, null),
    }),
    { maxLength: 6 },
  ),
  commands: fc.array(fc.record({ key: keys, from: fc.array(keys, { maxLength: 4 }), to: keys }), {
    maxLength: 8,
  }),
});

/** Tries every way, slowly: the steps from a state to a final one, or null. */
const stepsOn = (of: Graph, from: string, tried: string[] = []): number | null => {
  const isState = (key: string) => of.states.some((one) => one.key === key);
  // If several states have the same key, the last one counts.
  if (of.states.findLast(({ key }) => key === from)?.final) return 0;
  const lengths = of.commands
    .filter((one) => one.from.includes(from) && isState(one.to) && !tried.includes(one.to))
    .map(({ to }) => stepsOn(of, to, [...tried, from]))
    .filter((length) => length !== null);
  return lengths.length === 0 ? null : Math.min(...lengths) + 1;
};

describe('whatever graph is typed', () => {
  it('is judged without an error, each problem at a place that is there', () => {
    fc.assert(
      fc.property(anyGraph, (of) => {
        for (const { path, message } of graphProblems(of)) {
          const [at, ...rest] = path;
          let part: any = of[at as keyof Graph];
          for (const key of rest) part = part[key];
          expect(part).toBeDefined();
          expect(message).toMatch(/\.$/);
        }
      }),
    );
  });

  it('leads on by the first command of a shortest way, or by none where there is no way', () => {
    fc.assert(
      fc.property(anyGraph, keys, (of, from) => {
        const steps = stepsOn(of, from);
        const way = wayOn(of, from);
        if (steps === null || steps === 0) return expect(way).toBeNull();
        expect(way?.from).toContain(from);
        expect(stepsOn(of, way?.to ?? '')).toBe(steps - 1);
      }),
      { numRuns: 1000 },
    );
  });

  it('is looked at to its end, however long its lists are', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `s${index}`);
    const long: Graph = {
      initialState: 's0',
      states: names.map((key) => state(key)),
      commands: names.map((key, index) => command(key, names.slice(index, index + 2), key)),
    };
    expect(graphProblems(long).length).toBeGreaterThan(0);
    expect(graphProblems(withCommand(command('x', names, 'live'))).length).toBe(20_000);
  });
});

describe('the way on', () => {
  it('is the first command of a shortest way to a final state', () => {
    expect(wayOn(graph(), 'draft')?.key).toBe('submit');
    expect(wayOn(graph(), 'review')?.key).toBe('approve');
    const shortcut = withCommand(command('express', ['draft'], 'live'));
    expect(wayOn(shortcut, 'draft')?.key).toBe('express');
  });

  it('begins where the document is, however many steps are left', () => {
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const line: Graph = {
      initialState: 'a',
      states: keys.map((key) => state(key, { final: key === 'e' })),
      commands: keys.slice(1).map((to, index) => command(`to-${to}`, [keys[index]!], to)),
    };
    expect(keys.map((key) => wayOn(line, key)?.key)).toEqual([
      'to-b',
      'to-c',
      'to-d',
      'to-e',
      undefined,
    ]);
  });

  it('is the earliest command of several ways as short', () => {
    const two = withCommand(command('approve-too', ['review'], 'live'));
    expect(wayOn(two, 'review')?.key).toBe('approve');
  });

  it('is none from a final state, from one that leads nowhere, and from one that is not there', () => {
    expect(wayOn(graph(), 'live')).toBeNull();
    expect(wayOn(withState(state('trap')), 'trap')).toBeNull();
    expect(wayOn(graph(), 'nowhere')).toBeNull();
  });

  it('does not lead over a state that is not there', () => {
    const ghost = graph({
      commands: [command('a', ['draft'], 'ghost'), command('b', ['ghost'], 'live')],
    });
    expect(wayOn(ghost, 'draft')).toBeNull();
  });
});

describe('the input of a workflow', () => {
  const named = ({ commands, ...rest }: Graph) => ({
    ...rest,
    commands: commands.map((one) => ({ ...one, name: one.key })),
  });
  const input = (more: Partial<Graph> = {}) => ({ name: 'Editorial', ...named(graph(more)) });
  const pathsOf = (value: object) =>
    workflowInputSchema.safeParse(value).error?.issues.map(({ path }) => path.join('.')) ?? [];

  it('is taken where its graph has no problems', () => {
    expect(pathsOf(input())).toEqual([]);
  });

  it('is refused at the place of each problem of its graph', () => {
    expect(pathsOf(input({ initialState: 'nowhere' }))).toEqual(['initialState']);
    expect(pathsOf(input({ commands: [command('x', ['draft'], 'nowhere')] }))).toEqual([
      'commands.0.to',
      'states.1',
      'states.2',
      'states.0',
      'states.1',
    ]);
  });

  it('that is no graph at all is refused for what it is', () => {
    expect(pathsOf({ ...input(), states: 'none' })).toEqual(['states']);
    expect(pathsOf({ ...input(), commands: [null] })).toEqual(['commands.0']);
  });
});
