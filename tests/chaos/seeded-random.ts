/** Random numbers that can be repeated: the same seed gives the same sequence. */

export type SeededRandom = {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  oneOf<T>(items: readonly T[]): T;
  /** A second sequence that does not depend on how many numbers were drawn from this one. */
  branch(name: string): SeededRandom;
};

/** mulberry32: short, and random enough to choose faults. */
const generator = (seed: number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** FNV-1a, 32 bits. */
const hashOf = (text: string) =>
  [...text].reduce(
    (hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 0x01000193),
    0x811c9dc5,
  );

export const seededRandom = (seed: number): SeededRandom => {
  const next = generator(seed);
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    oneOf: (items) => items[between(0, items.length - 1)] as (typeof items)[number],
    branch: (name) => seededRandom(hashOf(`${seed} ${name}`)),
  };
};
