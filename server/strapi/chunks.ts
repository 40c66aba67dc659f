/** Splits long lists, because every database limits the values that are bound to one statement. */

/** Rows of a statement: below the limit of every database (SQLite 32,766 values, PostgreSQL 65,535). */
export const CHUNK = 200;

export const chunksOf = <T>(items: readonly T[], size = CHUNK): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/** Everything that `read` finds for the items, chunk by chunk, in the order of the items. */
export async function readInChunks<T, Found>(
  items: readonly T[],
  read: (chunk: T[]) => PromiseLike<readonly Found[]>,
): Promise<Found[]> {
  const found: Found[] = [];
  for (const chunk of chunksOf(items)) for (const one of await read(chunk)) found.push(one);
  return found;
}
