/** That nothing in a validation endpoint's answer breaks anything, or grows without end. */
import fc from 'fast-check';
import type { Outcome } from '../../../server/send/http/outcome';
import { xmlOf } from '../../../server/send/xml';
import { validationAnswerOf } from '../../../server/workflow/validation/answer';
import { answered, failed, of, ofJson, refused } from './outcomes';

describe('XML', () => {
  const message = (text: string) => `<a><IsValid>false</IsValid><Message>${text}</Message></a>`;

  it.each([
    ['&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;', `<b> & "c" 'd'`],
    ['&amp;lt; &amp;amp;amp; &#38;lt; &#x26;lt;', '&lt; &amp;amp; &lt; &lt;'],
    ['&#233;&#xE9;&#x1F600;', 'éé😀'],
    ['<![CDATA[<b> &amp; </b>]]> &amp; <![CDATA[]]>more', '<b> &amp; </b> & more'],
    ['&#0;&#xD800;&#x110000;&#9999999;', '&#x110000;&#9999999;'],
    ['&nbsp;', '&nbsp;'],
  ])('has its entities decoded once, and CDATA never: %s', (text, expected) => {
    expect(of(message(text))).toEqual({ ...refused, message: expected });
  });

  it.each([
    `<!DOCTYPE a>${message('x')}`,
    `<?xml version="1.0"?><!-- - --><!DOCTYPE a [<!ENTITY x "y">]>${message('&x;')}`,
    `<!doctype a>${message('x')}`,
    `<a><!DOCTYPE b><IsValid>true</IsValid></a>`,
    '<a><!ENTITY x "y"><IsValid>true</IsValid></a>',
  ])('with a declaration is refused: %s', (body) => {
    expect(of(body).kind).toBe('unreadable');
  });

  it('may speak of a declaration where it makes none', () => {
    const body = message('<![CDATA[<!DOCTYPE html>]]>').replace('<a>', '<a><!-- <!DOCTYPE -->');
    expect(of(body)).toEqual({ ...refused, message: '<!DOCTYPE html>' });
  });

  it('whose names are those of a prototype is unreadable, or without anything that matters', () => {
    for (const name of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']) {
      const { kind } = of(`<a><${name}>x</${name}><IsValid>true</IsValid></a>`);
      expect(['unreadable', 'allowed']).toContain(kind);
      expect(of(`<a><errors><${name}>x</${name}></errors></a>`).kind).toBe('unreadable');
    }
    expect(({} as any).x).toBeUndefined();
  });
});

describe('the words of an answer are bounded', () => {
  const answer = (value: unknown) => ofJson(value) as any;

  it('to 1,000 characters in a message and 200 in a path', () => {
    const long = 'x'.repeat(2000);
    const { message, errors, warnings } = answer({
      allowed: false,
      message: long,
      errors: [{ path: long, message: long }],
      warnings: [long],
    });
    const cut = `${'x'.repeat(999)}…`;
    expect({ message, warnings }).toEqual({ message: cut, warnings: [cut] });
    expect(errors).toEqual([{ path: `${'x'.repeat(199)}…`, message: cut }]);
    expect(validationAnswerOf(failed('connection', long)).message).toBe(cut);
  });

  it('to 100 errors and 100 warnings that say something', () => {
    const many = Array.from({ length: 5000 }, (_, index) => (index % 2 ? '' : `w${index}`));
    const { errors, warnings } = answer({ allowed: false, errors: many, warnings: many });
    expect([errors.length, warnings.length]).toEqual([100, 100]);
    expect(warnings[99]).toBe('w198');
  });

  it('to one line without control characters, lone surrogates and turned writing', () => {
    const wild = '\u0000a\tb\r\nc\u0007\u001b[31m d\u007f\u009f\ud800e\u202Ef\u2066g\u2028h ';
    expect(answer({ IsValid: false, Message: wild }).message).toBe('a b c[31m defg h');
  });

  it('without cutting a character in two', () => {
    const { message } = answer({ IsValid: false, Message: `${'x'.repeat(998)}😀${'x'.repeat(5)}` });
    expect(message).toBe(`${'x'.repeat(998)}…`);
  });
});

describe('whatever is answered', () => {
  const bounded = (outcome: Outcome) => {
    const answer = validationAnswerOf(outcome);
    expect(['allowed', 'refused', 'noAnswer', 'unreadable']).toContain(answer.kind);
    const texts =
      answer.kind === 'noAnswer' || answer.kind === 'unreadable'
        ? [answer.message]
        : [
            answer.message,
            ...answer.warnings,
            ...answer.errors.flatMap(({ path, message }) => [path ?? '', message]),
          ];
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(1000);
      expect(text).not.toMatch(/[\p{Cc}\p{Cs}]/u);
    }
  };
  const pieces = fc.constantFrom(
    ...['<', '>', '/', '<a>', '</a>', '<a/>', '<?', '?>', '<!--', '-->', '<![CDATA[', ']]>'],
    ...['<!DOCTYPE', '&', '&amp;', '&#', ';', '<IsValid>', '</IsValid>', 'true', 'false', '"', "'"],
    ...[
      '<allowed>',
      '</allowed>',
      '<errors>',
      '</errors>',
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      ' ',
      '=',
      'x',
    ],
  );

  it('is one of four kinds, within its bounds, and never an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.string({ unit: pieces, maxLength: 60 }),
          fc.string({ unit: pieces, maxLength: 60 }).map((text) => `<a>${text}</a>`),
          fc.json(),
          fc
            .tuple(fc.jsonValue(), fc.jsonValue(), fc.boolean())
            .map(([errors, message, ok]) =>
              JSON.stringify({ allowed: ok, errors, warnings: errors, message }),
            ),
        ),
        fc.integer({ min: 100, max: 599 }),
        (body, status) => {
          bounded(answered(body));
          bounded(answered(body, { status }));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is understood where it is well-formed, in JSON as in XML', () => {
    const line = fc
      .string({ maxLength: 300 })
      .map((text) => text.replace(/\s+/g, ' ').trim())
      .filter((text) => text !== '');
    const fields = {
      message: line,
      errors: fc.array(
        fc.record({
          path: fc.option(line.map((text) => text.slice(0, 200).trim())),
          message: line,
        }),
      ),
      warnings: fc.array(line),
    };
    fc.assert(
      fc.property(
        fc.record({ allowed: fc.boolean(), ...fields }),
        ({ allowed: isYes, ...rest }) => {
          const expected = { kind: isYes ? 'allowed' : 'refused', ...rest };
          expect(ofJson({ allowed: isYes, ...rest })).toEqual(expected);
          expect(of(xmlOf({ allowed: isYes, ...rest }))).toEqual(expected);
          const sitecore = { IsValid: isYes, Message: rest.message };
          const said = { ...expected, errors: [], warnings: [] };
          expect(ofJson(sitecore)).toEqual(said);
          expect(of(xmlOf(sitecore))).toEqual(said);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('exhausts no stack, however deep it is', () => {
    const depth = 200_000;
    const list = '['.repeat(depth) + ']'.repeat(depth);
    const tags = '<a>'.repeat(depth) + '</a>'.repeat(depth);
    for (const deep of [list, '['.repeat(depth), tags, '<a>'.repeat(depth), `{"a":${list}}`]) {
      expect(of(deep).kind).toBe('unreadable');
    }
    expect(of(`{"allowed":false,"errors":${list},"message":${list}}`)).toEqual(refused);
    const inner = '<a>'.repeat(50) + '</a>'.repeat(50);
    expect(of(`<r><allowed>false</allowed><errors>${inner}</errors></r>`)).toEqual(refused);
  });
});
