/** Element names from the keys of content, which may be any text at all. */
import { createHash } from 'node:crypto';

/**
 * What may stay: XML 1.0 names (fifth edition, 2.3) without the colon, which namespaces took, and
 * without characters beyond U+FFFF, which parsers of the fourth edition refuse, and without U+1680
 * and U+FEFF, which are white space to JavaScript and so to parsers written in it.
 */
const START = [
  'A-Za-z_\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u167F\\u1681-\\u1FFF\\u200C\\u200D',
  '\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFEFE\\uFF00-\\uFFFD',
].join('');
const REST = [START, '0-9.\\u00B7\\u0300-\\u036F\\u203F\\u2040-'].join('');

// The ranges hold combining characters on purpose; the rule guards against emoji written in a class.
/* eslint-disable no-misleading-character-class */
const LEGAL = new RegExp(`^[${START}][${REST}]*$`);
/** A character that may not stand where it stands, or an underscore that would read as our escape. */
const ESCAPED = new RegExp(
  `^[^${START}]|[^${REST}]|_(?=x(?:[0-9A-Fa-f]{4}|[0-9A-Fa-f]{8})?_)`,
  'gu',
);
/* eslint-enable no-misleading-character-class */
const LOOKS_ESCAPED = /_x(?:[0-9A-Fa-f]{4}|[0-9A-Fa-f]{8})?_/;

/** libxml2 refuses names beyond 50,000 characters; nobody reads one beyond this. */
const MAX_LENGTH = 1000;

const escapeOf = (character: string): string => {
  const code = character.codePointAt(0) ?? 0;
  return `_x${code
    .toString(16)
    .toUpperCase()
    .padStart(code > 0xffff ? 8 : 4, '0')}_`;
};

const shortened = (name: string) =>
  `${name.slice(0, MAX_LENGTH)}_${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;

/**
 * A legal name as it is; in any other each character that may not stand is written `_xHHHH_`, its
 * code point in hexadecimal (eight digits beyond U+FFFF), and an underscore that would read as such
 * an escape is escaped itself. It is the convention of .NET's XmlConvert.EncodeLocalName, so no two
 * keys meet, and .NET decodes it. The empty key is `_x_`.
 */
export const xmlNameOf = (key: string): string => {
  if (key === '') return '_x_';
  const isLegal = LEGAL.test(key) && !LOOKS_ESCAPED.test(key);
  const name = isLegal ? key : key.replace(ESCAPED, escapeOf);
  return name.length > MAX_LENGTH ? shortened(name) : name;
};
