/** Reads what a receiver answers: headers as they come from the wire, and a bounded part of the body. */
import { decoded } from './charset';

export const headersOf = (raw: readonly Buffer[]): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = String(raw[index]).toLowerCase();
    const value = (raw[index + 1] as Buffer).toString('latin1');
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
};

export type Prefix = { chunks: Buffer[]; size: number; isTruncated: boolean };

export const emptyPrefix = (): Prefix => ({ chunks: [], size: 0, isTruncated: false });

/** Keeps a chunk as far as `limit` bytes allow; afterwards `isTruncated` says whether something was cut off. */
export const addChunk = (prefix: Prefix, chunk: Buffer, limit: number) => {
  const room = limit - prefix.size;
  prefix.isTruncated = chunk.length > room;
  // A copy, because undici uses the memory behind a chunk again for the next one.
  if (room > 0) prefix.chunks.push(Buffer.from(chunk.subarray(0, room)));
  prefix.size += Math.min(room, chunk.length);
};

/** A character cut in half at the end is left out; NULs, which PostgreSQL cannot store, become U+FFFD. */
export const textOf = ({ chunks, isTruncated }: Prefix, contentType?: string): string => {
  const [first] = chunks;
  if (first === undefined) return '';
  const bytes = chunks.length === 1 ? first : Buffer.concat(chunks);
  const text = decoded(bytes, { contentType, isTruncated });
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
};
