/** The problems of an unfinished workflow, and the rows of the form that show them. */
import { draftLike, type Draft } from '../../../admin/pages/workflows/draft';
import { withMoved, withNewCommand, withNewState } from '../../../admin/pages/workflows/edits';
import {
  problemAt,
  problemsIn,
  rowPath,
  rowProblem,
  rowProblems,
  touchedProblems,
  without,
} from '../../../admin/pages/workflows/problems';
import { draftFrom } from '../../../admin/pages/workflows/templates';

const sound: Draft = { ...draftFrom('simple', (key) => key), name: 'Approval' };
const id = (key: string) =>
  [...sound.states, ...sound.commands].find((row) => row.key === key)?.id ?? '';

describe('The problems of a workflow', () => {
  it('are none of a sound one', () => {
    expect(problemsIn(sound, 'taken')).toEqual({});
  });

  it('stay with their row when it moves', () => {
    const draft = { ...sound, states: sound.states.map((row) => ({ ...row, color: '#12' })) };
    const moved = withMoved(draft, { part: 'states', id: id('draft'), by: 1 });
    expect(Object.keys(problemsIn(moved, 'taken')).sort()).toEqual(
      Object.keys(problemsIn(draft, 'taken')).sort(),
    );
    expect(problemsIn(moved, 'taken')[`states.${id('draft')}.color`]).toMatch(/colour/);
  });

  it('say of an empty choice what to choose, not that it is a malformed key', () => {
    const draft = withNewCommand(sound);
    const problems = problemsIn(draft, 'taken');
    const path = `commands.${draft.commands.at(-1)!.id}`;
    expect(problems[`${path}.to`]).toBe('Choose the state that the command leads to.');
    expect(problems[`${path}.from`]).toBe('Choose at least one state.');
    expect(problems[`${path}.name`]).toBe('Give the command a name.');
  });

  it('that the server finds are put at the rows that were sent', () => {
    const said = { 'states.1.key': 'no', 'commands.0.roles.2': 'gone', 'moveTo.x': 'where?' };
    expect(rowProblems(sound, said)).toEqual({
      [`states.${id('in-review')}.key`]: 'no',
      [`commands.${id('submit')}.roles.2`]: 'gone',
      'moveTo.x': 'where?',
    });
    expect(rowPath(sound, 'states.99.key')).toBe('states.99.key');
    expect(rowPath(sound, 'states')).toBe('states');
  });

  it('of what is inside a field are those of the field', () => {
    const problems = { 'commands.a.from.1': 'twice' };
    expect(problemAt(problems, 'commands.a.from')).toBe('twice');
    expect(problemAt(problems, 'commands.a.fro')).toBeUndefined();
  });

  it('of a row as a whole are told from those of its fields', () => {
    const problems = { 'states.a.name': 'empty', 'states.a': 'unreachable', 'states.ab': 'other' };
    expect(rowProblem(problems, 'states.a', ['name'])).toBe('unreachable');
    expect(rowProblem(without(problems, 'states.a'), 'states.a', ['name'])).toBeUndefined();
    expect(Object.keys(without(problems, 'states.a'))).toEqual(['states.ab']);
  });

  it('are shown of touched fields only, until somebody tries to save', () => {
    const draft = withNewState(sound);
    const row = `states.${draft.states.at(-1)!.id}`;
    const found = problemsIn(draft, 'taken');
    expect(Object.keys(found).length).toBeGreaterThan(1);
    expect(touchedProblems(found, new Set())).toEqual({});
    expect(Object.keys(touchedProblems(found, new Set([`${row}.name`])))).toEqual([`${row}.name`]);
  });

  it('are found in anything that can be typed', () => {
    const bare = draftLike({
      name: '',
      contentTypes: [],
      initialState: 'nowhere',
      states: [],
      commands: [],
    });
    expect(Object.keys(problemsIn(bare, 'taken'))).toEqual(
      expect.arrayContaining(['name', 'states', 'initialState']),
    );
    const twice = { ...sound, states: [...sound.states, ...sound.states] };
    expect(() => problemsIn(twice, 'taken')).not.toThrow();
  });
});
