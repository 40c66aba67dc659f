/** What is told of errors that sending survives: the database's own words, and each of them seldom. Pure. */

/** The same error is told again after this long (ms). */
const QUIET_MS = 60_000;
const LONGEST = 300;

/**
 * Knex puts the whole statement before the database's message, on SQLite with its values: thousands of them for a batch,
 * and content among them.
 */
export const plainMessage = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  const isStatement = /^(select|insert|update|delete|with|begin|commit)\b/i.test(message);
  const own = isStatement ? message.slice(message.lastIndexOf(' - ') + 1) : message;
  return own.replace(/^- /, '').replace(/\s+/g, ' ').slice(0, LONGEST);
};

export type Told = { at: number; untold: number };

/** The line to write, if any, and what is to be remembered of it. */
export const telling = (
  message: string,
  before: Told | undefined,
  now: number,
): { line: string | null; told: Told } => {
  if (before && now - before.at < QUIET_MS)
    return { line: null, told: { ...before, untold: before.untold + 1 } };
  const since = before?.untold ? ` (${before.untold} times more since it was last told)` : '';
  return { line: `${message}${since}`, told: { at: now, untold: 0 } };
};

const MOST = 50;

/** Tells errors by `write`, and remembers which it told. */
export const createTroubles = (options: { write(line: string): void; now(): number }) => {
  const told = new Map<string, Told>();
  return (error: unknown): void => {
    const message = plainMessage(error);
    const now = options.now();
    const next = telling(message, told.get(message), now);
    // Messages that differ each time must not fill the memory.
    if (!told.has(message) && told.size >= MOST) told.clear();
    told.set(message, next.told);
    if (next.line !== null) options.write(next.line);
  };
};
