/** In which encoding the body of an answer is: as its byte order mark, header, XML declaration or first bytes say. Pure. */

const DEFAULT = 'utf-8';

/** Null where there is no such encoding. WHATWG's names: "iso-8859-1" is windows-1252, which browsers read it as. */
function known(label: string): string | null {
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch {
    return null;
  }
}

function ofMark(bytes: Buffer): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return DEFAULT;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
}

/** JSON and XML begin with two characters of ASCII, which in UTF-16 have a zero byte beside them. */
function ofZeros(bytes: Buffer): string | null {
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

function ofHeader(bytes: Buffer, contentType: string): string | null {
  const [, quoted, plain] = CHARSET.exec(contentType) ?? [];
  const label = quoted ?? plain;
  const encoding = label === undefined ? null : known(label);
  // "utf-16" says nothing of the order of the bytes.
  return encoding !== null && WIDE.test(encoding) ? (ofZeros(bytes) ?? encoding) : encoding;
}

/** .NET declares UTF-16 in what it then sends as UTF-8: a declaration that can be read byte by byte is not UTF-16. */
function ofDeclaration(bytes: Buffer): string | null {
  const [, label] = DECLARED.exec(bytes.toString('latin1', 0, DECLARATION_BYTES)) ?? [];
  const encoding = label === undefined ? null : known(label);
  return encoding !== null && WIDE.test(encoding) ? DEFAULT : encoding;
}

/** Null where nothing says it. */
function saidCharset(bytes: Buffer, contentType = ''): string | null {
  return (
    ofMark(bytes) ?? ofHeader(bytes, contentType) ?? ofZeros(bytes) ?? ofDeclaration(bytes) ?? null
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
 * Never throws. Where nothing says the encoding it is UTF-8, or windows-1252 if the bytes are no UTF-8. `isTruncated`: a
 * character cut in half at the end is left out.
 */
export function decoded(
  bytes: Buffer,
  { contentType, isTruncated }: { contentType?: string | undefined; isTruncated: boolean },
): string {
  const stream = { stream: isTruncated };
  const charset = saidCharset(bytes, contentType);
  if (charset === WINDOWS_1252) return windows1252(bytes);
  if (charset !== null) return new TextDecoder(charset).decode(bytes, stream);
  try {
    return new TextDecoder(DEFAULT, { fatal: true }).decode(bytes, stream);
  } catch {
    return windows1252(bytes);
  }
}
