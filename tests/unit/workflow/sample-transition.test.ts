/** A test of a webhook speaks of the very workflow it hangs on. */
import { sampleTransition } from '../../../server/workflow/definition/flow';

const WORKFLOW = {
  id: 'w1',
  name: 'Simple',
  contentTypes: [],
  states: [
    { key: 'draft', name: 'Draft', color: '#000000', final: false },
    { key: 'done', name: 'Done', color: '#000000', final: true },
  ],
  commands: [{ key: 'finish', name: 'Finish', from: ['draft'], to: 'done' }],
};

test('on a command, it contains the command and both states', () => {
  expect(sampleTransition(WORKFLOW, { state: null, command: 'finish' })).toMatchObject({
    workflow: { id: 'w1', name: 'Simple' },
    command: { key: 'finish', name: 'Finish' },
    from: { key: 'draft', final: false },
    to: { key: 'done', final: true },
  });
});

test('on a state, it comes by a command that leads there', () => {
  expect(sampleTransition(WORKFLOW, { state: 'done', command: null })).toMatchObject({
    command: { key: 'finish' },
    to: { key: 'done' },
  });
});

test('on a state that no command leads to, it contains no command', () => {
  expect(sampleTransition(WORKFLOW, { state: 'draft', command: null })).toMatchObject({
    command: null,
    to: { key: 'draft' },
  });
});

test('of a workflow that is gone there is none', () => {
  expect(sampleTransition(undefined, { state: 'done', command: null })).toBeUndefined();
});
