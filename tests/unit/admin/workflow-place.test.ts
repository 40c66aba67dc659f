/** The workflow, state or command of a webhook is shown by its name, or as deleted. */
import {
  inWorkflow,
  isPlaced,
  moveOf,
  namedPlace,
  typesFor,
} from '../../../admin/pages/webhooks/workflow-place';
import type { Place } from '../../../admin/pages/webhooks/draft';
import type { ContentTypeInfo } from '../../../server/contract/content-type';
import type { WorkflowChoice } from '../../../server/contract/workflow';

const state = (key: string, name: string) => ({ key, name, color: '#4945ff', final: false });

const articles: WorkflowChoice = {
  id: 'w1',
  name: 'Articles',
  contentTypes: ['api::article.article'],
  states: [state('draft', 'Draft'), state('review', 'In review'), state('done', 'Published')],
  commands: [
    { key: 'submit', name: 'Submit', from: ['draft'], to: 'review' },
    { key: 'approve', name: 'Approve', from: ['draft', 'review'], to: 'done' },
    { key: 'restart', name: 'Restart', from: ['draft', 'review', 'done'], to: 'draft' },
    { key: 'odd', name: 'Odd', from: ['lost'], to: 'nowhere' },
  ],
};
const moves = articles.commands.map((command) =>
  moveOf(command, { workflow: articles, anyState: 'any state' }),
);
const nowhere: Place = { workflow: null, state: null, command: null };

describe('A command', () => {
  test('tells from which states to which it leads, by their names', () => {
    expect(moves.slice(0, 3)).toEqual([
      'Draft → In review',
      'Draft, In review → Published',
      'any state → Draft',
    ]);
  });

  test('tells keys where there is no such state', () => {
    expect(moves[3]).toBe('lost → nowhere');
  });
});

describe('A place', () => {
  test('is told by names', () => {
    expect(namedPlace({ ...nowhere, workflow: 'w1', state: 'done' }, [articles])).toEqual({
      workflow: { name: 'Articles', isGone: false },
      state: { name: 'Published', isGone: false },
      command: null,
    });
    expect(
      namedPlace({ ...nowhere, workflow: 'w1', command: 'approve' }, [articles]).command,
    ).toEqual({ name: 'Approve', isGone: false });
  });

  test('is gone where its workflow, its state or its command is', () => {
    const gone = (place: Partial<Place>) => {
      const named = namedPlace({ ...nowhere, ...place }, [articles]);
      return Object.entries(named).filter(([, part]) => part?.isGone);
    };
    expect(gone({ workflow: 'w2', state: 'done' })).toEqual([
      ['workflow', { name: 'w2', isGone: true }],
    ]);
    expect(gone({ workflow: 'w1', state: 'old' })).toEqual([
      ['state', { name: 'old', isGone: true }],
    ]);
    expect(gone({ workflow: 'w1', command: 'old' })).toEqual([
      ['command', { name: 'old', isGone: true }],
    ]);
  });

  test('is not said to be gone while nobody knows which workflows there are', () => {
    expect(namedPlace({ workflow: 'w2', state: null, command: 'approve' }, undefined)).toEqual({
      workflow: { name: 'w2', isGone: false },
      state: null,
      command: { name: 'approve', isGone: false },
    });
  });

  test('is whole with a workflow and a state or a command of it', () => {
    expect(isPlaced(nowhere)).toBe(false);
    expect(isPlaced({ ...nowhere, workflow: 'w1' })).toBe(false);
    expect(isPlaced({ ...nowhere, workflow: 'w1', state: 'done' })).toBe(true);
    expect(isPlaced({ ...nowhere, workflow: 'w1', command: 'approve' })).toBe(true);
  });

  test('in another workflow starts anew, with the content types that both have', () => {
    expect(
      inWorkflow(articles, { contentTypes: ['api::page.page', 'api::article.article'] }),
    ).toEqual({ ...nowhere, workflow: 'w1', contentTypes: ['api::article.article'] });
  });
});

test('The content types to choose from are those of the workflow, or all without one', () => {
  const types = [{ uid: 'api::article.article' }, { uid: 'api::page.page' }] as ContentTypeInfo[];
  expect(typesFor(types, articles).map(({ uid }) => uid)).toEqual(['api::article.article']);
  expect(typesFor(types, undefined)).toBe(types);
});
