/** The workflow form: how it reads its fields, and what it sends. */
import {
  draftLike,
  draftOf,
  inputOf,
  isSameDraft,
  type Draft,
} from '../../../admin/pages/workflows/draft';
import {
  withCommand,
  withMoved,
  withNewCommand,
  withNewState,
  withState,
} from '../../../admin/pages/workflows/edits';
import { freeKey, keyOf } from '../../../admin/pages/workflows/key-of';
import { draftFrom, TEMPLATES } from '../../../admin/pages/workflows/templates';
import type { TextKey } from '../../../admin/translations/use-text';
import de from '../../../admin/translations/de.json';
import en from '../../../admin/translations/en.json';
import { workflowInputSchema, type Workflow } from '../../../server/contract/workflow';

const stored: Workflow = {
  id: 'w1',
  name: 'Approval',
  contentTypes: ['api::article.article'],
  initialState: 'draft',
  states: [
    { key: 'draft', name: 'Draft', color: '#8e8ea9', final: false, onEnter: null },
    { key: 'in-review', name: 'In review', color: '#d9822f', final: false, onEnter: null },
    { key: 'approved', name: 'Approved', color: '#328048', final: true, onEnter: 'publish' },
  ],
  commands: [
    { key: 'submit', name: 'Submit', from: ['draft'], to: 'in-review', roles: [], comment: 'none' },
    {
      key: 'approve',
      name: 'Approve',
      from: ['in-review'],
      to: 'approved',
      roles: [2],
      comment: 'required',
    },
  ],
  usage: { documents: {}, contentTypes: {}, webhooks: [] },
  createdAt: '2026-11-21T18:12:03.341Z',
  updatedAt: '2026-11-21T18:12:03.341Z',
};

const lastState = ({ states }: Draft) => states.at(-1)!;
const lastCommand = ({ commands }: Draft) => commands.at(-1)!;

describe('The form of a workflow', () => {
  it('sends back what it was given, without id, usage and times', () => {
    const { id, usage, createdAt, updatedAt, ...settings } = stored;
    expect([id, usage, createdAt, updatedAt]).toBeTruthy();
    expect(inputOf(draftOf(stored))).toEqual({ ...settings, moveTo: {} });
  });

  it('counts as changed only while something else would be sent', () => {
    const draft = draftOf(stored);
    const id = draft.states[0]!.id;
    const renamed = withState(draft, id, { name: 'Sketch' });
    expect(isSameDraft(draft, renamed)).toBe(false);
    expect(isSameDraft(draft, withState(renamed, id, { name: 'Draft' }))).toBe(true);
  });

  it('makes the key of a new state from its name, letter by letter', () => {
    let draft = withNewState(draftOf(stored));
    const { id } = lastState(draft);
    draft = withState(draft, id, { name: 'Legal ch' });
    expect(lastState(draft).key).toBe('legal-ch');
    draft = withState(draft, id, { name: 'Legal check' });
    expect(lastState(draft).key).toBe('legal-check');
  });

  it('keeps a key that was typed, and follows the name again once it is emptied', () => {
    let draft = withNewState(draftOf(stored));
    const { id } = lastState(draft);
    draft = withState(draft, id, { key: 'law' });
    draft = withState(draft, id, { name: 'Legal check' });
    expect(lastState(draft).key).toBe('law');
    draft = withState(draft, id, { key: '' });
    draft = withState(draft, id, { name: 'Legal checks' });
    expect(lastState(draft).key).toBe('legal-checks');
  });

  it('never changes the key of a stored state or command', () => {
    const draft = draftOf(stored);
    const renamed = withState(draft, draft.states[0]!.id, { name: 'Sketch', key: 'sketch' });
    expect(renamed.states[0]).toMatchObject({ name: 'Sketch', key: 'draft' });
    const command = withCommand(draft, draft.commands[0]!.id, { name: 'Hand in', key: 'hand-in' });
    expect(command.commands[0]).toMatchObject({ name: 'Hand in', key: 'submit' });
  });

  it('gives a second state of the same name another key', () => {
    let draft = withNewState(draftOf(stored));
    draft = withState(draft, lastState(draft).id, { name: 'In Review' });
    expect(lastState(draft).key).toBe('in-review-2');
  });

  it('keeps what commands refer to while the key of a state is still typed', () => {
    let draft = withNewCommand(withNewState(draftOf(stored)));
    const state = lastState(draft).id;
    draft = withCommand(draft, lastCommand(draft).id, { name: 'Ask', from: [state], to: state });
    for (const name of ['L', 'Le', 'Law']) draft = withState(draft, state, { name });
    expect(inputOf(draft).commands?.at(-1)).toMatchObject({ from: ['law'], to: 'law' });
  });

  it('gives a new state a colour that no other has', () => {
    const draft = withNewState(withNewState(draftOf(stored)));
    const colors = draft.states.map(({ color }) => color);
    expect(new Set(colors).size).toBe(5);
  });

  it('moves a state by one place, and no further than the ends', () => {
    const draft = draftOf(stored);
    const order = (of: Draft) => of.states.map(({ key }) => key);
    const id = draft.states[0]!.id;
    const down = withMoved(draft, { part: 'states', id, by: 1 });
    expect(order(down)).toEqual(['in-review', 'draft', 'approved']);
    expect(inputOf(down).initialState).toBe('draft');
    expect(order(withMoved(draft, { part: 'states', id, by: -1 }))).toEqual(order(draft));
  });

  it('starts a copy without anything that is stored, so that its keys may change', () => {
    const copy = draftLike({ ...stored, name: 'Copy', contentTypes: [] });
    expect(copy.states.every(({ savedKey }) => savedKey === null)).toBe(true);
    expect(inputOf(copy)).toMatchObject({ name: 'Copy', contentTypes: [], moveTo: {} });
  });
});

