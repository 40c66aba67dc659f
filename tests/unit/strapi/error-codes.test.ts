/** Every error has a code that programs can rely on, beside the message for people. */
import { z } from 'zod';
import { codeOfText, ERROR_MESSAGES, INPUT_CODES } from '../../../server/contract/error-messages';
import { sentence, SENTENCES } from '../../../server/contract/sentences';
import { forbidden, invalid, notFound, parse, problem } from '../../../server/strapi/errors';

const schema = z.strictObject({
  name: z.string().min(2).max(5),
  size: z.number().min(1).max(9),
  tags: z.array(z.string()).max(2).optional(),
  at: z.iso.datetime().optional(),
  kind: z.enum(['a', 'b']).optional(),
});

const detailsOf = (error: unknown) => (error as { details: Record<string, any> }).details;

const codesOf = (input: unknown) => {
  try {
    parse(schema, input);
    return [];
  } catch (error) {
    return detailsOf(error).errors.map(({ path, code, params }: any) => [
      path.join('.'),
      code,
      params,
    ]);
  }
};

describe('The code of input that does not fit', () => {
  test.each([
    [{ size: 1 }, ['name', 'required', {}]],
    [{ name: 1, size: 1 }, ['name', 'wrong-type', { expected: 'string' }]],
    [{ name: null, size: 1 }, ['name', 'wrong-type', { expected: 'string' }]],
    [{ name: 'a', size: 1 }, ['name', 'too-short', { minimum: 2 }]],
    [{ name: 'abcdef', size: 1 }, ['name', 'too-long', { maximum: 5 }]],
    [{ name: 'abc', size: 0 }, ['size', 'too-small', { minimum: 1 }]],
    [{ name: 'abc', size: 10 }, ['size', 'too-large', { maximum: 9 }]],
    [{ name: 'abc', size: 1, tags: ['1', '2', '3'] }, ['tags', 'too-long', { maximum: 2 }]],
    [{ name: 'abc', size: 1, at: 'noon' }, ['at', 'invalid-format', { format: 'datetime' }]],
    [{ name: 'abc', size: 1, kind: 'c' }, ['kind', 'invalid-value', {}]],
    [{ name: 'abc', size: 1, more: 1 }, ['', 'unknown-key', { keys: 'more' }]],
    [{ name: 'a\0b', size: 1 }, ['name', 'nul-character', {}]],
  ])('%j', (input, expected) => {
    expect(codesOf(input)).toEqual([expected]);
  });
});

describe('The code of an error', () => {
  test('comes with the values in its message', () => {
    const error = invalid([problem(['uid'], 'content-type-unknown', { uid: 'api::a.a' })]);
    expect(error.message).toBe('There is no content type "api::a.a". Choose one of the list.');
    expect(detailsOf(error)).toMatchObject({
      code: 'invalid',
      errors: [{ path: ['uid'], code: 'content-type-unknown', params: { uid: 'api::a.a' } }],
    });
    expect(detailsOf(notFound('webhook'))).toEqual({
      code: 'not-found',
      params: { what: 'webhook' },
    });
    expect(detailsOf(forbidden('may-not-bypass'))).toEqual({ code: 'may-not-bypass', params: {} });
  });

  test('is found by a sentence that the plugin also stores', () => {
    expect(codeOfText(sentence('url-scheme', { protocol: 'ftp:' }))).toEqual({
      code: 'url-scheme',
      params: { protocol: 'ftp:' },
    });
    expect(codeOfText('Expected something else.')).toEqual({ code: 'invalid-value', params: {} });
  });

  test('is one of its own, in kebab-case', () => {
    const codes = [...INPUT_CODES, ...Object.keys(ERROR_MESSAGES), ...Object.keys(SENTENCES)];
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect(code).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
  });
});
