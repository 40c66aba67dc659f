/**
 * Compares a body with a reference payload: key names, their order, nesting and types. Values do not
 * count, but what is a GUID, a GUID in braces or a time in the reference is one in the body too.
 */
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const BRACED_GUID = /^\{[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}\}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const PLACEHOLDER = /^<.*>$/;

export const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return Number.isInteger(value) ? 'whole number' : typeof value;
};

const textProblems = (reference: string, ours: string, path: string): string[] =>
  [GUID, BRACED_GUID, TIME]
    .filter((pattern) => !PLACEHOLDER.test(reference) && pattern.test(reference))
    .filter((pattern) => !pattern.test(ours))
    .map((pattern) => `${path}: "${ours}" is not ${pattern}`);

type Compared = { reference: unknown; ours: unknown; path?: string };

/** One sentence per difference; none for the same shape. Keys of ours may follow, never precede. */
export const shapeProblems = ({ reference, ours, path = '' }: Compared): string[] => {
  if (typeOf(reference) !== typeOf(ours)) {
    return [`${path}: expected ${typeOf(reference)}, got ${typeOf(ours)}`];
  }
  if (typeof reference === 'string') return textProblems(reference, ours as string, path);
  if (Array.isArray(reference)) {
    return (ours as unknown[]).flatMap((element, index) =>
      reference.length === 0
        ? []
        : shapeProblems({ reference: reference[0], ours: element, path: `${path}[${index}]` }),
    );
  }
  if (typeof reference !== 'object' || reference === null) return [];
  return objectProblems(reference as Row, ours as Row, path);
};

type Row = Record<string, unknown>;

const objectProblems = (reference: Row, ours: Row, path: string): string[] => {
  const expected = Object.keys(reference);
  const first = Object.keys(ours).slice(0, expected.length);
  if (first.join() !== expected.join()) {
    return [`${path}: expected the keys ${expected.join()} first, got ${Object.keys(ours).join()}`];
  }
  return expected.flatMap((key) =>
    shapeProblems({ reference: reference[key], ours: ours[key], path: `${path}.${key}` }),
  );
};
