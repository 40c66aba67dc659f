/** Removing what documents and webhooks hang on: where these go, and taking it back. */
import { draftOf, inputOf, type Draft } from '../../../admin/pages/workflows/draft';
import { withNewState, withState } from '../../../admin/pages/workflows/edits';
import { problemsIn } from '../../../admin/pages/workflows/problems';
import {
  isInUse,
  stakeOf,
  unplaced,
  withRemoved,
  withTarget,
  withUndone,
  type Place,
} from '../../../admin/pages/workflows/removal';
import type { Workflow, WorkflowUsage } from '../../../server/contract/workflow';

const state = (key: string, final = false) => ({
  key,
  name: key,
  color: '#4945ff',
  final,
  onEnter: null,
});
const command = (key: string, from: string[], to: string) => ({
  key,
  name: key,
  from,
  to,
  roles: [],
  comment: 'none' as const,
});
const webhook = (name: string, on: { state?: string; command?: string }) => ({
  id: name,
  name,
  kind: 'submit',
  state: on.state ?? null,
  command: on.command ?? null,
});

const usage: WorkflowUsage = {
  documents: { review: 12, legal: 3 },
  contentTypes: {},
  webhooks: [
    webhook('Slack', { state: 'review' }),
    webhook('Search', { command: 'submit' }),
    webhook('Law firm', { state: 'legal' }),
  ],
};

const stored: Workflow = {
  id: 'w1',
  name: 'Approval',
  contentTypes: [],
  initialState: 'draft',
  states: [state('draft'), state('review'), state('legal'), state('done', true)],
  commands: [
    command('submit', ['draft'], 'review'),
    command('pass', ['review'], 'legal'),
    command('approve', ['legal'], 'done'),
  ],
  usage,
  createdAt: '2026-11-21T18:12:03.341Z',
  updatedAt: '2026-11-21T18:12:03.341Z',
};

const draft = draftOf(stored);
const at = (key: string, of: Draft = draft): Place => ({
  part: 'states',
  id: of.states.find((row) => row.key === key)!.id,
});
const commandAt = (key: string): Place => ({
  part: 'commands',
  id: draft.commands.find((row) => row.key === key)!.id,
});
const keys = ({ states }: Draft) => states.map(({ key }) => key);

describe('What hangs on a state or command', () => {
  it('are its documents and the webhooks that name it', () => {
    const review = stakeOf(draft, at('review'), usage);
    expect(review.documents).toBe(12);
    expect(review.webhooks.map(({ name }) => name)).toEqual(['Slack']);
    expect(stakeOf(draft, commandAt('submit'), usage).webhooks.map(({ name }) => name)).toEqual([
      'Search',
    ]);
  });

  it('is nothing where it is new, even under a name such as "constructor"', () => {
    const added = withNewState(draft);
    const named = withState(added, added.states.at(-1)!.id, { name: 'constructor' });
    const place = { part: 'states', id: named.states.at(-1)!.id } as const;
    expect(isInUse(stakeOf(named, place, usage))).toBe(false);
  });
});

