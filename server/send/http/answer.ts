/**
 * Reads a receiver's answer: removes interim responses from its bytes, and reads its headers, a bounded part of its body,
 * the encoding of the body, and its JSON with every member. Pure.
 */

type Prefix = { chunks: Buffer[]; size: number; isTruncated: boolean };

export const emptyPrefix = (): Prefix => ({ chunks: [], size: 0, isTruncated: false });

/** Keeps a chunk as far as `limit` bytes allow. Afterwards `isTruncated` says whether something was cut off. */
export function addChunk(prefix: Prefix, chunk: Buffer, limit: number): void {
  const room = limit - prefix.size;
  prefix.isTruncated = chunk.length > room;
  // A copy, because undici uses the memory behind a chunk again for the next one.
  if (room > 0) prefix.chunks.push(Buffer.from(chunk.subarray(0, room)));
  prefix.size += Math.min(room, chunk.length);
}

/** A character cut in half at the end is left out. NULs, which PostgreSQL cannot store, become U+FFFD. */
export function bodyTextOf({ chunks, isTruncated }: Prefix, contentType?: string): string {
  const [first] = chunks;
  if (first === undefined) return '';
  const bytes = chunks.length === 1 ? first : Buffer.concat(chunks);
  const text = decoded(bytes, { contentType, isTruncated });
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

/** Headers as they come from the wire, by their name in lower case. */
export function answerHeadersOf(raw: readonly Buffer[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = String(raw[index]).toLowerCase();
    const value = (raw[index + 1] as Buffer).toString('latin1');
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}

/**
 * The bytes as text, in the encoding that their byte order mark, header, XML declaration or first bytes name; without one
 * UTF-8, or windows-1252 if the bytes are no UTF-8. Never throws. `isTruncated`: a character cut in half at the end is
 * left out.
 */
export function decoded(
  bytes: Buffer,
  { contentType, isTruncated }: { contentType?: string | undefined; isTruncated: boolean },
): string {
  const stream = { stream: isTruncated };
  const charset = charsetOf(bytes, contentType);
  if (charset === WINDOWS_1252) return windows1252(bytes);
  if (charset !== null) return new TextDecoder(charset).decode(bytes, stream);
  try {
    return new TextDecoder(DEFAULT, { fatal: true }).decode(bytes, stream);
  } catch {
    return windows1252(bytes);
  }
}

const DEFAULT = 'utf-8';

/** Null where there is no such encoding. WHATWG's names: "iso-8859-1" is windows-1252, which browsers read it as. */
function knownEncoding(label: string): string | null {
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch {
    return null;
  }
}

function encodingOfMark(bytes: Buffer): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return DEFAULT;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
}

/** JSON and XML begin with two characters of ASCII, which in UTF-16 have a zero byte beside them. */
function encodingOfZeros(bytes: Buffer): string | null {
  if (bytes.length < 4) return null;
  const zeros = [0, 1, 2, 3].map((index) => (bytes[index] === 0 ? '0' : 'x')).join('');
  if (zeros === '0x0x') return 'utf-16be';
  return zeros === 'x0x0' ? 'utf-16le' : null;
}

const CHARSET = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/i;
const DECLARED = /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/;
const WIDE = /^utf-16/;
/** A declaration stands at the beginning. */
const DECLARATION_BYTES = 200;

function encodingOfHeader(bytes: Buffer, contentType: string): string | null {
  const [, quoted, plain] = CHARSET.exec(contentType) ?? [];
  const label = quoted ?? plain;
  const encoding = label === undefined ? null : knownEncoding(label);
  // "utf-16" says nothing of the order of the bytes.
  return encoding !== null && WIDE.test(encoding) ? (encodingOfZeros(bytes) ?? encoding) : encoding;
}

/** .NET declares UTF-16 in what it then sends as UTF-8: a declaration that can be read byte by byte is not UTF-16. */
function encodingOfDeclaration(bytes: Buffer): string | null {
  const [, label] = DECLARED.exec(bytes.toString('latin1', 0, DECLARATION_BYTES)) ?? [];
  const encoding = label === undefined ? null : knownEncoding(label);
  return encoding !== null && WIDE.test(encoding) ? DEFAULT : encoding;
}

/** Null if nothing names one. */
function charsetOf(bytes: Buffer, contentType = ''): string | null {
  return (
    encodingOfMark(bytes) ??
    encodingOfHeader(bytes, contentType) ??
    encodingOfZeros(bytes) ??
    encodingOfDeclaration(bytes) ??
    null
  );
}

const WINDOWS_1252 = 'windows-1252';
/** Its characters for the bytes 0x80 to 0x9f; those that it has none for are themselves. */
const FROM_0X80 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Byte for character. By hand, because Node 20 reads windows-1252 as ISO-8859-1. */
function windows1252(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (control) => FROM_0X80[control.charCodeAt(0) - 0x80] as string);
}

