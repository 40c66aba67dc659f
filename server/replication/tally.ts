/**
 * Counts documents on their way, each once: its draft, its published version and its locales are rows of one document.
 * Pure, but for what it remembers.
 */

/** More ids than these make no body that a receiver would want; the counts are of all. */
const MAX_IDS = 10_000;

export type Tallied = {
  counts: Record<string, number>;
  replicatedCount: number;
  replicatedIds: Record<string, string[]>;
  idsTruncated?: true;
};

export const NOTHING: Tallied = { counts: {}, replicatedCount: 0, replicatedIds: {} };

/** A row as Strapi's transfer engine passes it on. */
export type Entity = { type?: string; data?: { documentId?: unknown } };

/** A large media library must not leave the project's own documents without room for their ids. */
const contentFirst = <T>(entries: [string, T][]): [string, T][] => [
  ...entries.filter(([uid]) => uid.startsWith('api::')),
  ...entries.filter(([uid]) => !uid.startsWith('api::')),
];

export const createTally = () => {
  const seen = new Map<string, Set<string>>();

  const add = (uid: string, documentIds: readonly string[]): void => {
    const ids = seen.get(uid) ?? new Set();
    seen.set(uid, ids);
    for (const id of documentIds) ids.add(id);
  };

  /** Components are rows of their own to the engine, and no documents: they have no document id. */
  const addEntity = ({ type, data }: Entity): void => {
    if (type && typeof data?.documentId === 'string') add(type, [data.documentId]);
  };

  const result = (): Tallied => {
    const entries = [...seen].filter(([, ids]) => ids.size > 0);
    const replicatedCount = entries.reduce((sum, [, ids]) => sum + ids.size, 0);
    let room = MAX_IDS;
    const told = contentFirst(entries).map(([uid, ids]) => {
      const list = [...ids].slice(0, room);
      room -= list.length;
      return [uid, list] as const;
    });
    return {
      counts: Object.fromEntries(entries.map(([uid, ids]) => [uid, ids.size])),
      replicatedCount,
      replicatedIds: Object.fromEntries(told.filter(([, list]) => list.length > 0)),
      ...(replicatedCount > MAX_IDS ? { idsTruncated: true as const } : {}),
    };
  };

  return { add, addEntity, result };
};

export type Tally = ReturnType<typeof createTally>;

/** One that does not count the rows of some types. */
export const without = (
  isIgnored: (uid: string) => boolean,
  { addEntity }: Pick<Tally, 'addEntity'>,
): Pick<Tally, 'addEntity'> => ({
  addEntity: (entity) => {
    if (!isIgnored(entity.type ?? '')) addEntity(entity);
  },
});
