/** A webhook on its way into the database and out again. */
import { MASK } from '../../../server/contract/names';
import type { Headers } from '../../../server/contract/webhook';
import { jwkOf } from '../../../server/store/secrets/webhook-secrets';
import {
  shownWebhook,
  fitting,
  missingHeaderSecrets,
  OVERLAP_MS,
  plainHeaders,
  plainUrl,
  publicKeysOf,
  rotated,
  storedHeaders,
  urlToStore,
  validAt,
  type WebhookRow,
} from '../../../server/store/webhook-record';

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

describe('a URL', () => {
  const key = { encrypt, decrypt };
  const withoutKey = { encrypt: noKey, decrypt: noKey };
  const plain = 'https://example.com/hook?bare&empty=';
  const whole = 'https://example.com/hook?token=abc&team=web';
  const shown = `https://example.com/hook?token=${MASK}&team=${MASK}`;
  const locked = { url: shown, urlSecret: `locked(${whole})` };
  /** A row from before queries were stored separately. */
  const before = { url: whole, urlSecret: null };
  const stored = (columns: { url: string; urlSecret: string | null }, isNew = true) => ({
    kind: 'stored',
    whole: plainUrl(columns, decrypt),
    isNew,
    columns,
  });

  it('without values in its query is stored as it is, with a key or without', () => {
    expect(urlToStore(plain, null, key)).toEqual(stored({ url: plain, urlSecret: null }));
    expect(urlToStore(plain, null, withoutKey)).toEqual(stored({ url: plain, urlSecret: null }));
  });

  it('with values is stored masked, and whole only where it is encrypted', () => {
    expect(urlToStore(whole, null, key)).toEqual(stored(locked));
    expect(urlToStore(whole, null, withoutKey)).toEqual({ kind: 'noKey' });
  });

  it('comes out whole for a request, and not at all with another key', () => {
    expect(plainUrl(locked, decrypt)).toBe(whole);
    expect(plainUrl(before, decrypt)).toBe(whole);
    expect(plainUrl(locked, noKey)).toBeNull();
  });

  it.each([
    ['as it is answered', shown],
    ['as it is', whole],
  ])('that is sent back %s stays stored as it was', (_, sent) => {
    expect(urlToStore(sent, locked, key)).toEqual(stored(locked, false));
  });

  it('that is sent back masked stays stored even when its key is lost', () => {
    expect(urlToStore(shown, locked, withoutKey)).toMatchObject({ columns: locked, isNew: false });
  });

  it('of before is encrypted by the next change, and left as it was where there is no key', () => {
    expect(urlToStore(shown, before, key)).toEqual(stored(locked, false));
    expect(urlToStore(shown, before, withoutKey)).toEqual(stored(before, false));
  });

  it('whose masks moved takes its values along', () => {
    const sent = `https://example.org/?team=${MASK}&token=${MASK}&x=1`;
    expect(urlToStore(sent, locked, key)).toMatchObject({
      whole: 'https://example.org/?team=web&token=abc&x=1',
      isNew: true,
      columns: { url: `https://example.org/?team=${MASK}&token=${MASK}&x=${MASK}` },
    });
  });

  it('with a mask of nothing names the parameter', () => {
    const sent = `https://example.com/hook?other=${MASK}`;
    expect(urlToStore(sent, locked, key)).toEqual({ kind: 'masked', names: ['other'] });
    expect(urlToStore(sent, null, key)).toEqual({ kind: 'masked', names: ['other'] });
    const moved = shown.replace('/hook', '/new');
    expect(urlToStore(moved, locked, withoutKey)).toEqual({
      kind: 'masked',
      names: ['token', 'team'],
    });
  });

  it('that loses its values is no secret any more', () => {
    expect(urlToStore(plain, locked, key)).toEqual(stored({ url: plain, urlSecret: null }));
  });
});

describe('signing secrets', () => {
  const now = 1_000_000;
  const first = rotated([], { value: 'one' }, now);
  const second = rotated(first, { value: 'two' }, now);

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
    expect(rotated(second, { value: 'three' }, now).map(({ value }) => value)).toEqual([
      'three',
      'two',
    ]);
  });
});

describe('the keys of a webhook', () => {
  const now = 1_000_000;
  const keyOf = (byte: number) => `whpk_${Buffer.alloc(32, byte).toString('base64')}`;
  const pair = (byte: number) => ({ value: `locked(${byte})`, publicKey: keyOf(byte) });
  const pairs = rotated(rotated([], pair(1), now), pair(2), now);
  const signing = 'standard-ed25519' as const;

  it('are of two kinds, and a signing takes its own', () => {
    const mixed = [...pairs, { value: 'shared', until: null }];
    expect(fitting(mixed, signing)).toEqual(pairs);
    for (const other of ['standard', 'github', 'stripe'] as const) {
      expect(fitting(mixed, other)).toEqual([{ value: 'shared', until: null }]);
    }
    expect(fitting(null, signing)).toEqual([]);
  });

  it('are published while they verify: the one in use first, the one before it until its end', () => {
    const until = now + OVERLAP_MS;
    const current = { publicKey: keyOf(2), jwk: jwkOf(keyOf(2)), validUntil: null };
    expect(publicKeysOf({ signing, secrets: pairs }, until - 1)).toEqual([
      current,
      { publicKey: keyOf(1), jwk: jwkOf(keyOf(1)), validUntil: new Date(until).toISOString() },
    ]);
    expect(publicKeysOf({ signing, secrets: pairs }, until)).toEqual([current]);
  });

  it('are not published where it does not sign with them', () => {
    for (const other of ['none', 'standard', 'github', 'stripe'] as const) {
      expect(publicKeysOf({ signing: other, secrets: pairs }, now)).toEqual([]);
    }
    expect(publicKeysOf({ signing, secrets: null }, now)).toEqual([]);
  });
});

it('is answered with defaults for what the database has lost, and without secrets', () => {
  const row = {
    documentId: 'w1',
    kind: 'event',
    name: 'A',
    enabled: true,
    url: 'https://example.com/?token=of-before',
    headers: { 'x-key': secret('locked(old)') },
    secrets: [{ value: 'locked(whsec)', until: null }],
    maxAttempts: 10,
  } as unknown as WebhookRow;
  const health = {
    state: 'healthy',
    consecutiveFailures: 0,
    disabledReason: null,
    disabledAt: null,
    failingSince: null,
    lastSuccessAt: null,
    pausedUntil: null,
    lastDelivery: null,
  } as const;
  const answer = shownWebhook(row, health);
  expect(answer).toMatchObject({
    id: 'w1',
    description: '',
    url: `https://example.com/?token=${MASK}`,
    publicKey: null,
    headers: { 'x-key': secret(MASK) },
    authorization: null,
    events: [],
    contentTypes: [],
    locales: [],
    filter: null,
    health,
  });
  expect(JSON.stringify(answer)).not.toMatch(/locked|of-before/);
  const pair = { value: 'locked(whsk)', until: null, publicKey: 'whpk_A' };
  const signed = shownWebhook({ ...row, signing: 'standard-ed25519', secrets: [pair] }, health);
  expect(signed.publicKey).toBe('whpk_A');
  expect(JSON.stringify(signed)).not.toContain('locked');
});
