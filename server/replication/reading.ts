/** What another Strapi has read of this one, stage by stage. Pure, but for what it remembers. */

export type Stage = 'entities' | 'links' | 'assets' | 'configuration';

/**
 * A side that is pulled from hears the same `close` whether the pull was done or given up, and which stages were
 * wanted it is not told: what was read says it. Entries come with their links, or neither does.
 */
export const createReading = () => {
  const begun = new Set<Stage>();
  const read = new Set<Stage>();
  return {
    begin: (stage: Stage): void => void begun.add(stage),
    end: (stage: Stage): void => void read.add(stage),
    isWhole: (): boolean =>
      begun.size > 0 && begun.size === read.size && begun.has('entities') === begun.has('links'),
  };
};

export type Reading = ReturnType<typeof createReading>;
