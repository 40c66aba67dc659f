/**
 * Which field of the document a path of an endpoint means. Frameworks write paths their own way: ASP.NET "Title",
 * "Blocks[0].HeadLine" and "$.seo.metaTitle", or from the body of the request on, "Data.Entry.Title". Pure.
 */
type Fields = Record<string, unknown>;

const INDEX = /\[(["']?)([^\]"']*)\1\]/g;

function partsOf(path: string): string[] {
  const parts = path.replace(INDEX, '.$2').split('.');
  return parts.filter((part) => part !== '' && part !== '$');
}

/** The key of this name; else the only one that differs in nothing but the case of its letters. */
function keyIn(fields: Fields, name: string): string | null {
  if (Object.hasOwn(fields, name)) return name;
  const alike = Object.keys(fields).filter((key) => key.toLowerCase() === name.toLowerCase());
  return alike.length === 1 ? (alike[0] as string) : null;
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** Null where the first part names no field. Further parts that the document does not have stay as they are. */
function resolved(entry: Fields, parts: readonly string[]): string | null {
  const found: string[] = [];
  let at: unknown = entry;
  for (const part of parts) {
    const key = isFields(at) ? keyIn(at, part) : null;
    if (key === null && found.length === 0) return null;
    found.push(key ?? part);
    at = key === null ? null : (at as Fields)[key];
  }
  return found.length === 0 ? null : found.join('.');
}

/** Bodies hold the document as "entry", at whatever depth. */
function belowEntry(parts: readonly string[]): string[] {
  return parts.slice(parts.findIndex((part) => part.toLowerCase() === 'entry') + 1);
}

/** The path with full stops, as forms have it; one that names no field stays as it was. */
export function fieldIn(entry: Fields | null, path: string): string {
  if (entry === null) return path;
  const parts = partsOf(path);
  const below = belowEntry(parts);
  const isField = Object.hasOwn(entry, parts[0] ?? '');
  const isWrapped = !isField && below.length > 0 && below.length < parts.length;
  return (isWrapped ? resolved(entry, below) : null) ?? resolved(entry, parts) ?? path;
}
