/** What is the same for the same text is worked out once: of the texts asked for last, the answers are kept. Pure. */

const MOST = 500;

/** What throws is asked again. An answer must not be changed by whoever gets it. */
export const remembering = <T>(answerOf: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const answer = answerOf(text);
    // The oldest goes: what is in use comes back at once.
    if (known.size >= MOST) known.delete(known.keys().next().value as string);
    known.set(text, answer);
    return answer;
  };
};
