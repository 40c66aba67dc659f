/**
 * Reads what another server answered in JSON with every member of its objects, also those of the same name: RFC 8259
 * leaves open which of them counts, and `JSON.parse` silently takes the last. Pure.
 */

/** An object as it was written: names may be there twice. */
export class Members {
  constructor(readonly pairs: [name: string, value: unknown][]) {}

  /** The values of a name, in any case of its letters. */
  all(name: string): unknown[] {
    return this.pairs.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
  }
}

/** What lies deeper is null: nothing that is read lies so deep, and a server may nest without end. */
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

/** Its objects are `Members`. Null for what is no JSON, as for null. */
export function jsonMembers(text: string): unknown {
  try {
    JSON.parse(text);
    return valueOf(text, DEEPEST);
  } catch {
    return null;
  }
}

/** The first of these names that an object holds twice, with different values; null where none is. */
export function contradicted(json: string, names: readonly string[]): string | null {
  const members = jsonMembers(json);
  if (!(members instanceof Members)) return null;
  const valuesOf = (name: string) =>
    members.pairs.filter(([one]) => one === name).map(([, value]) => JSON.stringify(value));
  return names.find((name) => new Set(valuesOf(name)).size > 1) ?? null;
}
