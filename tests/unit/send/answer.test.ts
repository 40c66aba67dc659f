/** How much of an answer is kept, and in which form. */
import {
  addChunk,
  emptyPrefix,
  answerHeadersOf,
  bodyTextOf,
} from '../../../server/send/http/answer';

const read = (chunks: (string | Buffer)[], limit: number) => {
  const prefix = emptyPrefix();
  for (const chunk of chunks) addChunk(prefix, Buffer.from(chunk as string), limit);
  return { text: bodyTextOf(prefix), isTruncated: prefix.isTruncated };
};

describe('the body of an answer', () => {
  it('is whole up to the limit', () => {
    expect(read(['abc', 'def'], 6)).toEqual({ text: 'abcdef', isTruncated: false });
  });

  it('is cut after the limit, and says so', () => {
    expect(read(['abc', 'def'], 5)).toEqual({ text: 'abcde', isTruncated: true });
    expect(read(['abc', 'd'], 3)).toEqual({ text: 'abc', isTruncated: true });
  });

  it('is not cut in the middle of a character', () => {
    expect(read(['aé'], 2)).toEqual({ text: 'a', isTruncated: true });
  });

  it('keeps a character that came in two chunks', () => {
    const bytes = Buffer.from('é');
    expect(read([bytes.subarray(0, 1), bytes.subarray(1)], 10).text).toBe('é');
  });

  it('holds no NUL, because PostgreSQL cannot store one', () => {
    expect(read(['a\0b'], 10).text).toBe('a\uFFFDb');
  });

  it('does not change when the memory of a chunk is used again', () => {
    const prefix = emptyPrefix();
    const chunk = Buffer.from('before');
    addChunk(prefix, chunk, 100);
    chunk.fill('x');
    expect(bodyTextOf(prefix)).toBe('before');
  });
});

describe('the headers of an answer', () => {
  const raw = (...parts: string[]) => parts.map((part) => Buffer.from(part, 'latin1'));

  it('have names in lower case, and repeated ones joined', () => {
    expect(
      answerHeadersOf(raw('Retry-After', '5', 'Set-Cookie', 'a=1', 'set-cookie', 'b=2')),
    ).toEqual({
      'retry-after': '5',
      'set-cookie': 'a=1, b=2',
    });
  });

  it('may be called like a property of every object', () => {
    expect(answerHeadersOf(raw('constructor', 'x'))).toEqual({ constructor: 'x' });
  });
});
