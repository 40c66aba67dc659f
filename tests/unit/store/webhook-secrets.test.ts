import fc from 'fast-check';
import { MASK } from '../../../server/contract/names';
import {
  hasQueryValues,
  maskedUrl,
  querySecrets,
  unmaskedUrl,
} from '../../../server/store/secrets/webhook-secrets';

describe('a masked URL', () => {
  it.each([
    ['https://example.com/hook', 'https://example.com/hook'],
    ['https://example.com/hook?token=abc', `https://example.com/hook?token=${MASK}`],
    ['https://example.com/?b=2&a=1&b=3', `https://example.com/?b=${MASK}&a=${MASK}&b=${MASK}`],
    ['https://example.com/?a=b=c&d', `https://example.com/?a=${MASK}&d`],
    ['https://example.com/?a=&b', 'https://example.com/?a=&b'],
    ['https://example.com/?&&a=1&', `https://example.com/?&&a=${MASK}&`],
    ['https://example.com/%20?%C3%BC+x=%41', `https://example.com/%20?%C3%BC+x=${MASK}`],
    ['https://example.com/?a=1?b=2', `https://example.com/?a=${MASK}`],
    ['https://example.com/?a=1#b=2', `https://example.com/?a=${MASK}#b=2`],
    ['https://example.com/#?a=1', 'https://example.com/#?a=1'],
    ['?', '?'],
    ['', ''],
  ])('of %s is %s', (url, masked) => {
    expect(maskedUrl(url)).toBe(masked);
    expect(maskedUrl(masked)).toBe(masked);
    expect(hasQueryValues(url)).toBe(url !== masked);
  });
});

describe('the masks of a URL', () => {
  const stored = 'https://example.com/hook?key=one&team=web&key=two&none=&bare';

  it('stand for the stored values, by name and occurrence, wherever they are now', () => {
    expect(
      unmaskedUrl(`https://example.org/new?team=${MASK}&key=${MASK}&x=1&key=${MASK}`, stored),
    ).toEqual({ url: 'https://example.org/new?team=web&key=one&x=1&key=two', missing: [] });
  });

  it('leave what was typed anew', () => {
    expect(unmaskedUrl(`https://example.com/hook?key=new&key=${MASK}`, stored)).toEqual({
      url: 'https://example.com/hook?key=new&key=two',
      missing: [],
    });
  });

  it('are found under a name that is escaped in another way', () => {
    expect(unmaskedUrl(`https://a.b/?a%5B%5D=${MASK}`, 'https://a.b/?a[]=1')).toEqual({
      url: 'https://a.b/?a%5B%5D=1',
      missing: [],
    });
  });

  it.each([
    ['another name', `https://example.com/?token=${MASK}`, ['token']],
    ['one occurrence too many', `https://example.com/?team=${MASK}&team=${MASK}`, ['team']],
    [
      'a stored one without a value',
      `https://example.com/?none=${MASK}&bare=${MASK}`,
      ['none', 'bare'],
    ],
  ])('stand for nothing with %s', (_, url, missing) => {
    expect(unmaskedUrl(url, stored).missing).toEqual(missing);
  });

  it('stand for nothing where nothing is stored', () => {
    expect(unmaskedUrl(`https://example.com/?a=${MASK}`, null).missing).toEqual(['a']);
  });
});

describe('for any URL', () => {
  const text = fc.string({
    unit: fc.constantFrom('?', '&', '=', '#', '%', '+', '/', '*', 'a', 'b', '%41', 'ü', '"', ' '),
    maxLength: 40,
  });
  /** Few names, so that they repeat. */
  const parameter = fc
    .tuple(fc.constantFrom('a', 'b', '%61', ''), fc.constantFrom('', '=', '=1', '=22', '=='))
    .map((parts) => parts.join(''));
  const url = fc.oneof(
    fc.array(parameter).map((parameters) => `https://example.com/?${parameters.join('&')}`),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    text.map((query) => `https://example.com/?${query}`),
    text,
    fc.string({ unit: 'binary' }),
  );

  it('masking and unmasking gives it back to the letter', () => {
    fc.assert(
      fc.property(url, (whole) => {
        expect(unmaskedUrl(maskedUrl(whole), whole)).toEqual({ url: whole, missing: [] });
      }),
    );
  });

  it('a masked URL holds no value, and masking it again changes nothing', () => {
    fc.assert(
      fc.property(url, (whole) => {
        const masked = maskedUrl(whole);
        const [query = ''] = (masked.split('#')[0] ?? '').split('?').slice(1);
        for (const parameter of query.split('&')) {
          expect(['', MASK]).toContain(parameter.split('=').slice(1).join('='));
        }
        expect(maskedUrl(masked)).toBe(masked);
      }),
    );
  });

  it('its secrets can be told, however broken their escapes are', () => {
    fc.assert(
      fc.property(url, (whole) => {
        expect(querySecrets(whole).every((secret) => secret.length >= 8)).toBe(true);
      }),
    );
  });
});

describe('the secrets of a query', () => {
  it('are its values as written and as read, of eight characters or more', () => {
    const secrets = querySecrets(
      'https://example.com/?page=1&key=abc%2Fdef+g&short=%41%41%41&ok=1234567&long=12345678',
    );
    expect(secrets).toContain('abc%2Fdef+g');
    expect(secrets).toContain('abc/def+g');
    expect(secrets).toContain('abc/def g');
    expect(secrets).toContain('12345678');
    expect(secrets).not.toContain('AAA');
    expect(secrets).not.toContain('1');
    expect(secrets).not.toContain('1234567');
  });

  it('are those that go over the wire, too', () => {
    expect(querySecrets('https://example.com/?key=ü"/+abcdefg')).toContain('%C3%BC%22/+abcdefg');
  });

  it('are none where there is no query', () => {
    expect(querySecrets('https://example.com/long-enough-path#?a=long-enough')).toEqual([]);
  });
});
