/** A workflow refers only to what is there, and nothing in use vanishes unsaid. */
import { workflowInputSchema, type WorkflowUsage } from '../../../server/contract/workflow';
import {
  approvesUnmoved,
  leavingProblems,
  leavingTypes,
  problemsOf,
  removed,
  withRoleIds,
} from '../../../server/workflow/definition/check-workflow';

const type = (uid: string, hasDraftAndPublish = true) => ({
  uid,
  modelName: uid,
  displayName: uid.toUpperCase(),
  kind: 'collectionType' as const,
  hasDraftAndPublish,
  isLocalized: false,
  isHidden: false,
  mainField: null,
  attributes: [],
});
const AROUND = {
  contentTypes: [type('article'), type('notice', false)],
  roles: [{ id: 2, code: 'strapi-editor', name: 'Editor' }],
  taken: new Map([['page', 'Pages']]),
};

const settings = (changes: object = {}) =>
  workflowInputSchema.parse({
    name: 'Simple',
    contentTypes: ['article'],
    initialState: 'draft',
    states: [
      { key: 'draft', name: 'Draft' },
      { key: 'review', name: 'In review' },
      { key: 'done', name: 'Done', final: true },
    ],
    commands: [
      { key: 'submit', name: 'Submit', from: ['draft'], to: 'review' },
      { key: 'finish', name: 'Finish', from: ['review'], to: 'done' },
    ],
    ...changes,
  });

const problems = (changes: object, around = AROUND) =>
  problemsOf(settings(changes), around).map(({ path, code, params }) => [
    path.join('.'),
    code,
    params,
  ]);

test('a workflow of what is there has no problems', () => {
  expect(problems({})).toEqual([]);
});

test('an unknown, a taken and a repeated content type are named at their places', () => {
  const around = { ...AROUND, contentTypes: [...AROUND.contentTypes, type('page')] };
  const found = problems({ contentTypes: ['article', 'ghost', 'page', 'article'] }, around);
  expect(found).toEqual([
    ['contentTypes.1', 'content-type-unknown', { uid: 'ghost' }],
    ['contentTypes.2', 'workflow-type-taken', { name: 'PAGE', workflow: 'Pages' }],
    ['contentTypes.3', 'workflow-type-repeated', { name: 'ARTICLE' }],
  ]);
  const taken = problemsOf(settings({ contentTypes: ['page'] }), around);
  expect(taken.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^"PAGE" has the workflow "Pages" already/),
  ]);
});

test('a type without draft & publish cannot have a state that publishes', () => {
  const states = [
    { key: 'draft', name: 'Draft' },
    { key: 'review', name: 'In review' },
    { key: 'done', name: 'Done', final: true, onEnter: 'publish' },
  ];
  expect(problems({ contentTypes: ['notice'], states })).toEqual([
    ['contentTypes.0', 'workflow-type-without-draft', { name: 'NOTICE', state: 'Done' }],
  ]);
  expect(problems({ contentTypes: ['notice'] })).toEqual([]);
});

test('roles are known by their ids or their codes, and kept as ids', () => {
  const commands = [
    { key: 'submit', name: 'S', from: ['draft'], to: 'review', roles: ['strapi-editor', 2, '2'] },
    { key: 'finish', name: 'F', from: ['review'], to: 'done', roles: [9] },
  ];
  expect(problems({ commands })).toEqual([['commands.1.roles.0', 'role-unknown', { role: 9 }]]);
  expect(withRoleIds(settings({ commands }).commands, AROUND.roles)[0]?.roles).toEqual([2]);
});

describe('What is removed', () => {
  const usage: WorkflowUsage = {
    contentTypes: {},
    documents: { review: 3 },
    webhooks: [{ id: 'w', name: 'Spelling', kind: 'validation', state: null, command: 'submit' }],
  };
  const smaller = (moveTo: object = {}) =>
    settings({
      states: [
        { key: 'draft', name: 'Draft' },
        { key: 'done', name: 'Done', final: true },
      ],
      commands: [{ key: 'finish', name: 'Finish', from: ['draft'], to: 'done' }],
      moveTo,
    });

  test('and in use must say where its documents and webhooks go', () => {
    expect(removed(settings(), smaller(), usage).problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('"In review" is in use (3 documents are in it)'),
      expect.stringContaining('"Submit" is in use (used by "Spelling")'),
    ]);
  });

  test('moves to the named state', () => {
    const {
      states,
      commands,
      problems: none,
    } = removed(settings(), smaller({ review: 'draft', submit: 'finish' }), usage);
    expect(none).toEqual([]);
    expect([...states]).toEqual([['review', 'draft']]);
    expect([...commands]).toEqual([['submit', 'finish']]);
  });

  test('cannot go where nothing stays', () => {
    const { problems: found } = removed(settings(), smaller({ review: 'ghost' }), usage);
    expect(found[0]).toMatchObject({ path: ['moveTo', 'review'] });
  });

  test('and unused may simply go', () => {
    const none = { documents: {}, webhooks: [] };
    expect(removed(settings(), smaller(), none).problems).toEqual([]);
  });
});

describe('Content types that are taken out', () => {
  const problems = (moveTo: Record<string, string>, contentTypes: Record<string, number>) =>
    leavingProblems(
      ['page'],
      { moveTo },
      { usage: { contentTypes }, nameOf: (uid) => uid.toUpperCase() },
    );

  test('are those that a change leaves out', () => {
    const before = { contentTypes: ['page', 'article'] };
    expect(leavingTypes(before, { contentTypes: ['article', 'notice'] })).toEqual(['page']);
  });

  test('need a word where their documents have states, and that word is "publication"', () => {
    expect(problems({}, { page: 2, article: 1 })).toMatchObject([
      {
        path: ['moveTo', 'page'],
        code: 'workflow-type-has-documents',
        message: expect.stringMatching(/^"PAGE" has 2 documents/),
      },
    ]);
    expect(problems({ page: 'draft' }, {})).toMatchObject([{ path: ['moveTo', 'page'] }]);
    expect(problems({}, { article: 1 })).toEqual([]);
    expect(problems({ page: 'publication' }, { page: 2 })).toEqual([]);
  });
});

test('Documents that never moved are approved unseen only where their state goes for a final one', () => {
  const state = (key: string, final = false) => ({ key, final, name: key }) as never;
  const before = { initialState: 'draft', states: [state('draft'), state('done', true)] };
  const after = { initialState: 'done', states: [state('done', true)], moveTo: {} };
  expect(approvesUnmoved(before, after)).toBe(true);
  expect(approvesUnmoved(before, { ...after, moveTo: { draft: 'done' } })).toBe(false);
  expect(approvesUnmoved(before, { ...after, states: before.states })).toBe(false);
  expect(approvesUnmoved({ ...before, states: [state('draft', true)] }, after)).toBe(false);
  const other = { ...after, initialState: 'idea', states: [state('idea')] };
  expect(approvesUnmoved(before, other)).toBe(false);
});
