/** Reading with several keys, and encrypting anew what only an old one can read. */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import {
  decrypted,
  isEncrypted,
  encryptionKeyOf,
  keyRing,
  renewed,
} from '../../../server/store/secrets/cipher';

/** The format of Strapi's `admin::encryption`. */
const encrypted = (text: string, key: string): string => {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-gcm', createHash('sha256').update(key).digest(), iv);
  const data = cipher.update(text, 'utf8', 'hex') + cipher.final('hex');
  return `v1:${iv.toString('hex')}:${data}:${cipher.getAuthTag().toString('hex')}`;
};

describe('a text that was encrypted', () => {
  it('is read with its key, and with no other', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.string({ minLength: 1 }),
        (text, key) => {
          const stored = encrypted(text, key);
          expect(isEncrypted(stored)).toBe(true);
          expect(decrypted(stored, encryptionKeyOf(key))).toBe(text);
          expect(decrypted(stored, encryptionKeyOf(`${key}.`))).toBeNull();
        },
      ),
    );
  });

  it('is not read where anything of it was changed, or its tag was cut', () => {
    const stored = encrypted('secret', 'key');
    const read = (text: string) => decrypted(text, encryptionKeyOf('key'));
    const flipped = (at: number) =>
      stored.slice(0, at) + (stored[at] === '0' ? '1' : '0') + stored.slice(at + 1);
    for (let at = 3; at < stored.length; at += 1)
      if (stored[at] !== ':') expect(read(flipped(at))).toBeNull();
    for (const text of ['', 'v1', 'v2' + stored.slice(2), stored.slice(0, -8), 'v1:a:b:c'])
      expect(read(text)).toBeNull();
  });
});

describe('a ring of keys', () => {
  const [now, before, lost] = ['now', 'before', 'lost'].map((key) => encrypted(`of ${key}`, key));
  const ring = keyRing('now', ['older', 'before']);

  it('reads with the key of now, and with each one before it', () => {
    expect([now, before, lost].map((text) => ring.read(text!))).toEqual([
      'of now',
      'of before',
      null,
    ]);
  });

  it('finds the values that only an earlier key can read', () => {
    expect([now, before, lost].map((text) => ring.readOld(text!))).toEqual([
      null,
      'of before',
      null,
    ]);
  });

  it('of which one is named twice has nothing old', () => {
    expect(keyRing('now', ['now']).readOld(now!)).toBeNull();
  });

  it('reads without a key of now', () => {
    expect(keyRing(undefined, ['before']).read(before!)).toBe('of before');
    expect(keyRing(undefined, []).read(before!)).toBeNull();
  });
});

describe('what is stored', () => {
  const ring = keyRing('now', ['before']);
  const renewing = { ...ring, encrypt: (text: string) => encrypted(text, 'now') };
  const [now, before, lost] = ['now', 'before', 'lost'].map((key) => encrypted('text', key));

  it('is encrypted anew wherever an old key is needed, and is the same otherwise', () => {
    const headers = { 'x-a': 'plain', 'x-b': { value: before, secret: true } };
    const list = [{ value: now, until: null }, { value: before, until: 5 }, { value: lost }];
    const tally = { renewed: 0, unreadable: 0 };
    const answer = renewed({ headers, list, none: null, url: before }, renewing, tally);
    expect(tally).toEqual({ renewed: 3, unreadable: 1 });
    const value = answer as { headers: typeof headers; list: typeof list; url: string };
    for (const text of [value.headers['x-b'].value, value.list[1]?.value, value.url])
      expect(decrypted(text as string, encryptionKeyOf('now'))).toBe('text');
    expect(value).toMatchObject({
      headers: { 'x-a': 'plain', 'x-b': { secret: true } },
      list: [list[0], { until: 5 }, list[2]],
      none: null,
    });
  });

  it('stays as it was without a key to encrypt with, and counts as readable', () => {
    const tally = { renewed: 0, unreadable: 0 };
    expect(renewed([before], { ...renewing, encrypt: () => null }, tally)).toEqual([before]);
    expect(tally).toEqual({ renewed: 0, unreadable: 0 });
  });
});
