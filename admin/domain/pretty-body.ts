/** Lays a recorded body out for reading. Only white space is added: what was sent stays what is shown. */

const INDENT = '  ';
/** Beyond this, laying out costs the reader more (a frozen tab) than it gives. */
const MAX_LENGTH = 500_000;

const JSON_TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const XML_TOKENS = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[^>]*>|[^<]+/g;

const isJson = (text: string) => {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
};

/** Deeper levels are not indented further: 10,000 levels would need 200 MB of spaces. */
const MAX_INDENTS = 100;

const line = (depth: number) => `\n${INDENT.repeat(Math.min(depth, MAX_INDENTS))}`;

const isOpening = (token: string | undefined) => token === '{' || token === '[';
const isClosing = (token: string) => token === '}' || token === ']';

/** By tokens, not by JSON.parse and stringify: those round large numbers and move integer keys. */
const prettyJson = (text: string): string => {
  const tokens = text.match(JSON_TOKENS) ?? [];
  let depth = 0;
  return tokens
    .map((token, at) => {
      if (isClosing(token)) {
        depth -= 1;
        return isOpening(tokens[at - 1]) ? token : line(depth) + token;
      }
      const before = isOpening(tokens[at - 1]) ? line(depth) : '';
      if (isOpening(token)) depth += 1;
      if (token === ',') return `,${line(depth)}`;
      return token === ':' ? ': ' : before + token;
    })
    .join('');
};

type XmlToken = 'open' | 'close' | 'text' | 'other';

const xmlKind = (token: string): XmlToken => {
  if (!token.startsWith('<') || token.startsWith('<![CDATA[')) return 'text';
  if (token.startsWith('</')) return 'close';
  return /^<[!?]|\/>$/.test(token) ? 'other' : 'open';
};

/** Null where the tags do not close each other: an HTML page, or a body cut at its limit. */
const prettyXml = (text: string): string | null => {
  const tokens = (text.match(XML_TOKENS) ?? []).filter((token) => token.trim() !== '');
  let depth = 0;
  let before: XmlToken | null = null;
  const parts: string[] = [];
  for (const token of tokens) {
    const kind = xmlKind(token);
    if (kind === 'close') depth -= 1;
    if (depth < 0) return null;
    const staysOnLine =
      kind === 'text' || before === 'text' || (kind === 'close' && before === 'open');
    parts.push(staysOnLine || before === null ? token : line(depth) + token);
    if (kind === 'open') depth += 1;
    before = kind;
  }
  return depth === 0 ? parts.join('') : null;
};

/** The body with line breaks and indentation, where it is JSON or XML; as it is otherwise. */
export const prettyBody = (body: string): string => {
  if (body.length > MAX_LENGTH) return body;
  if (isJson(body)) return prettyJson(body);
  return body.trimStart().startsWith('<') ? (prettyXml(body) ?? body) : body;
};
