/** A webhook that is opened and saved untouched stays what it was, and a wrong one is told as the server tells it. */
import {
  copyOf,
  draftOf,
  inputOf,
  isSameDraft,
  newDraft,
  problemsIn,
  settingsOf,
} from '../../../admin/pages/webhooks/draft';
import { MASK } from '../../../server/contract/names';
import { WEBHOOK_KINDS, webhookInputSchema, type Webhook } from '../../../server/contract/webhook';
import { inWords } from '../../../server/contract/api';

const stored: Webhook = {
  id: 'w1',
  kind: 'event',
  name: 'Website',
  description: '',
  enabled: true,
  url: 'https://example.com/hook',
  headers: { 'x-team': 'web', 'x-key': { value: MASK, secret: true } },
  serialization: 'json',
  format: 'standard',
  authorization: 'a1',
  signing: 'standard',
  events: ['entry.*'],
  contentTypes: ['api::article.article'],
  locales: ['en'],
  filter: { and: [{ field: 'entry.title', op: 'startsWith', value: 'News' }] },
  maxAttempts: 10,
  rateLimit: null,
  ordered: false,
  workflow: null,
  state: null,
  command: null,
  onError: 'refuse',
  mode: 'enforce',
  timeout: null,
  health: {
    state: 'healthy',
    consecutiveFailures: 0,
    disabledReason: null,
    disabledAt: null,
    failingSince: null,
    lastSuccessAt: null,
    pausedUntil: null,
    lastDelivery: null,
  },
  createdAt: '2026-11-21T18:12:03.341Z',
  updatedAt: '2026-11-21T18:12:03.341Z',
  publicKey: null,
  includesEndUsers: false,
};

const wrong = (patch: Partial<ReturnType<typeof newDraft>>) =>
  problemsIn({ ...draftOf(stored), ...patch });
const row = (name: string, value = 'v') => ({
  key: `${name}-${value}`,
  name,
  value,
  secret: false,
  isStored: false,
});

describe('The draft of a webhook', () => {
  test('sends back what was loaded, with the mask in place of secrets', () => {
    expect(inputOf(draftOf(stored))).toEqual(settingsOf(stored));
    expect(webhookInputSchema.parse(inputOf(draftOf(stored)))).toEqual(settingsOf(stored));
    expect(problemsIn(draftOf(stored))).toEqual({});
  });

  test('starts with the defaults of the contract', () => {
    const input = inputOf({ ...newDraft(), name: 'A', url: 'https://example.com/' });
    expect(input).toEqual(webhookInputSchema.parse({ name: 'A', url: 'https://example.com/' }));
  });

  test('knows whether anything was changed', () => {
    expect(isSameDraft(draftOf(stored), draftOf(stored))).toBe(true);
    expect(isSameDraft(draftOf(stored), { ...draftOf(stored), events: [] })).toBe(false);
  });

  test('leaves out header rows in which nothing was entered', () => {
    const draft = { ...draftOf(stored), headers: [row('x-team'), row('', '')] };
    expect(inputOf(draft).headers).toEqual({ 'x-team': 'v' });
  });
});

describe('A copy of a webhook', () => {
  const url = `https://example.com/hook?a=${MASK}&b=&c=${MASK}`;
  const copy = copyOf({ ...stored, url }, 'Copy of Website');

  test('has everything but its secrets, and is off', () => {
    expect(inputOf(copy)).toEqual({
      ...settingsOf(stored),
      name: 'Copy of Website',
      enabled: false,
      url: 'https://example.com/hook?a=&b=&c=',
      headers: { 'x-team': 'web', 'x-key': { value: '', secret: true } },
    });
  });

  test('is not saved before its secret headers are entered again', () => {
    expect(Object.keys(problemsIn(copy))).toEqual(['headers.x-key.value']);
  });

  test('keeps to the length of a name', () => {
    const { name } = copyOf(stored, `Copy of ${'a'.repeat(200)}`);
    expect([name.length, name.slice(0, 9)]).toEqual([200, 'Copy of a']);
  });
});

