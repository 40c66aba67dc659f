/** JSON text of what JSON.stringify cannot write: deep nesting, and lone surrogates. */
import fc from 'fast-check';
import { isSameJson, jsonText, sortedJson, wellFormedJson } from '../../../server/store/json';
import { deep } from './deep';

/** With the flag u, a pair of surrogates is one character of another category. */
const LONE = /\p{Cs}/u;
const sent = (value: object) => wellFormedJson(jsonText(value));

describe('the JSON text of a value', () => {
  it.each([2_000, 10_000, 100_000])('nested %d deep can be read again', (depth) => {
    const text = jsonText({ before: 'a', nested: deep(depth), after: [1, null, true] });
    expect(text.startsWith('{"before":"a","nested":')).toBe(true);
    expect(text.endsWith(',"after":[1,null,true]}')).toBe(true);
    // The middle is as long as its brackets, its keys and its innermost value.
    const { nested } = JSON.parse(text);
    expect(isSameJson(nested, deep(depth))).toBe(true);
  });

  it('is that of JSON.stringify, however it is written', () => {
    const odd = fc.oneof(
      fc.constantFrom(undefined, NaN, Infinity, () => 1, Symbol('a')),
      fc.date(),
    );
    const value = fc.anything({ values: [fc.jsonValue(), odd], maxDepth: 4 });
    fc.assert(
      fc.property(value, (inner) => {
        const expected = JSON.stringify({ inner, list: [inner] });
        const wrapped = { inner, list: [inner], deep: deep(10_000) };
        const head = expected.slice(0, -1);
        expect(jsonText(wrapped).startsWith(head)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('has a date as its ISO text, also in what is nested deep', () => {
    const text = jsonText({ at: new Date(0), bad: new Date(NaN), nested: deep(10_000) });
    expect(text).toContain('{"at":"1970-01-01T00:00:00.000Z","bad":null,"nested":');
  });
});

describe('a lone surrogate', () => {
  it('is U+FFFD in values and in keys, and a pair stays a character', () => {
    expect(sent({ a: 'x\ud83dy', 'k\udc00': ['\ud83d\ude00', '\ude00\ud83d'] })).toBe(
      '{"a":"x\ufffdy","k\ufffd":["😀","\ufffd\ufffd"]}',
    );
  });

  it('does not change text that only looks like an escape', () => {
    const looks = { a: '\\ud83d', b: '\\\\ud83d', c: '"\\ud83d"', d: '\\\ud83d' };
    expect(JSON.parse(sent(looks))).toEqual({ ...looks, d: '\\\ufffd' });
  });

  it('leaves no text that a strict parser refuses', () => {
    const codes = fc.array(fc.integer({ min: 0xd700, max: 0xe000 }), { maxLength: 6 });
    const text = fc.oneof(
      codes.map((list) => String.fromCharCode(...list)),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\\', '\\u', '\\ud83d', '"'),
    );
    fc.assert(
      fc.property(fc.dictionary(text, text), (value) => {
        const parsed = JSON.parse(sent(value)) as Record<string, string>;
        const texts = [...Object.keys(parsed), ...Object.values(parsed)];
        expect(texts.some((one) => LONE.test(one))).toBe(false);
      }),
    );
  });
});

describe('two JSON values', () => {
  it.each([2_000, 10_000, 100_000])('are compared %d deep', (depth) => {
    expect(isSameJson(deep(depth), deep(depth))).toBe(true);
    expect(isSameJson(deep(depth), deep(depth, 'other'))).toBe(false);
    expect(isSameJson(deep(depth), deep(depth + 1))).toBe(false);
  });

  it('are the same whatever the order of their keys, and only then', () => {
    expect(
      isSameJson({ a: 1, b: [1, { c: 2, d: null }] }, { b: [1, { d: null, c: 2 }], a: 1 }),
    ).toBe(true);
    for (const [one, other] of [
      [{ a: 1 }, { a: 1, b: undefined }],
      [{ a: undefined }, { b: undefined }],
      [[], {}],
      [
        [1, 2],
        [2, 1],
      ],
      [null, {}],
      [new Date(1), new Date(2)],
      [new Date(1), {}],
      ['1', 1],
    ])
      expect(isSameJson(one, other)).toBe(false);
    expect(isSameJson(new Date(1), new Date(1))).toBe(true);
    expect(isSameJson(NaN, NaN)).toBe(true);
  });
});

describe('the sorted JSON text of a value', () => {
  it('is the same whatever the order of its keys', () => {
    const one = { b: [{ d: 1, c: 2 }], a: null };
    const other = { a: null, b: [{ c: 2, d: 1 }] };
    expect(sortedJson(one)).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
    expect(sortedJson(other)).toBe(sortedJson(one));
  });

  it.each([2_000, 10_000])('is written %d deep', (depth) => {
    expect(sortedJson([deep(depth)])).toBe(jsonText([deep(depth)]));
  });
});
