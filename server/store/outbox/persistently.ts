/** Statements that two processes run over the same rows may lock each other out. Pure. */

/** PostgreSQL's deadlock and serialization failure, and MySQL's deadlock: the one of two statements that was undone. */
const UNDONE: ReadonlySet<unknown> = new Set(['40P01', '40001', 'ER_LOCK_DEADLOCK']);
const TIMES = 5;

const isUndone = (error: unknown) => UNDONE.has((error as { code?: unknown } | null)?.code);

/** Runs a statement or a transaction of its own, inside no other, once more where the database undid it for another's sake. */
export const persistently = async <T>(run: () => PromiseLike<T>): Promise<T> => {
  for (let time = 1; ; time += 1) {
    try {
      return await run();
    } catch (error) {
      if (time === TIMES || !isUndone(error)) throw error;
    }
  }
};
