/** The encoding in which an answer is read. */
import { addChunk, emptyPrefix, bodyTextOf } from '../../../server/send/http/answer';

const TEXT = '{"IsValid":false,"Message":"Größe prüfen"}';
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16le = (text: string) => Buffer.from(text, 'utf16le');
const utf16be = (text: string) => utf16le(text).swap16();
const utf8 = (text: string) => Buffer.from(text, 'utf8');

const read = (bytes: Buffer, contentType?: string, limit = 1000) => {
  const prefix = emptyPrefix();
  addChunk(prefix, bytes, limit);
  return bodyTextOf(prefix, contentType);
};

describe('an answer is read', () => {
  it.each<[string, string | undefined, Buffer]>([
    ['as UTF-8 where nothing is said', undefined, utf8(TEXT)],
    ['in ISO-8859-1, as its header says', 'application/json; charset=ISO-8859-1', latin1(TEXT)],
    ['in windows-1252, quoted', 'text/plain;charset="windows-1252"', latin1(TEXT)],
    ['in UTF-16LE', 'application/json; charset=utf-16le', utf16le(TEXT)],
    ['in UTF-16BE', 'application/json; charset=UTF-16BE', utf16be(TEXT)],
    ['in UTF-16 without a byte order mark', 'application/json; charset=utf-16', utf16be(TEXT)],
    ['in UTF-16LE without any word of it', 'application/json', utf16le(TEXT)],
    ['in UTF-16BE without any word of it', undefined, utf16be(TEXT)],
    ['as a byte order mark says', undefined, utf16le(`\uFEFF${TEXT}`)],
    ['as the other byte order mark says', 'text/plain', utf16be(`\uFEFF${TEXT}`)],
    ['as UTF-8 with a byte order mark', undefined, utf8(`\uFEFF${TEXT}`)],
    ['as a mark says, against the header', 'text/plain; charset=iso-8859-1', utf8(`\uFEFF${TEXT}`)],
    ['as UTF-8 where the encoding is unknown', 'text/plain; charset=klingon', utf8(TEXT)],
    ['as UTF-8 where the encoding is empty', 'text/plain; charset=', utf8(TEXT)],
    ['as windows-1252 where it is no UTF-8', 'application/json', latin1(TEXT)],
  ])('%s', (_what, contentType, bytes) => {
    expect(read(bytes, contentType)).toBe(TEXT);
  });

  const xml = (encoding: string) =>
    `<?xml version="1.0" encoding='${encoding}'?>\r\n<data><Message>Größe</Message></data>`;

  it.each<[string, string, Buffer, string?]>([
    ['ISO-8859-1', xml('ISO-8859-1'), latin1(xml('ISO-8859-1'))],
    ['windows-1252', xml('windows-1252'), latin1(xml('windows-1252')), 'application/xml'],
    ['UTF-16, with its bytes so', xml('UTF-16'), utf16le(xml('UTF-16')), 'application/xml'],
    ['UTF-16, as .NET writes it into UTF-8', xml('utf-16'), utf8(xml('utf-16')), 'text/xml'],
    ['UTF-8', xml('utf-8'), utf8(xml('utf-8'))],
    ['less than a header', xml('latin1'), utf8(xml('latin1')), 'text/xml; charset=utf-8'],
  ])('as its XML declaration says: %s', (...[, text, bytes, contentType]) => {
    expect(read(bytes, contentType)).toBe(text);
  });

  it('in windows-1252 where ISO-8859-1 is said, which has the euro sign', () => {
    expect(read(Buffer.from([0x80]), 'text/plain; charset=iso-8859-1')).toBe('€');
  });

  it('without a half character at the end, where the rest is missing', () => {
    expect(read(utf8('aé'), undefined, 2)).toBe('a');
    expect(read(utf16le('aé'), 'text/plain; charset=utf-16le', 3)).toBe('a');
  });

  it('with no NUL left in it, in any encoding', () => {
    expect(read(utf16le('a\0b'), 'text/plain; charset=utf-16le')).toBe('a\uFFFDb');
  });
});

it('is never an error, whatever a server says', () => {
  for (const said of [';;;', 'charset', 'x; charset="', 'x; CHARSET=\u0000', 'x; charset=utf-7'])
    expect(() => read(utf8(TEXT), said)).not.toThrow();
  expect(read(Buffer.alloc(0), 'text/plain; charset=utf-16')).toBe('');
});
