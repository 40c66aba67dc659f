/** The log lines about errors that sending survives: the database's own message, and each of them rarely. Pure. */

/** The same error is logged again after this time (ms). */
const QUIET_MS = 60_000;
const LONGEST = 300;
const MOST_REMEMBERED = 50;

type Options = { write(line: string): void; now(): number };

/** Logs errors by `write`, and remembers which it logged when. */
export function createErrorLog({ write, now }: Options) {
  const logged = new Map<string, { at: number; repeats: number }>();
  return (error: unknown): void => {
    const message = plainMessage(error);
    const before = logged.get(message);
    if (before && now() - before.at < QUIET_MS) {
      before.repeats += 1;
      return;
    }
    // Messages that differ each time must not fill the memory.
    if (!before && logged.size >= MOST_REMEMBERED) logged.clear();
    logged.set(message, { at: now(), repeats: 0 });
    const since = before?.repeats ? ` (${before.repeats} times more since it was last told)` : '';
    write(`${message}${since}`);
  };
}

/**
 * Knex puts the whole statement before the database's message. On SQLite it contains the values: thousands of them in a
 * batch, and content among them.
 */
export function plainMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const isStatement = /^(select|insert|update|delete|with|begin|commit)\b/i.test(message);
  const own = isStatement ? message.slice(message.lastIndexOf(' - ') + 1) : message;
  return own.replace(/^- /, '').replace(/\s+/g, ' ').slice(0, LONGEST);
}
