/** Which submit and validation webhooks a move concerns, and who is told of it. */
import type { WebhookEvent, WorkflowFacts } from '../../../server/contract/event';
import {
  addresseesOf,
  boundTo,
  isAnyBound,
  isAnyRefusing,
  validating,
  type Bound,
  type TransitionEvent,
} from '../../../server/match/matching';

const FACTS: WorkflowFacts = {
  workflow: { id: 'w1', name: 'Simple' },
  command: { key: 'submit', name: 'Submit' },
  from: { key: 'draft', name: 'Draft', final: false },
  to: { key: 'review', name: 'In review', final: false },
  comment: null,
  dryRun: false,
};
const event = (changes: Partial<WebhookEvent> = {}) =>
  ({
    id: 'evt_1',
    name: 'workflow.transition',
    time: '2026-11-21T18:12:03.341Z',
    uid: 'api::article.article',
    model: 'article',
    documentId: 'd1',
    locale: 'en',
    status: 'draft',
    entry: { title: 'News' },
    previous: null,
    changes: [],
    actor: { type: 'system', id: null, name: null },
    transition: FACTS,
    ...changes,
  }) as TransitionEvent;

const webhook = (changes: Partial<Bound> = {}): Bound => ({
  id: 'one',
  kind: 'validation',
  workflow: 'w1',
  state: null,
  command: 'submit',
  events: [],
  contentTypes: [],
  locales: [],
  filter: null,
  ...changes,
});

describe('A validation is asked', () => {
  test('about the command it hangs on, in its workflow, and about no other', () => {
    const all = [
      webhook(),
      webhook({ id: 'other', command: 'approve' }),
      webhook({ id: 'elsewhere', workflow: 'w2' }),
      webhook({ id: 'submit', kind: 'submit' }),
    ];
    expect(validating(event(), all).map(({ id }) => id)).toEqual(['one']);
  });

  test.each([
    ['content types', { contentTypes: ['api::page.page'] }],
    ['locales', { locales: ['fr'] }],
    ['its filter', { filter: { field: 'entry.title', op: 'eq' as const, value: 'Other' } }],
  ])('only within %s', (_what, changes) => {
    expect(validating(event(), [webhook(changes)])).toEqual([]);
  });
});

describe('A move notifies', () => {
  const submit = (changes: Partial<Bound>) => webhook({ kind: 'submit', ...changes });
  const names = (told: WebhookEvent, webhooks: Bound[]) =>
    addresseesOf(told, webhooks).map(({ id }) => id);

  test('the submit webhooks of the command that ran and of the state that was entered', () => {
    const all = [
      submit({ id: 'command' }),
      submit({ id: 'state', state: 'review', command: null }),
      submit({ id: 'left', state: 'draft', command: null }),
    ];
    expect(names(event(), all)).toEqual(['command', 'state']);
  });

  test('of an edit that put a document back, those of the state alone', () => {
    const reset = event({ transition: { ...FACTS, command: null, to: FACTS.from } });
    const all = [submit({ id: 'command' }), submit({ id: 'state', state: 'draft', command: null })];
    expect(names(reset, all)).toEqual(['state']);
  });

  test('no webhook of the move, if it was refused', () => {
    expect(names(event({ name: 'workflow.refused' }), [submit({})])).toEqual([]);
  });

  test('event webhooks that subscribe to it, but not of a publication, which has its own event', () => {
    const subscriber = webhook({ kind: 'event', workflow: null, command: null, events: ['*'] });
    expect(names(event(), [subscriber])).toEqual(['one']);
    const published = event({
      transition: { ...FACTS, workflow: { id: 'publication', name: '' } },
    });
    expect(names(published, [subscriber])).toEqual([]);
  });
});

test('a body shows whether its webhook is bound to a state or to a command', () => {
  expect(boundTo(webhook())).toBe('command');
  expect(boundTo(webhook({ state: 'review', command: null }))).toBe('state');
  expect(boundTo(webhook({ kind: 'event' }))).toBeNull();
});

test('it is known without a document whether any webhook is bound to a workflow', () => {
  expect(isAnyBound([webhook()], 'w1', 'validation')).toBe(true);
  expect(isAnyBound([webhook()], 'w1', 'submit')).toBe(false);
  expect(isAnyBound([webhook()], 'w2', 'validation')).toBe(false);
});

test.each<[string, object, boolean]>([
  ['enforces', {}, true],
  ['only warns', { mode: 'warn' }, false],
  ['is asked of other types', { contentTypes: ['api::page.page'] }, false],
  ['hangs on another command', { command: 'reject' }, false],
  ['is a submit webhook', { kind: 'submit' }, false],
])('what %s may refuse a document: %j %s', (_what, changes, expected) => {
  const one = { ...webhook(), mode: 'enforce' as const, ...changes };
  const wish = { workflow: 'w1', command: 'submit', uid: 'api::article.article' };
  expect(isAnyRefusing([one], wish)).toBe(expected);
});