/** The byte that this character is in windows-1252 or ISO-8859-1; null where it is in neither. */
export function byteOf(character: string): number | null {
  const code = character.charCodeAt(0);
  if (code <= 0xff) return code;
  const index = FROM_0X80.indexOf(character);
  return index === -1 ? null : 0x80 + index;
}

/**
 * An object of JSON as it was written, with members of the same name: RFC 8259 leaves open which of them counts, and
 * `JSON.parse` silently takes the last.
 */
export class Members {
  constructor(readonly pairs: [name: string, value: unknown][]) {}

  /** The values of a name, in any case of its letters. */
  all(name: string): unknown[] {
    return this.pairs.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
  }
}

/** JSON with its objects as `Members`. Null for invalid JSON, as for null. */
export function jsonMembers(text: string): unknown {
  try {
    JSON.parse(text);
    return valueOf(text, DEEPEST);
  } catch {
    return null;
  }
}

/** The first of these names that an object holds twice, with different values; null if there is none. */
export function contradicted(json: string, names: readonly string[]): string | null {
  const members = jsonMembers(json);
  if (!(members instanceof Members)) return null;
  const valuesOf = (name: string) =>
    members.pairs.filter(([one]) => one === name).map(([, value]) => JSON.stringify(value));
  return names.find((name) => new Set(valuesOf(name)).size > 1) ?? null;
}

/** A value below this depth becomes null: no code reads so deep, and a server may nest without end. */
const DEEPEST = 4;

const TEXT = '"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"';
const STRUCTURE = new RegExp(`${TEXT}|[[\\]{},]`, 'gs');
const MEMBER = new RegExp(`^\\s*(${TEXT})\\s*:(.*)$`, 's');

/** The texts of an object's members or of a list's items, of JSON that is valid. */
function partsOf(json: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 1;
  for (const { 0: found, index } of json.matchAll(STRUCTURE)) {
    if (found === '{' || found === '[') depth += 1;
    else if (found === '}' || found === ']') depth -= 1;
    const isEnd = depth === 0 || (depth === 1 && found === ',');
    if (!isEnd) continue;
    parts.push(json.slice(start, index));
    start = index + 1;
  }
  return parts.filter((part) => part.trim() !== '');
}

function valueOf(text: string, depth: number): unknown {
  const json = text.trim();
  const isObject = json.startsWith('{');
  if (!isObject && !json.startsWith('[')) return JSON.parse(json);
  if (depth === 0) return null;
  const parts = partsOf(json);
  if (!isObject) return parts.map((part) => valueOf(part, depth - 1));
  return new Members(
    parts.map((part) => {
      const [, name = '""', value = 'null'] = MEMBER.exec(part) ?? [];
      return [JSON.parse(name) as string, valueOf(value, depth - 1)];
    }),
  );
}

/*
 * Interim responses (1xx, RFC 9110, 15.2) are removed from the bytes of a connection before undici's parser reads them. A
 * server may send any number of them, unasked; undici destroys the connection at "100 Continue", and a 1xx of HTTP/1.0
 * makes its parser refuse the answer that follows (docs/decisions/0033).
 */

