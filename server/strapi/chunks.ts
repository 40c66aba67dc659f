/** Splits long lists and texts: databases limit the number of values and the bytes of one statement. Pure. */

/** Rows of a statement: below the limit of every database (SQLite 32,766 values, PostgreSQL 65,535). */
export const CHUNK = 200;

export const chunksOf = <T>(items: readonly T[], size = CHUNK): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** Everything that `read` finds for the items, chunk by chunk, in the order of the items. */
export async function readInChunks<T, Found>(
  items: readonly T[],
  read: (chunk: T[]) => PromiseLike<readonly Found[]>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const chunk of chunksOf(items)) for (const one of await read(chunk)) found.push(one);
  return found;
}

/** What the small columns of a row and the statement itself take. */
export const ROW_BYTES = 10_000;

/** Bytes of a statement about many rows: more would only cost memory. */
const USUAL_BYTES = 8_000_000;

/** A UTF-16 code unit takes at most three bytes, also where a quote or a backslash is escaped. */
const MOST_BYTES_PER_UNIT = 3;

/** Rows in their order, as many together as one statement takes. */
export function chunksBySize<Row>(
  rows: readonly Row[],
  bytesOf: (row: Row) => number,
  statementBytes: number,
): Row[][] {
  const most = Math.min(statementBytes, USUAL_BYTES);
  const chunks: Row[][] = [];
  let last: Row[] | null = null;
  let bytes = 0;
  for (const row of rows) {
    const more = bytesOf(row);
    if (last === null || last.length === CHUNK || bytes + more > most) {
      last = [];
      bytes = 0;
      chunks.push(last);
    }
    last.push(row);
    bytes += more;
  }
  return chunks;
}

/** The text in pieces that each fit into a statement of so many bytes; no surrogate pair is cut. */
export function piecesOf(text: string, statementBytes: number): string[] {
  const most = Math.max(2, Math.floor((statementBytes - ROW_BYTES) / MOST_BYTES_PER_UNIT));
  const pieces: string[] = [];
  for (let from = 0; from < text.length;) {
    let to = from + most;
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to -= 1;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

/** An upper bound for a short text; exact for a long one. */
export function bytesInStatement(text: string | null): number {
  if (text === null) return 4;
  if (text.length < 1000) return text.length * MOST_BYTES_PER_UNIT;
  let escaped = 0;
  for (let at = 0; at < text.length; at += 1) if (isEscaped(text.charCodeAt(at))) escaped += 1;
  return Buffer.byteLength(text) + escaped;
}

/** The MySQL driver, which writes values into its statements, sends each of these as two characters. */
function isEscaped(code: number): boolean {
  if (code > 0x1a) return code === 0x27 || code === 0x22 || code === 0x5c;
  return code === 0 || (code >= 8 && code <= 10) || code === 13 || code === 26;
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
