/** Medians, percentiles and ratios. Pure. */

const ascending = (values: readonly number[]) => [...values].sort((one, other) => one - other);

/** The quantile of a share from 0 to 1, by the nearest rank; NaN for an empty list. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = ascending(values);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => {
  const sorted = ascending(values);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  return sorted.length % 2 === 1
    ? upper
    : ((sorted[sorted.length / 2 - 1] ?? Number.NaN) + upper) / 2;
};

export type Summary = { median: number; min: number; max: number; low: number; high: number };

/** `low` and `high` are the quartiles. */
export const summary = (values: readonly number[]): Summary => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
});

/** The ratio of each round, so that a slow minute of the machine affects both sides of a ratio. */
export const ratios = (values: readonly number[], base: readonly number[]): number[] =>
  values.map((value, round) => value / (base[round] ?? Number.NaN));

/** Changes direction and first item from round to round, so that no item always goes first. */
export const turnOrder = <T>(items: readonly T[], round: number): T[] => {
  const start = Math.floor(round / 2) % items.length;
  const turned = [...items.slice(start), ...items.slice(0, start)];
  return round % 2 === 0 ? turned : turned.reverse();
};
