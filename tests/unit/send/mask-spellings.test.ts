/** A receiver may write a secret that it repeats in its own way: every way is decoded and masked. */
import fc from 'fast-check';
import { MASK } from '../../../server/contract/names';
import { masked, maskedEnd } from '../../../server/send/mask';

const SECRET = `pa+ss/w"or<d> &ñ€😀%41'\\x`;
const unicode = (text: string) =>
  [...Array(text.length).keys()]
    .map((at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
const points = (text: string) => [...text].map((character) => character.codePointAt(0) as number);
const bytesOf = (text: string) => [...Buffer.from(text)];
const hex = (byte: number) => byte.toString(16).padStart(2, '0');
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const xml = (text: string) =>
  text.replace(/[&<>"]/g, (one) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt' }[one] ?? 'quot'};`);
const form = (text: string) => new URLSearchParams([['', text]]).toString().slice(1);

const SPELLINGS: Record<string, (text: string) => string> = {
  'as it is': (text) => text,
  'in JSON': json,
  'in JSON as PHP writes it': (text) =>
    json(text)
      .replaceAll('/', '\\/')
      .replace(/[^\x20-\x7e]/g, unicode),
  'in JSON as .NET writes it': (text) => text.replace(/[^a-z0-9 ]/gi, unicode),
  'in JSON with capital digits': (text) =>
    unicode(text).replace(/[0-9a-f]{4}/g, (digits) => digits.toUpperCase()),
  'in JSON in JSON': (text) => json(json(text).replaceAll('/', '\\/')),
  'in JavaScript': (text) =>
    points(text)
      .map((point) => `\\u{${point.toString(16)}}`)
      .join(''),
  'in hexadecimal escapes of its bytes': (text) =>
    bytesOf(text)
      .map((byte) => `\\x${hex(byte)}`)
      .join(''),
  'in octal escapes of its bytes': (text) =>
    bytesOf(text)
      .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
      .join(''),
  'in XML': xml,
  'in decimal references': (text) =>
    points(text)
      .map((point) => `&#${point};`)
      .join(''),
  'in hexadecimal references': (text) =>
    points(text)
      .map((point) => `&#x${point.toString(16).toUpperCase()};`)
      .join(''),
  'in padded references': (text) =>
    points(text)
      .map((point) => `&#x000${point.toString(16)};`)
      .join(''),
  'in HTML names': (text) =>
    xml(text)
      .replaceAll('ñ', '&ntilde;')
      .replaceAll('€', '&euro;')
      .replaceAll('+', '&plus;')
      .replaceAll('/', '&sol;')
      .replaceAll("'", '&apos;'),
  'in XML in JSON': (text) => json(xml(text)).replaceAll('&', '\\u0026'),
  'in a URL': encodeURIComponent,
  'in a URL in lower case': (text) =>
    encodeURIComponent(text).replace(/%../g, (escape) => escape.toLowerCase()),
  'in a URL twice': (text) => encodeURIComponent(encodeURIComponent(text)),
  'in a URL with every byte escaped': (text) =>
    bytesOf(text)
      .map((byte) => `%${hex(byte)}`)
      .join(''),
  'in a form': form,
  'in a form in JSON': (text) => json(form(text)),
  'as UTF-8 read as Latin-1': (text) => Buffer.from(text).toString('latin1'),
  'as UTF-8 read as Latin-1, in JSON': (text) => json(Buffer.from(text).toString('latin1')),
  'as UTF-8 read as Latin-1, in a URL': (text) =>
    encodeURIComponent(Buffer.from(text).toString('latin1')),
  'with its accents apart': (text) => text.normalize('NFD'),
  'with what is not ASCII lost': (text) => text.replace(/\P{ASCII}/gu, '?'),
  'with bytes that are not ASCII lost': (text) => text.replace(/\P{ASCII}/gu, '\uFFFD\uFFFD'),
  'in Base64': (text) => Buffer.from(text).toString('base64'),
  'in Base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'in hexadecimal': (text) => Buffer.from(text).toString('hex'),
  'in lower case, as a name of a header': (text) => text.toLowerCase(),
};

describe('a secret that is echoed', () => {
  it.each(Object.entries(SPELLINGS))('%s is masked, and nothing around it', (_how, spell) => {
    const text = `{"a": "${spell(SECRET)}", "b": 1}`;
    expect(masked(text, [SECRET])).toBe(`{"a": "${MASK}", "b": 1}`);
  });

  it.each([
    ['windows-1252', 'contraseña', 'contraseÃ±a'],
    ['windows-1252, with the euro sign', '12€ab', '12â‚¬ab'],
    ['a byte of Latin-1 in a URL', 'contraseña', 'contrase%F1a'],
    ['an escape of old JavaScript', 'contraseña', 'contrase%u00F1a'],
    ['a shell', 'a b$c', 'a\\ b\\$c'],
    ['references without an end', 'a+b', 'a&#43b'],
    ['a sloppy encoder, of one character only', 'a%41+b', 'a%41%2Bb'],
    ['a mixture', `a"b/c ñ`, `a&quot;b%2Fc\\u0020\\u00c3\\u00b1`],
  ])('as %s does is masked', (_how, secret, written) => {
    expect(masked(`<${written}>`, [secret])).toBe(`<${MASK}>`);
  });

  it('within a longer text in Base64 is masked with the characters that it shares', () => {
    for (const before of ['ada:', 'a', 'ab', 'abc']) {
      const safe = masked(
        `Basic ${Buffer.from(`${before}a long password~and more`).toString('base64')}`,
        ['a long password~'],
      );
      expect(safe).toContain(MASK);
      const rest = Buffer.from(safe.split(MASK)[1] ?? '', 'base64').toString();
      expect(safe.replace('Basic ', '').split(MASK)[0]!.length).toBeLessThan(9);
      expect(rest).not.toContain('password');
    }
  });

  it('leaves a text alone that only looks like one', () => {
    for (const text of [
      '\\u002',
      '&#;',
      '%',
      '%zz',
      '&unknown;',
      '\\',
      'Ã',
      '100 % + 1 & 2',
      '===',
    ])
      expect(masked(text, ['a secret', 'contraseña'])).toBe(text);
  });
});

describe('a secret that is cut off at the end', () => {
  it.each([
    ['in JSON', 'say \\u0070\\u0061\\u002bss', 'say '],
    ['in the middle of an escape', 'say pa\\u002', 'say '],
    ['in the middle of an escape of JSON in JSON', 'say pa\\\\u00', 'say '],
    ['in a URL', 'say pa%2Bs', 'say '],
    ['in the middle of an escape of a URL', 'say pa%2', 'say '],
    ['in XML', 'say pa&#43;s', 'say '],
    ['in the middle of a reference', 'say pa&#4', 'say '],
  ])('%s is masked', (_how, text, kept) => {
    expect(maskedEnd(text, ['pa+ss/word'])).toBe(`${kept}${MASK}`);
  });

  it('leaves an end alone that is no beginning of it', () => {
    for (const text of ['say \\u00', 'say %2', 'say &am', 'say'])
      expect(maskedEnd(text, ['pa+ss/word'])).toBe(text);
  });
});

const encoders = Object.entries(SPELLINGS).filter(
  ([how]) => !/lost|lower case, as|accents|Base64|hexadecimal$/.test(how),
);

it('is masked in every spelling of every spelling', () => {
  const part = fc.string({
    unit: fc.constantFrom(
      'a',
      'B',
      '1',
      '+',
      '/',
      '"',
      '<',
      '&',
      ' ',
      '%',
      '4',
      '\\',
      'ñ',
      '€',
      ';',
      '#',
    ),
    minLength: 6,
    maxLength: 12,
  });
  const encoder = fc.constantFrom(...encoders.map(([, spell]) => spell));
  fc.assert(
    fc.property(part, encoder, encoder, (secret, first, second) => {
      const written = second(first(secret));
      expect(masked(`["${written}"]`, [secret])).not.toContain(written);
    }),
    { numRuns: 2000 },
  );
});