/** A status line from its beginning, "x" for a digit that does not matter. */
const INTERIM = 'HTTP/1.x 1xx';
/** A receiver that sends more than these bytes of interim responses before its answer is not read any further. */
const MOST_BYTES = 64 * 1024;

const SWITCHING_PROTOCOLS = '101';
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;

/** No answer can follow; `code` leads to the sentence for administrators. */
class InterimError extends Error {
  override name = 'InterimError';

  constructor(readonly code: 'WEBHOOK_SWITCHED_PROTOCOL' | 'WEBHOOK_ONLY_INTERIM') {
    super(code);
  }
}

/** Whether bytes are an interim response, may become one, or are something else. */
function beginningOf(bytes: Buffer): 'interim' | 'unclear' | 'other' {
  const length = Math.min(bytes.length, INTERIM.length);
  for (let index = 0; index < length; index += 1) {
    const byte = bytes[index] as number;
    const expected = INTERIM[index] as string;
    if (expected === 'x' ? !isDigit(byte) : byte !== expected.charCodeAt(0)) return 'other';
  }
  return length === INTERIM.length ? 'interim' : 'unclear';
}

function withoutEmptyLines(bytes: Buffer): Buffer {
  let at = 0;
  while (bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN) at += 1;
  return at === 0 ? bytes : bytes.subarray(at);
}

const NOTHING = Buffer.alloc(0);

/** The bytes of one connection, on which one answer comes at a time. */
export class InterimFilter {
  private state: 'beginning' | 'interim' | 'answer' = 'beginning';
  /** The beginning of a status line whose rest has not come yet. */
  private held = NOTHING;
  private isLineEmpty = false;
  private removed = 0;

  /** To be called before a request is written: the next bytes begin its answer. */
  expectAnswer(): void {
    this.state = 'beginning';
    this.held = NOTHING;
    this.removed = 0;
  }

  /** Whether the receiver has sent anything since the request was written, interim responses included. */
  get hasBegun(): boolean {
    return this.removed > 0 || this.state !== 'beginning';
  }

  /** The rest of a chunk for the parser; it may be empty. Throws an InterimError where no answer can follow. */
  pass(chunk: Buffer): Buffer {
    let rest = chunk;
    while (rest.length > 0 && this.state !== 'answer')
      rest = this.state === 'beginning' ? this.afterBeginning(rest) : this.afterInterim(rest);
    return rest;
  }

  private afterBeginning(chunk: Buffer): Buffer {
    const known = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const bytes = withoutEmptyLines(known);
    const beginning = beginningOf(bytes);
    this.held = NOTHING;
    if (beginning === 'unclear') {
      this.held = Buffer.from(bytes);
      return NOTHING;
    }
    if (beginning === 'other') {
      this.state = 'answer';
      return bytes;
    }
    if (bytes.toString('latin1', 9, 12) === SWITCHING_PROTOCOLS)
      throw new InterimError('WEBHOOK_SWITCHED_PROTOCOL');
    this.state = 'interim';
    this.isLineEmpty = false;
    return bytes;
  }

  /** The bytes after the empty line that ends the headers. */
  private afterInterim(bytes: Buffer): Buffer {
    for (let index = 0; index < bytes.length; index += 1) {
      const byte = bytes[index];
      if (byte === LINE_FEED && this.isLineEmpty) {
        this.state = 'beginning';
        return this.remove(bytes, index + 1);
      }
      if (byte === LINE_FEED) this.isLineEmpty = true;
      else if (byte !== CARRIAGE_RETURN) this.isLineEmpty = false;
    }
    return this.remove(bytes, bytes.length);
  }

  private remove(bytes: Buffer, count: number): Buffer {
    this.removed += count;
    if (this.removed > MOST_BYTES) throw new InterimError('WEBHOOK_ONLY_INTERIM');
    return bytes.subarray(count);
  }
}
