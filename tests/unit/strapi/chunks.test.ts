import { bytesInStatement, chunksBySize, piecesOf, ROW_BYTES } from '../../../server/strapi/chunks';

describe('the size of a text in a statement', () => {
  it('is that of its bytes, with what is escaped', () => {
    expect(bytesInStatement('x'.repeat(5000))).toBe(5000);
    expect(bytesInStatement('\u00e9'.repeat(5000))).toBe(10_000);
    expect(bytesInStatement('\\'.repeat(2000) + '"'.repeat(2000) + "'".repeat(1000))).toBe(10_000);
    expect(bytesInStatement(null)).toBe(4);
  });
});

describe('pieces', () => {
  it.each(['"', '\u00e9', '\u6f22', '\ud83d\udc4b', 'x\ud83d\udc4b'])(
    'of %s fit, and are the text',
    (unit) => {
      const text = unit.repeat(20_000);
      const pieces = piecesOf(text, ROW_BYTES + 3001);
      expect(pieces.join('')).toBe(text);
      for (const piece of pieces) {
        expect(bytesInStatement(piece)).toBeLessThanOrEqual(3001);
        expect(Buffer.from(piece).toString()).toBe(piece);
      }
    },
  );
});

describe('chunks', () => {
  it('are of as many rows as fit, and a row that does not fit is alone', () => {
    const chunks = chunksBySize([10, 20, 30, 99, 40, 60], (bytes) => bytes, 60);
    expect(chunks).toEqual([[10, 20, 30], [99], [40], [60]]);
    expect(chunksBySize([], () => 0, 60)).toEqual([]);
  });

  it('have at most 200 rows', () => {
    const sizes = chunksBySize(Array(450).fill(1), Number, 1_000_000).map(({ length }) => length);
    expect(sizes).toEqual([200, 200, 50]);
  });
});