describe('A key made from a name', () => {
  it.each([
    ['In review', 'in-review'],
    ['In Prüfung', 'in-pruefung'],
    ['Straße', 'strasse'],
    ['À vérifier !', 'a-verifier'],
    ['  2nd check  ', '2nd-check'],
    ['審査', ''],
  ])('of "%s" is "%s"', (name, key) => {
    expect(keyOf(name)).toBe(key);
  });

  it('falls back to a word where the name has no letter for it, and to nothing without a name', () => {
    expect(freeKey('審査', { fallback: 'state', taken: ['state'] })).toBe('state-2');
    expect(freeKey('  ', { fallback: 'state', taken: [] })).toBe('');
  });

  it('is at most 64 characters long, with its number', () => {
    const long = 'x'.repeat(80);
    const first = freeKey(long, { fallback: 'state', taken: [] });
    expect(first).toHaveLength(64);
    const second = freeKey(long, { fallback: 'state', taken: [first] });
    expect(second).toHaveLength(64);
    expect(second.endsWith('-2')).toBe(true);
  });

  it('is another one where the same is there in capitals', () => {
    expect(freeKey('draft', { fallback: 'state', taken: ['Draft'] })).toBe('draft-2');
  });
});

describe.each([
  ['en', en],
  ['de', de],
])('The templates in %s', (_locale, messages) => {
  const text = (key: TextKey) => (messages as Record<string, string>)[`${key}`]!;

  it.each(TEMPLATES.filter((template) => template !== 'blank'))(
    'of "%s" can be saved once they have a name',
    (template) => {
      const draft = { ...draftFrom(template, text), name: 'Approval' };
      expect(workflowInputSchema.safeParse(inputOf(draft)).error).toBeUndefined();
    },
  );

  it('have names for everything', () => {
    for (const template of TEMPLATES) {
      const { states, commands } = draftFrom(template, text);
      expect([...states, ...commands].every(({ name }) => Boolean(name))).toBe(true);
    }
  });
});
