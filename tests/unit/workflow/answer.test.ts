/** What a validation endpoint's answer means. */
import type { Outcome } from '../../../server/network/outcome';
import { xmlOf } from '../../../server/request/xml';
import { answerOf } from '../../../server/workflow/verdict/answer';
import { allowed, answered, EXPECTED, failed, of, ofJson, refused } from './outcomes';

describe("Sitecore's answer", () => {
  const words = 'Shown to the editor and logged.';

  it.each([
    ['{"IsValid":true,"Message":""}', allowed],
    [`{"IsValid":false,"Message":"${words}"}`, { ...refused, message: words }],
    ['<data><IsValid>true</IsValid><Message></Message></data>', allowed],
    [
      `<data><IsValid>false</IsValid><Message>${words}</Message></data>`,
      { ...refused, message: words },
    ],
  ])('%s is understood', (body, expected) => {
    expect(of(body)).toEqual(expected);
  });

  it.each([
    '{"isvalid":false,"MESSAGE":"No."}',
    '{"ISVALID":"False","message":"No."}',
    '{"isValid":" FALSE ","Message":"No."}',
    '<answer><isvalid>False</isvalid><MESSAGE>No.</MESSAGE></answer>',
    '<?xml version="1.0" encoding="utf-8"?>\r\n<a:x xmlns:a="urn:a"><a:IsValid> false\n</a:IsValid><a:Message> No. </a:Message></a:x>',
    '<data kind="1"><!-- a comment --><IsValid>fal<!-- -->se</IsValid><Message><![CDATA[No.]]></Message><?pi x?></data>',
  ])('may have its keys in any case, any root, and its yes or no as text: %s', (body) => {
    expect(of(body)).toEqual({ ...refused, message: 'No.' });
  });

  it('may come with any content type, with a byte order mark and among white space', () => {
    const headers = { 'content-type': 'text/html' };
    expect(of('\uFEFF \r\n{"IsValid":true}\n', { headers })).toEqual(allowed);
    expect(
      of('\n<data><IsValid>true</IsValid></data>', {
        headers: { 'content-type': 'application/json' },
      }),
    ).toEqual(allowed);
    expect(of('{"IsValid":true}', { status: 202 })).toEqual(allowed);
  });

  it('may hold more that nobody asked for', () => {
    expect(ofJson({ IsValid: true, Extra: { deep: [1] }, Message: 'Fine.' })).toEqual({
      ...allowed,
      message: 'Fine.',
    });
    expect(of('<a><IsValid>true</IsValid><b><c><d>x</d></c></b>loose</a>')).toEqual(allowed);
  });

  it('has no message where that is no text', () => {
    for (const Message of [null, 5, true, ['x'], { x: 1 }]) {
      expect(ofJson({ IsValid: false, Message })).toEqual(refused);
    }
  });
});

describe('our own answer', () => {
  const full = {
    allowed: false,
    message: 'Not yet.',
    errors: [
      { path: 'title', message: 'Too long.' },
      { path: 'seo.metaTitle', message: 'Missing.' },
    ],
    warnings: ['Old image.', 'Few words.'],
  };
  const meant = {
    kind: 'refused',
    message: full.message,
    errors: full.errors,
    warnings: full.warnings,
  };

  it('holds messages for fields, and warnings', () => {
    expect(ofJson(full)).toEqual(meant);
    expect(ofJson({ allowed: true, warnings: ['Hm.'] })).toEqual({ ...allowed, warnings: ['Hm.'] });
  });

  it('says the same in XML, where repeated elements are a list', () => {
    const xml =
      '<event><allowed>false</allowed><message>Not yet.</message>' +
      '<errors><path>title</path><message>Too long.</message></errors>' +
      '<errors><path>seo.metaTitle</path><message>Missing.</message></errors>' +
      '<warnings>Old image.</warnings><warnings>Few words.</warnings></event>';
    expect(of(xml)).toEqual(meant);
    expect(of(xmlOf(full))).toEqual(meant);
    expect(of(xmlOf({ ...full, errors: [], warnings: [] }))).toEqual({
      ...meant,
      errors: [],
      warnings: [],
    });
  });

  it('is no answer where allowed is neither true nor false', () => {
    for (const value of ['true', 'false', 1, 0, null, [true], { allowed: true }, 'yes']) {
      expect(ofJson({ allowed: value })).toEqual({
        kind: 'noAnswer',
        message: `Its answer could not be understood: ${EXPECTED}`,
      });
    }
    expect(of('<a><allowed>1</allowed></a>').kind).toBe('noAnswer');
    expect(of('<a><allowed><b>true</b></allowed></a>').kind).toBe('noAnswer');
  });

  it('keeps of its errors those that say something', () => {
    const errors = [
      { message: 'No path.' },
      { path: null, message: 'Null path.' },
      { path: ['title'], message: 'A list for a path.' },
      { path: '', message: 'Empty path.' },
      { path: 'title' },
      { path: 'title', message: '' },
      { path: 'title', message: 5 },
      'Just words.',
      null,
      7,
      [],
      [[{ message: 'deep' }]],
      { PATH: 'body', Message: 'In any case.' },
    ];
    expect(ofJson({ allowed: false, errors, warnings: ['', null, 3, {}, ' Kept. '] })).toEqual({
      ...refused,
      errors: [
        { path: null, message: 'No path.' },
        { path: null, message: 'Null path.' },
        { path: null, message: 'A list for a path.' },
        { path: null, message: 'Empty path.' },
        { path: null, message: 'Just words.' },
        { path: 'body', message: 'In any case.' },
      ],
      warnings: ['Kept.'],
    });
  });

  it('may give one error or warning without a list', () => {
    const one = { allowed: false, errors: { path: 'a', message: 'b' }, warnings: 'c' };
    expect(ofJson(one)).toEqual({
      ...refused,
      errors: [{ path: 'a', message: 'b' }],
      warnings: ['c'],
    });
    expect(ofJson({ allowed: true, errors: null, warnings: null })).toEqual(allowed);
  });
});

