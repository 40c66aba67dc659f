/** Puts things that stand in a fixed order where they want to be, as nearly as their sizes allow. */

export type Wish = {
  /** Where its middle wants to be. */
  at: number;
  size: number;
  /** Room that it wants on either side; of two neighbours, the greater wish counts. */
  margin: number;
  /** How much its wish counts where wishes collide. */
  weight: number;
};

type Block = { sum: number; weight: number; count: number };

const mean = ({ sum, weight }: Block) => sum / weight;

/** The nearest list that never falls, by pooling adjacent violators: https://en.wikipedia.org/wiki/Isotonic_regression */
const rising = (values: readonly { at: number; weight: number }[]): number[] => {
  const blocks: Block[] = [];
  for (const { at, weight } of values) {
    let block: Block = { sum: at * weight, weight, count: 1 };
    for (let last = blocks.at(-1); last && mean(last) > mean(block); last = blocks.at(-1)) {
      block = {
        sum: block.sum + last.sum,
        weight: block.weight + last.weight,
        count: block.count + last.count,
      };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks.flatMap((block) => Array.from({ length: block.count }, () => mean(block)));
};

/** The middles, in the same order: nothing overlaps, and all are as near their wishes as that allows. */
export const spread = (wishes: readonly Wish[]): number[] => {
  let offset = 0;
  const offsets = wishes.map((wish, index) => {
    const before = wishes[index - 1];
    if (before) {
      offset += before.size / 2 + Math.max(before.margin, wish.margin) + wish.size / 2;
    }
    return offset;
  });
  const relative = rising(
    wishes.map(({ at, weight }, index) => ({ at: at - (offsets[index] ?? 0), weight })),
  );
  return relative.map((value, index) => value + (offsets[index] ?? 0));
};
