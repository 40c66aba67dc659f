/** Reads `WWW-Authenticate` and its like (RFC 9110, 11.6.1), of which one field may hold several challenges. */

export type Challenge = {
  /** In lower case. */
  scheme: string;
  /** Names in lower case, values unquoted; the first of a name counts. */
  parameters: Record<string, string>;
};

/** A longer field is read as far as this: no server means more, and quotes that never end take long to look for. */
const MOST = 4096;

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[^"\\\\]|\\\\[\\s\\S])*"';
/** What may come next: space and commas, a parameter, or the name of a scheme. Sticky, so that each byte is looked at once. */
const SPACE = /[\s,]+/y;
const PARAMETER = new RegExp(`(${TOKEN})[ \\t]*=[ \\t]*(${TOKEN}|${QUOTED})(?=[\\s,]|$)`, 'y');
const SCHEME = new RegExp(`(${TOKEN})(?=[\\s,]|$)`, 'y');
/** What belongs to neither, such as the token68 of another scheme. */
const ANYTHING = /[^\s,]+/y;

const unquoted = (value: string) =>
  value.startsWith('"') ? value.slice(1, -1).replace(/\\([\s\S])/g, '$1') : value;

const matched = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Never throws: what cannot be read is passed over. */
export const challengesOf = (header: string): Challenge[] => {
  const text = header.slice(0, MOST);
  const challenges: Challenge[] = [];
  let at = 0;
  // A scheme stands at the beginning or behind a comma; any other lone word is the token68 of the scheme before it.
  let mayBegin = true;
  while (at < text.length) {
    const parameter: RegExpExecArray | null = matched(PARAMETER, text, at);
    const scheme: RegExpExecArray | null =
      parameter || !mayBegin ? null : matched(SCHEME, text, at);
    const space: RegExpExecArray | null = parameter || scheme ? null : matched(SPACE, text, at);
    const read = parameter ?? scheme ?? space ?? matched(ANYTHING, text, at);
    const current = challenges.at(-1)?.parameters;
    // Without a prototype: a server may name a parameter `__proto__`.
    const parameters = Object.create(null) as Record<string, string>;
    if (scheme) challenges.push({ scheme: (scheme[1] as string).toLowerCase(), parameters });
    if (parameter && current) {
      const name = (parameter[1] as string).toLowerCase();
      if (!Object.hasOwn(current, name)) current[name] = unquoted(parameter[2] as string);
    }
    mayBegin = space !== null && (mayBegin || space[0].includes(','));
    at += read?.[0].length || 1;
  }
  return challenges;
};

/** The parameters of a field that is no challenge, such as `Authentication-Info`. */
export const parametersOf = (header: string): Record<string, string> =>
  challengesOf(`info ${header}`)[0]?.parameters ?? {};