describe('The kind of a webhook', () => {
  /** Everything that any kind can have, as after choosing one kind after the other. */
  const full = {
    ...newDraft(),
    name: 'A',
    url: 'https://example.com/',
    events: ['entry.*'],
    workflow: 'w1',
    state: 'approved',
    command: 'approve',
    onError: 'allow',
    mode: 'audit',
    timeout: 500,
    maxAttempts: 3,
  } as const;
  const as = (kind: Webhook['kind']) => inputOf({ ...full, kind, events: [...full.events] });

  test('decides what is sent: an event webhook has events, and nothing of a workflow', () => {
    expect(as('event')).toMatchObject({
      ...{ events: ['entry.*'], workflow: null, state: null, command: null, maxAttempts: 3 },
      ...{ onError: 'refuse', mode: 'enforce', timeout: null },
    });
  });

  test('decides what is sent: a submit webhook has its place, and nothing of a validation', () => {
    expect(as('submit')).toMatchObject({
      ...{ events: [], workflow: 'w1', state: 'approved', command: 'approve', maxAttempts: 3 },
      ...{ onError: 'refuse', mode: 'enforce', timeout: null },
    });
  });

  test('decides what is sent: a validation has a command and no state, and is asked once', () => {
    expect(as('validation')).toMatchObject({
      ...{ events: [], workflow: 'w1', state: null, command: 'approve', maxAttempts: 10 },
      ...{ onError: 'allow', mode: 'audit', timeout: 500 },
    });
  });

  test('is all that a new webhook lacks to be sent, once its place is chosen', () => {
    const placed = { workflow: 'w1', command: 'approve' };
    for (const kind of WEBHOOK_KINDS) {
      const draft = { ...newDraft(kind, placed), name: 'A', url: 'https://example.com/' };
      expect({ kind, problems: problemsIn(draft) }).toEqual({ kind, problems: {} });
    }
  });

  test('asks for a place before anything is sent', () => {
    const problems = (kind: Webhook['kind']) =>
      problemsIn({ ...newDraft(kind), name: 'A', url: 'https://example.com/' });
    expect(Object.keys(problems('event'))).toEqual([]);
    expect(Object.keys(problems('submit'))).toEqual(['workflow', 'state']);
    expect(Object.keys(problems('validation'))).toEqual(['workflow', 'command']);
  });
});

describe('A secret header', () => {
  const secret = () => draftOf(stored).headers.find(({ name }) => name === 'x-key')!;
  const sent = (row: ReturnType<typeof secret>) =>
    inputOf({ ...draftOf(stored), headers: [row] }).headers;

  test('stays stored unless another value is typed, and the mask is never edited as text', () => {
    expect(secret()).toMatchObject({ value: '', isStored: true });
    expect(sent(secret())).toEqual({ 'x-key': { value: MASK, secret: true } });
    expect(sent({ ...secret(), value: 'new' })).toEqual({
      'x-key': { value: 'new', secret: true },
    });
  });

  test('that is made plain does not send the mask as its value', () => {
    expect(sent({ ...secret(), secret: false, isStored: false })).toEqual({ 'x-key': '' });
  });
});

describe('The check before sending', () => {
  test('tells the server\u2019s own sentences at its own paths', () => {
    const input = { ...settingsOf(stored), name: ' ', url: 'ftp://example.com', maxAttempts: 99 };
    const issues = webhookInputSchema.safeParse(input, { error: inWords }).error?.issues ?? [];
    expect(issues.length).toBe(3);
    const problems = wrong({ name: ' ', url: 'ftp://example.com', maxAttempts: 99 });
    expect(problems).toEqual(
      Object.fromEntries(issues.map(({ path, message }) => [path.join('.'), message])),
    );
  });

  test('finds the condition of a filter that is wrong', () => {
    const blank = { kind: 'condition', key: 'k', field: '', op: 'eq', value: '' } as const;
    const group = {
      kind: 'group',
      key: 'g',
      join: 'or',
      isNegated: true,
      children: [blank],
    } as const;
    const problems = wrong({ filter: { ...group, children: [...group.children] } });
    expect(Object.keys(problems)).toEqual(['filter.not.or.0.field']);
  });

  test('finds a header that is there twice, that is refused, or that has no name', () => {
    expect(wrong({ headers: [row('x-a', '1'), row('x-a', '2')] })).toEqual({
      'headers.x-a': '"x-a" is there twice.',
    });
    expect(Object.keys(wrong({ headers: [row('Host')] }))).toEqual(['headers.Host']);
    expect(Object.keys(wrong({ headers: [row('')] }))).toEqual(['headers.']);
  });
});