describe('Removing', () => {
  it('sends documents and webhooks of a state to the one that was chosen', () => {
    const removed = withRemoved(draft, at('review'), at('draft').id);
    expect(keys(removed)).toEqual(['draft', 'legal', 'done']);
    expect(inputOf(removed).moveTo).toEqual({ review: 'draft' });
  });

  it('of what nothing hangs on needs no place for it', () => {
    const removed = withRemoved(draft, at('done'), null);
    expect(inputOf(removed).moveTo).toEqual({});
    expect(removed.removals).toHaveLength(1);
  });

  it('of a state that was never stored leaves no trace', () => {
    const added = withNewState(draft);
    const gone = withRemoved(added, { part: 'states', id: added.states.at(-1)!.id }, null);
    expect(gone.removals).toEqual([]);
    expect(keys(gone)).toEqual(keys(draft));
  });

  it('counts what was to move to it, and takes that along when it goes itself', () => {
    const first = withRemoved(draft, at('review'), at('legal').id);
    const stake = stakeOf(first, at('legal', first), usage);
    expect(stake.documents).toBe(15);
    expect(stake.webhooks.map(({ name }) => name)).toEqual(['Law firm', 'Slack']);
    const second = withRemoved(first, at('legal', first), at('draft').id);
    expect(inputOf(second).moveTo).toEqual({ review: 'draft', legal: 'draft' });
  });

  it('asks for a place even of a new state, once documents are to move there', () => {
    const added = withNewState(draft);
    const fresh = { part: 'states', id: added.states.at(-1)!.id } as const;
    const removed = withRemoved(added, at('review'), fresh.id);
    expect(isInUse(stakeOf(removed, fresh, usage))).toBe(true);
    const both = withRemoved(removed, fresh, at('draft').id);
    expect(inputOf(both).moveTo).toEqual({ review: 'draft' });
  });

  it('follows the key of the state that the documents go to', () => {
    const added = withNewState(draft);
    const target = added.states.at(-1)!.id;
    const removed = withRemoved(added, at('review'), target);
    const named = withState(removed, target, { name: 'Second look' });
    expect(inputOf(named).moveTo).toEqual({ review: 'second-look' });
  });

  it('of commands keeps their webhooks apart from those of states', () => {
    const removed = withRemoved(draft, commandAt('submit'), commandAt('pass').id);
    expect(inputOf(removed).moveTo).toEqual({ submit: 'pass' });
    expect(inputOf(removed).commands?.map(({ key }) => key)).toEqual(['pass', 'approve']);
  });

  it('of the initial state lets new documents start in the first that stays', () => {
    const removed = withRemoved(draft, at('draft'), null);
    expect(inputOf(removed).initialState).toBe('review');
    expect(inputOf(withUndone(removed, at('draft'))).initialState).toBe('draft');
  });

  it('says of commands that led there that they lead nowhere now', () => {
    const removed = withRemoved(draft, at('review'), at('draft').id);
    const { submit, pass } = Object.fromEntries(draft.commands.map(({ key, id }) => [key, id]));
    const problems = problemsIn(removed, 'taken');
    expect(problems[`commands.${submit}.to`]).toMatch(/Choose the state/);
    expect(problems[`commands.${pass}.from`]).toMatch(/at least one state/);
  });

  it('refuses to a new state the key of a removed one, whose documents would stay in it', () => {
    const added = withNewState(withRemoved(draft, at('review'), at('draft').id));
    const id = added.states.at(-1)!.id;
    expect(withState(added, id, { name: 'Review' }).states.at(-1)!.key).toBe('review-2');
    const typed = withState(added, id, { name: 'Review', key: 'REVIEW' });
    expect(problemsIn(typed, 'taken')[`states.${id}.key`]).toBe('taken');
  });
});

describe('Taking a removal back', () => {
  it('puts the state where it stood, with its commands and its documents', () => {
    const removed = withRemoved(draft, at('review'), at('draft').id);
    expect(inputOf(withUndone(removed, at('review')))).toEqual(inputOf(draft));
  });

  it('of two brings back either, in any order', () => {
    const first = withRemoved(draft, at('review'), at('draft').id);
    const both = withRemoved(first, at('legal'), at('draft').id);
    const back = withUndone(withUndone(both, at('review')), at('legal'));
    expect(inputOf(back)).toEqual(inputOf(draft));
  });
});

describe('Documents that came to a removed state since the page was loaded', () => {
  it('are asked about then', () => {
    const removed = withRemoved(draft, at('done'), null);
    expect(unplaced(removed, usage)).toEqual([]);
    const later = { ...usage, documents: { ...usage.documents, done: 1 } };
    expect(unplaced(removed, later).map(({ row }) => row.key)).toEqual(['done']);
    const placed = withTarget(removed, at('done'), at('legal').id);
    expect(unplaced(placed, later)).toEqual([]);
    expect(inputOf(placed).moveTo).toEqual({ done: 'legal' });
  });
});
