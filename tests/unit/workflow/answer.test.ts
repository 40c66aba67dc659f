/** The meaning of a validation endpoint's answer. */
import type { Outcome } from '../../../server/send/http/outcome';
import { xmlOf } from '../../../server/send/xml';
import { validationAnswerOf } from '../../../server/workflow/validation/answer';
import { allowed, answered, failed, of, ofJson, refused, unreadable } from './outcomes';

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

  it('may contain unknown fields', () => {
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

  it('has the same meaning in XML, where repeated elements are a list', () => {
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

  it('is unreadable where allowed is neither true nor false', () => {
    for (const value of ['true', 'false', 1, 0, null, [true], { allowed: true }, 'yes'])
      expect(ofJson({ allowed: value })).toEqual(unreadable('answer-not-boolean'));
    for (const xml of ['<allowed>2</allowed>', '<allowed><b>true</b></allowed>'])
      expect(of(`<a>${xml}</a>`)).toEqual(unreadable('answer-not-boolean'));
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
        { path: 'title', message: 'A list for a path.' },
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
    expect(of('{"IsValid":true,"isValid":"true","allowed":true}')).toEqual(allowed);
  });

  it.each([
    '{"IsValid":true,"allowed":false}',
    '{"IsValid":false,"IsValid":true}',
    '{"IsValid":true,"IsValid":false}',
    '{"IsValid":true,"isvalid":false}',
    '{"allowed":false,"allowed":true}',
    '{"allowed":false,"\\u0061llowed":true}',
    '{ "Allowed" : false , "Message" : "a,\\"b\\":{[" , "allowed" : true }',
    '<a><IsValid>true</IsValid><IsValid>false</IsValid></a>',
    '<a><IsValid>false</IsValid><isvalid>1</isvalid></a>',
    '<a><allowed>true</allowed><IsValid>false</IsValid></a>',
  ])('is unreadable if it both allows and refuses: %s', (body) => {
    expect(of(body)).toEqual(unreadable('answer-contradictory'));
  });

  it('is unreadable where one of them cannot be understood', () => {
    for (const body of [
      '{"IsValid":true,"allowed":"false"}',
      '{"IsValid":"no","allowed":true}',
      '{"IsValid":null,"IsValid":true}',
      '{"allowed":true,"allowed":"true"}',
    ])
      expect(of(body)).toEqual(unreadable('answer-not-boolean'));
  });
});

describe('0 and 1', () => {
  it.each([
    ['<data><IsValid>0</IsValid></data>', refused],
    ['<data><IsValid> 1 </IsValid></data>', allowed],
    ['<data><allowed>0</allowed></data>', refused],
    ['<data><allowed>1</allowed></data>', allowed],
    ['{"IsValid":"0"}', refused],
    ['{"IsValid":"1"}', allowed],
  ])('are no and yes where a text is expected: %s', (body, expected) => {
    expect(of(body)).toEqual(expected);
  });
});

describe('an error', () => {
  const errorsOf = (body: string) => (of(body) as typeof refused).errors;

  it('may name its field by the list of its parts', () => {
    const errors = [
      { path: ['seo', 'metaTitle'], message: 'a' },
      { path: ['blocks', 0, 'title'], message: 'b' },
      { path: [], message: 'c' },
      { path: [{}, null], message: 'd' },
    ];
    expect(ofJson({ allowed: false, errors })).toEqual({
      ...refused,
      errors: [
        { path: 'seo.metaTitle', message: 'a' },
        { path: 'blocks.0.title', message: 'b' },
        { path: null, message: 'c' },
        { path: null, message: 'd' },
      ],
    });
    expect(
      errorsOf(
        '<a><allowed>0</allowed><errors><path>seo</path><path>metaTitle</path><message>a</message></errors></a>',
      ),
    ).toEqual([{ path: 'seo.metaTitle', message: 'a' }]);
  });

  it('that names two fields under one key is about none of them', () => {
    expect(errorsOf('{"allowed":false,"errors":[{"path":"a","Path":"b","message":"c"}]}')).toEqual([
      { path: null, message: 'c' },
    ]);
  });

  it('may be one of many under the names of their fields, as ASP.NET writes them', () => {
    expect(
      errorsOf(
        '{"IsValid":false,"errors":{"Title":["Too long.","Too loud."],"Message":["Missing."],"":["In general."],"Tags":"One.","Odd":{"a":1},"None":[]}}',
      ),
    ).toEqual([
      { path: 'Title', message: 'Too long.' },
      { path: 'Title', message: 'Too loud.' },
      { path: 'Message', message: 'Missing.' },
      { path: null, message: 'In general.' },
      { path: 'Tags', message: 'One.' },
    ]);
  });
});

describe('the message of a missing answer describes what happened', () => {
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
      answered('{"IsValid":true}', { status: 500, isTruncated: true }),
      'It answered 500, and only a status of 200 to 299 counts as an answer.',
    ],
    [
      'refused credentials',
      answered('', { status: 401 }),
      "It answered 401: it did not accept the credentials. Check the webhook's authorization.",
    ],
  ])('%s', (_what, outcome, message) => {
    expect(validationAnswerOf(outcome)).toEqual({ kind: 'noAnswer', message });
  });
});

