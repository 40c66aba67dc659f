/** Keeps the answers for the latest texts, because the same text always has the same answer. Pure. */

const MOST = 500;

/** An error is not kept. The caller must not change an answer. */
export function remembering<T>(answerOf: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const answer = answerOf(text);
    // The oldest goes. If it is still in use, it comes back at once.
    if (known.size >= MOST) known.delete(known.keys().next().value as string);
    known.set(text, answer);
    return answer;
  };
}
