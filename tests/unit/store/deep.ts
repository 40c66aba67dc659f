/** A JSON value that is nested: objects in lists in objects, and a text at the bottom. */
export const deep = (depth: number, bottom: unknown = 'bottom'): unknown => {
  let value = bottom;
  for (let level = 0; level < depth; level += 1) value = level % 2 ? { a: value } : [value];
  return value;
};