describe('an answer of both forms', () => {
  it('counts where they agree', () => {
    expect(ofJson({ IsValid: 'false', allowed: false })).toEqual(refused);
    expect(of('<a><IsValid>true</IsValid><IsValid>TRUE</IsValid></a>')).toEqual(allowed);
  });

  it('is no answer where it says yes and no', () => {
    const both = { kind: 'noAnswer', message: 'Its answer said yes and no at once.' };
    expect(ofJson({ IsValid: true, allowed: false })).toEqual(both);
    expect(ofJson({ IsValid: true, isvalid: false })).toEqual(both);
    expect(of('<a><IsValid>true</IsValid><IsValid>false</IsValid></a>')).toEqual(both);
  });

  it('is no answer where one of them cannot be understood', () => {
    expect(ofJson({ IsValid: true, allowed: 'false' }).kind).toBe('noAnswer');
    expect(ofJson({ IsValid: 'no', allowed: true }).kind).toBe('noAnswer');
  });
});

describe('anything else is no answer, and says in plain words what happened', () => {
  it.each<[string, Outcome, string]>([
    [
      'a timeout',
      failed('timeout', 'The receiver did not answer completely within 3000 ms.'),
      'It did not answer within 3,000 ms.',
    ],
    [
      'a failed connection',
      failed('connection', 'The host name of the URL does not exist. (ENOTFOUND)'),
      'The host name of the URL does not exist. (ENOTFOUND)',
    ],
    ['a blocked address', failed('blocked', 'It is private.'), 'It is private.'],
    [
      'a redirect',
      answered('{"IsValid":true}', { status: 302 }),
      'It answered 302, a redirect, and redirects are not followed.',
    ],
    [
      'an error, whatever its body',
      answered('{"IsValid":true}', { status: 500 }),
      'It answered 500, and only a status of 200 to 299 counts as an answer.',
    ],
    [
      'refused credentials',
      answered('', { status: 401 }),
      "It answered 401: it did not accept the credentials. Check the webhook's authorization.",
    ],
    [
      'an answer that was cut off',
      answered('{"IsValid":true}', { isTruncated: true }),
      'Its answer was longer than what is read of one.',
    ],
    ['an empty body', answered(' \n'), `Its answer was empty: ${EXPECTED}`],
    ['no body', answered('', { status: 204 }), `Its answer was empty: ${EXPECTED}`],
    [
      'a web page',
      answered('<!DOCTYPE html><html><body><p>Sign in</body></html>'),
      `Its answer was a web page: ${EXPECTED}`,
    ],
    [
      'a web page in XHTML',
      answered('<html lang="en"></html>'),
      `Its answer was a web page: ${EXPECTED}`,
    ],
  ])('%s', (_what, outcome, message) => {
    expect(answerOf(outcome)).toEqual({ kind: 'noAnswer', message });
  });

  it.each([
    'OK',
    'true',
    'null',
    '[]',
    '[{"IsValid":true}]',
    '"{\\"IsValid\\":true}"',
    '{}',
    '{"valid":true}',
    '{"IsValid":null}',
    '{"IsValid":1}',
    '{"IsValid":[true]}',
    '{"IsValid":true',
    '{"data":{"IsValid":true}}',
    '<data/>',
    '<data>true</data>',
    '<IsValid>true</IsValid>',
    '<data><IsValid/></data>',
    '<data><IsValid>yes</IsValid></data>',
    '<data><IsValid>true</data>',
    '<data><IsValid>true</IsValid></data><more/>',
    '<more/><data><IsValid>true</IsValid></data>',
    '<data><IsValid>true</IsValid></data> words',
    '<data IsValid="true"></data>',
    '<data><!--<IsValid>true</IsValid>--></data>',
    '<data><![CDATA[<IsValid>true</IsValid>]]></data>',
    '<data><inner><IsValid>true</IsValid></inner></data>',
    '<',
    '<!--',
    '<![CDATA[',
    '<?xml',
    '</data>',
  ])('%s is not understood', (body) => {
    expect(of(body)).toEqual({
      kind: 'noAnswer',
      message: `Its answer could not be understood: ${EXPECTED}`,
    });
  });
});
