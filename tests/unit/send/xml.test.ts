import fc from 'fast-check';
import { FORMATS } from '../../../server/contract/webhook';
import { bodyOf } from '../../../server/send/request';
import { xmlOf, xmlNameOf } from '../../../server/send/xml';
import { deep } from '../store/deep';
import { articleEvent, articleModel, webhook } from './events';
import { parsed, validatorProblems, xmlProblems } from './xml-checks';

const inner = (tree: object) =>
  xmlOf(tree)
    .replace(/^<\?xml[^>]*\?>/, '')
    .replace(/^<event>([^]*)<\/event>$/, '$1');

const HOSTILE = {
  markup: `<script>alert("1")</script> & &amp; ' ]]> <![CDATA[ x ]]> <!-- - -- --> <?pi?> <!DOCTYPE a>`,
  controls: '\u0000\u0001\u0008\u000b\u000c\u000e\u001f\u007f\u0085\u2028',
  surrogates: 'a\ud800b\udc00c \udc00\ud800',
  nonCharacters: '\ufffe\uffff',
  emoji: '👩‍👩‍👧‍👦 🇩🇪',
  '': 'the empty key',
  'a b': 1,
  '1st': 1,
  '-dash': 1,
  '.stop': 1,
  'x:y': 1,
  xmlns: 'http://example.com',
  'xmlns:x': 'http://example.com',
  xml: 1,
  '<b/>': 1,
  '"quoted" & \u0000': 'x',
  '?xml': { version: '2' },
  '#text': 'text',
  '#': 'text',
  '@': 'attribute',
  '@name': 'attribute',
  '@_name': 'attribute',
  ':@': { a: 1 },
  __cdata: 'x',
  '#comment': '-->',
  '😀': 'emoji',
  größe: 'legal',
  'a\ud800': 1,
  true: 'true',
  constructor: 'x',
  prototype: { constructor: 1 },
  toString: 'x',
  hasOwnProperty: 'x',
  '0': 'integer key',
};

