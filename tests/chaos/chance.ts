/** Chance that can be repeated: the same seed throws the same dice. */

export type Chance = {
  /** In [0, 1). */
  next(): number;
  /** A whole number of these bounds, both of them possible. */
  between(least: number, most: number): number;
  oneOf<T>(items: readonly T[]): T;
  /** Another chance of its own, so that what one part throws does not shift what another does. */
  branch(name: string): Chance;
};

/** mulberry32: small, and good enough to break things with. */
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

export const chanceOf = (seed: number): Chance => {
  const next = generator(seed);
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    oneOf: (items) => items[between(0, items.length - 1)] as (typeof items)[number],
    branch: (name) => chanceOf(hashOf(`${seed} ${name}`)),
  };
};
