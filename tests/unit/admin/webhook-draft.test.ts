/** A webhook that is opened and saved untouched stays what it was, and a wrong one is told as the server tells it. */
import {
  draftOf,
  inputOf,
  isSameDraft,
  newDraft,
  problemsIn,
  settingsOf,
} from '../../../admin/pages/webhooks/draft';
import { MASK } from '../../../server/contract/names';
import { webhookInputSchema, type Webhook } from '../../../server/contract/webhook';

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
  health: { state: 'healthy', consecutiveFailures: 0, disabledReason: null, lastSuccessAt: null },
  createdAt: '2026-11-21T18:12:03.341Z',
  updatedAt: '2026-11-21T18:12:03.341Z',
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
    const issues = webhookInputSchema.safeParse(input).error?.issues ?? [];
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