describe('a tree as XML', () => {
  it('begins with a declaration of UTF-8 and has the root event', () => {
    expect(xmlOf({ a: 1 })).toBe('<?xml version="1.0" encoding="UTF-8"?><event><a>1</a></event>');
  });

  it('repeats the element of a list', () => {
    expect(inner({ a: [1, 'two', { b: true }] })).toBe('<a>1</a><a>two</a><a><b>true</b></a>');
  });

  it('writes null, an empty object and an empty text as an empty element', () => {
    expect(inner({ a: null, c: {}, d: '', e: [null] })).toBe('<a/><c/><d/><e/>');
  });

  it('writes no element for an empty list, so that a receiver reads no row', () => {
    expect(inner({ a: 1, b: [], 'c d': [], e: { f: [] } })).toBe('<a>1</a><e/>');
    expect(xmlOf({ only: [] })).toBe('<?xml version="1.0" encoding="UTF-8"?><event/>');
  });

  it('keeps tabs and line ends of a key in the attribute name', () => {
    expect(inner({ 'a\tb\nc\rd': 1 })).toContain(' name="a&#9;b&#10;c&#xD;d"');
  });

  it('keeps every key in the attribute name as it was, to a parser that normalises attributes', () => {
    const keys = fc.string({ unit: fc.constantFrom('a', ' ', '\t', '\n', '\r', '&', '"', '<') });
    fc.assert(
      fc.property(keys, (key) => {
        fc.pre(/[^a]/.test(key));
        const [, name = ''] = /name="([^"]*)"/.exec(inner({ [key]: 1 })) ?? [];
        // XML 1.0, 3.3.3: white space in an attribute is a space, unless it is a character reference.
        const normalised = name
          .replace(/[\t\n\r]/g, ' ')
          .replace(/&#(x[0-9A-F]+|\d+);/g, (_, code) =>
            String.fromCharCode(Number(code.startsWith('x') ? `0${code}` : code)),
          )
          .replace(/&quot;/g, '"')
          .replace(/&lt;/g, '<')
          .replace(/&amp;/g, '&');
        expect(normalised).toBe(key);
      }),
    );
  });

  it('calls the elements of a list within a list item', () => {
    expect(inner({ a: [[1, 2], [], [[3]]] })).toBe(
      '<a><item>1</item><item>2</item></a><a/><a><item><item>3</item></item></a>',
    );
  });

  it('writes dates as ISO text, and leaves out what JSON leaves out', () => {
    const tree = { at: new Date(0), no: new Date(Number.NaN), u: undefined, f: () => 1, n: NaN };
    expect(inner(tree)).toBe('<at>1970-01-01T00:00:00.000Z</at><no/><n/>');
  });

  it('keeps big numbers, line ends, tabs, white space and emoji as they are', () => {
    const tree = { n: 12345678901234567890n, text: ' a\r\nb\rc\td 👩‍👩‍👧‍👦 ' };
    const { event } = parsed(xmlOf(tree).replaceAll('&#xD;', '\u2400'));
    expect(event.n).toBe('12345678901234567890');
    expect(event.text).toBe(' a\u2400\nb\u2400c\td 👩‍👩‍👧‍👦 ');
  });

  it('puts the replacement character in place of what XML has no place for', () => {
    expect(inner({ a: 'x\u0000y\u001bz\ud800\ufffe\uffff' })).toBe(
      '<a>x\ufffdy\ufffdz\ufffd\ufffd\ufffd</a>',
    );
  });

  it('escapes markup, the end of a CDATA section included', () => {
    expect(inner({ a: `]]><b> & "c" 'd'` })).toBe(
      '<a>]]&gt;&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;</a>',
    );
  });

  it('makes a legal name of any key and keeps the original beside it', () => {
    expect(inner({ 'a b': 1, '1st': null, '': [1, 2] })).toBe(
      '<a_x0020_b name="a b">1</a_x0020_b><_x0031_st name="1st"/><_x_ name="">1</_x_><_x_ name="">2</_x_>',
    );
    expect(inner({ 'x y': { z: 1 } })).toBe('<x_x0020_y name="x y"><z>1</z></x_x0020_y>');
    expect(inner({ 'a<"\u0000': 1 })).toContain('name="a&lt;&quot;\ufffd"');
  });

  it('takes no key of content for an attribute, a text, a declaration or a prototype', () => {
    const tree = JSON.parse(
      '{"@name":"a","#":"b","#text":"c","?xml":"d","__proto__":{"polluted":"e"},"constructor":"f"}',
    );
    expect(inner(tree)).toBe(
      '<_x0040_name name="@name">a</_x0040_name><_x0023_ name="#">b</_x0023_>' +
        '<_x0023_text name="#text">c</_x0023_text><_x003F_xml name="?xml">d</_x003F_xml>' +
        '<__proto__><polluted>e</polluted></__proto__><constructor>f</constructor>',
    );
    expect(({} as any).polluted).toBeUndefined();
  });

  it('writes as JSON text what lies too deep for a parser', () => {
    let tree: object = { end: 1 };
    for (let depth = 0; depth < 400; depth += 1) tree = depth % 3 ? { a: tree } : { a: [[tree]] };
    expect(xmlProblems([xmlOf(tree)])).toEqual([]);
    expect(xmlOf(tree)).toContain('{&quot;end&quot;:1}');
  });

  it.each([2_000, 10_000])('holds what is nested %d deep, and without lone surrogates', (depth) => {
    const xml = xmlOf({ a: deep(depth, { text: 'bottom \ud83d' }) });
    expect(xmlProblems([xml])).toEqual([]);
    expect(xml.includes('bottom \ufffd')).toBe(true);
  });

  it('shortens a name that is too long for a parser, and keeps two such names apart', () => {
    const long = 'a'.repeat(60_000);
    expect(xmlProblems([xmlOf({ [long]: 1 })])).toEqual([]);
    expect(xmlNameOf(`${long}b`)).not.toBe(xmlNameOf(`${long}c`));
  });

  it.each(FORMATS)('is well-formed in the %s format for hostile content', (format) => {
    const nested = { ...HOSTILE, list: [HOSTILE, [HOSTILE, [null, 'x']]], deep: { deep: HOSTILE } };
    const entry = JSON.parse(JSON.stringify(nested).replace('"deep":', '"__proto__":'));
    const { body } = bodyOf({
      event: articleEvent({
        entry,
        previous: entry,
        changes: [{ field: '<a b>', from: HOSTILE, to: entry }],
        actor: { type: 'admin', id: 1, name: HOSTILE.controls },
      }),
      webhook: { ...webhook, name: HOSTILE.markup, format, serialization: 'xml' },
      model: articleModel,
    });
    expect(xmlProblems([body])).toEqual([]);
    expect(body).toContain('👩‍👩‍👧‍👦');
  });
});

describe('any JSON as XML', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme' }),
    fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
      .map((codes) => String.fromCharCode(...codes)),
    fc.constantFrom(...Object.keys(HOSTILE), '__proto__', HOSTILE.markup),
  );
  const { tree } = fc.letrec<{ tree: unknown; value: unknown }>((tie) => ({
    tree: fc.dictionary(text, tie('value'), { maxKeys: 5 }),
    value: fc.oneof(
      { maxDepth: 5 },
      fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null)),
      tie('tree'),
      fc.array(tie('value'), { maxLength: 4 }),
    ),
  }));

  it('is well-formed', () => {
    fc.assert(
      fc.property(tree, (any) => {
        expect(validatorProblems(xmlOf(any as object))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('is well-formed to xmllint too, where it is installed', () => {
    const documents = fc.sample(tree, 60).map((any) => xmlOf(any as object));
    expect(xmlProblems(documents)).toEqual([]);
  });

  it('is well-formed with every character in every place of a name and of a text', () => {
    const keysOf = (from: number) =>
      Array.from({ length: 0x1000 }, (_, index) => String.fromCharCode(from + index));
    const documents = Array.from({ length: 0x10 }, (_, index) => {
      const keys = keysOf(index * 0x1000);
      return xmlOf(
        Object.fromEntries(
          keys.flatMap((key) => [
            [key, key],
            [`a${key}`, key],
          ]),
        ),
      );
    });
    expect(xmlProblems(documents).map((problem) => problem.slice(0, 200))).toEqual([]);
  });

  it('has a name for every key that no other key has', () => {
    fc.assert(
      fc.property(text, text, (one, other) => {
        fc.pre(one !== other);
        expect(xmlNameOf(one)).not.toBe(xmlNameOf(other));
      }),
    );
    expect(xmlNameOf('a b')).not.toBe(xmlNameOf('a_x0020_b'));
    expect(xmlNameOf('')).not.toBe(xmlNameOf('_x_'));
  });
});