describe('the message of an unreadable answer describes the expected one', () => {
  it.each<[string, Outcome, string]>([
    ['too long', answered('{"IsValid":true}', { isTruncated: true }), 'answer-too-long'],
    [
      'not complete in time',
      answered('{"IsValid":true}', { isTruncated: true, cutBy: 'deadline' }),
      'answer-incomplete',
    ],
    [
      'broken off',
      answered('{"IsValid":true}', { isTruncated: true, cutBy: 'connection' }),
      'answer-incomplete',
    ],
    ['an empty body', answered(' \n'), 'answer-empty'],
    ['no body', answered('', { status: 204 }), 'answer-empty'],
    ['a web page', answered('<!DOCTYPE html><html><p>Sign in</html>'), 'answer-web-page'],
    ['a web page in XHTML', answered('<html lang="en"></html>'), 'answer-web-page'],
  ])('%s', (_what, outcome, code) => {
    expect(validationAnswerOf(outcome)).toEqual(unreadable(code));
  });

  it.each([
    'OK',
    'true',
    'null',
    '"{\\"IsValid\\":true}"',
    '{"IsValid":true',
    '<data><IsValid>true</data>',
    '<data><IsValid>true</IsValid></data><more/>',
    '<more/><data><IsValid>true</IsValid></data>',
    '<data><IsValid>true</IsValid></data> words',
    '<',
    '<!--',
    '<![CDATA[',
    '<?xml',
    '</data>',
  ])('%s is neither JSON nor XML', (body) => {
    expect(of(body)).toEqual(unreadable('answer-no-object'));
  });

  it.each([
    '[]',
    '[{"IsValid":true}]',
    '{}',
    '{"valid":true}',
    '{"data":{"IsValid":true}}',
    '{"data":{"IsValid":false,"IsValid":true}}',
    '<data/>',
    '<data>true</data>',
    '<IsValid>true</IsValid>',
    '<data IsValid="true"></data>',
    '<data><!--<IsValid>true</IsValid>--></data>',
    '<data><![CDATA[<IsValid>true</IsValid>]]></data>',
    '<data><inner><IsValid>true</IsValid></inner></data>',
  ])('%s holds no verdict', (body) => {
    expect(of(body)).toEqual(unreadable('answer-without-verdict'));
  });

  it.each([
    '{"IsValid":null}',
    '{"IsValid":1}',
    '{"IsValid":[true]}',
    '<data><IsValid/></data>',
    '<data><IsValid>yes</IsValid></data>',
  ])('%s is neither yes nor no', (body) => {
    expect(of(body)).toEqual(unreadable('answer-not-boolean'));
  });
});
