/**
 * Removes interim responses (1xx, RFC 9110, 15.2) from the bytes of a connection, before undici's parser reads them. A
 * server may send any number of them, unasked; undici destroys the connection at "100 Continue", and a 1xx of HTTP/1.0
 * makes its parser refuse the answer that follows. Pure.
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
export class InterimError extends Error {
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
