/** A webhook on its way into the database and out again. */
import { MASK } from '../../../server/contract/names';
import type { Headers } from '../../../server/contract/webhook';
import {
  answerOf,
  missingHeaderSecrets,
  OVERLAP_MS,
  plainHeaders,
  rotated,
  storedHeaders,
  validAt,
  type WebhookRow,
} from '../../../server/webhooks/webhook-record';

const encrypt = (text: string) => `locked(${text})`;
const decrypt = (text: string) => /^locked\((.*)\)$/.exec(text)?.[1] ?? null;
const noKey = () => null;
const secret = (value: string) => ({ value, secret: true });

describe('headers', () => {
  const stored: Headers = { 'x-team': 'web', 'X-Key': secret('locked(old)') };

  it('are stored as they are, secret ones encrypted, masked ones as they were', () => {
    const input = { 'x-a': 'b', 'x-b': { value: 'c', secret: false }, 'x-new': secret('n') };
    expect(storedHeaders({ ...input, 'x-key': secret(MASK) }, stored, encrypt)).toEqual({
      'x-a': 'b',
      'x-b': 'c',
      'x-new': secret('locked(n)'),
      'x-key': secret('locked(old)'),
    });
  });

  it('are not stored at all where a secret cannot be encrypted', () => {
    expect(storedHeaders({ 'x-a': 'b', 'x-new': secret('n') }, {}, noKey)).toBeNull();
    expect(storedHeaders({ 'x-a': 'b' }, {}, noKey)).toEqual({ 'x-a': 'b' });
  });

  it('come out for a request in the clear, with the secret values apart', () => {
    expect(plainHeaders(stored, decrypt)).toEqual({
      headers: { 'x-team': 'web', 'X-Key': 'old' },
      values: ['old'],
    });
    expect(plainHeaders({ 'x-key': secret('of another key') }, decrypt)).toBeNull();
  });

  it.each<[string, Headers, string[]]>([
    ['a mask of what is stored', { 'x-key': secret(MASK) }, []],
    ['a mask of nothing', { 'x-other': secret(MASK) }, ['x-other']],
    ['a mask of what is no secret', { 'x-team': secret(MASK) }, ['x-team']],
    ['a mask that is to be shown', { 'x-key': { value: MASK, secret: false } }, ['x-key']],
    ['a mask as plain text', { 'x-key': MASK }, ['x-key']],
    ['a value', { 'x-key': secret('new') }, []],
  ])('with %s', (_, headers, missing) => {
    expect(missingHeaderSecrets(headers, stored)).toEqual(missing);
  });
});

describe('signing secrets', () => {
  const now = 1_000_000;
  const first = rotated([], 'one', now);
  const second = rotated(first, 'two', now);

  it('overlap for a day after a rotation, the newest first', () => {
    expect(first).toEqual([{ value: 'one', until: null }]);
    expect(second).toEqual([
      { value: 'two', until: null },
      { value: 'one', until: now + OVERLAP_MS },
    ]);
    const values = (at: number) => validAt(second, at).map(({ value }) => value);
    expect(values(now + OVERLAP_MS - 1)).toEqual(['two', 'one']);
    expect(values(now + OVERLAP_MS)).toEqual(['two']);
  });

  it('are two at most: a second rotation ends the first one’s overlap', () => {
    expect(rotated(second, 'three', now).map(({ value }) => value)).toEqual(['three', 'two']);
  });
});

it('is answered with defaults for what the database has lost, and without secrets', () => {
  const row = {
    documentId: 'w1',
    kind: 'event',
    name: 'A',
    enabled: true,
    url: 'https://example.com/',
    headers: { 'x-key': secret('locked(old)') },
    secrets: [{ value: 'locked(whsec)', until: null }],
    maxAttempts: 10,
  } as unknown as WebhookRow;
  const health = {
    state: 'healthy',
    consecutiveFailures: 0,
    disabledReason: null,
    lastSuccessAt: null,
  } as const;
  const answer = answerOf(row, health);
  expect(answer).toMatchObject({
    id: 'w1',
    description: '',
    headers: { 'x-key': secret(MASK) },
    authorization: null,
    events: [],
    contentTypes: [],
    locales: [],
    filter: null,
    health,
  });
  expect(JSON.stringify(answer)).not.toContain('locked');
});
