/** Counts the documents of a transfer, and notes which stages were read. Keeps its counts in memory, otherwise pure. */
import { pipeline, Transform, type Readable, type Writable } from 'node:stream';

/** No receiver wants a longer list of ids; the counts include all documents. */
const MAX_IDS = 10_000;

export type Tallied = {
  counts: Record<string, number>;
  replicatedCount: number;
  replicatedIds: Record<string, string[]>;
  idsTruncated?: true;
};

export const NOTHING: Tallied = { counts: {}, replicatedCount: 0, replicatedIds: {} };

/** A row as Strapi's transfer engine passes it on. */
type Entity = { type?: string; data?: { documentId?: unknown } };

/** Counts a document once: its draft, its published version and its locales are rows of one document. */
export function createTally() {
  const seen = new Map<string, Set<string>>();

  function add(uid: string, documentIds: readonly string[]): void {
    const ids = seen.get(uid) ?? new Set();
    seen.set(uid, ids);
    for (const id of documentIds) ids.add(id);
  }

  /** Components are rows too, but they have no document id. */
  function addEntity({ type, data }: Entity): void {
    if (type && typeof data?.documentId === 'string') add(type, [data.documentId]);
  }

  function result(): Tallied {
    const entries = [...seen].filter(([, ids]) => ids.size > 0);
    const replicatedCount = entries.reduce((sum, [, ids]) => sum + ids.size, 0);
    let room = MAX_IDS;
    const lists = contentFirst(entries).map(([uid, ids]) => {
      const list = [...ids].slice(0, room);
      room -= list.length;
      return [uid, list] as const;
    });
    return {
      counts: Object.fromEntries(entries.map(([uid, ids]) => [uid, ids.size])),
      replicatedCount,
      replicatedIds: Object.fromEntries(lists.filter(([, list]) => list.length > 0)),
      ...(replicatedCount > MAX_IDS ? { idsTruncated: true as const } : {}),
    };
  }

  return { add, addEntity, result };
}

export type Tally = ReturnType<typeof createTally>;

/** A large media library must leave room for the ids of the project's own documents. */
function contentFirst<T>(entries: [string, T][]): [string, T][] {
  const isContent = ([uid]: [string, T]) => uid.startsWith('api::');
  return [...entries.filter(isContent), ...entries.filter((entry) => !isContent(entry))];
}

/** Counts what is written to the stream. */
export function countWritten<T extends Writable>(stream: T, tally: Tally): T {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = ((...args: unknown[]) => {
    tally.addEntity(args[0] as Entity);
    return write(...args);
  }) as T['write'];
  return stream;
}

/** Counts what a provider is given to write. */
export function countProvider(
  provider: { createEntitiesWriteStream?(): Writable | Promise<Writable> },
  tally: Tally,
): void {
  const create = provider.createEntitiesWriteStream?.bind(provider);
  if (create) provider.createEntitiesWriteStream = async () => countWritten(await create(), tally);
}

/** Counts what is read from the stream, except for ignored types. */
export function countRead(
  stream: Readable,
  tally: Tally,
  isIgnored: (uid: string) => boolean,
): Readable {
  const counting = new Transform({
    objectMode: true,
    transform(entity: Entity, _encoding, done) {
      if (!isIgnored(entity.type ?? '')) tally.addEntity(entity);
      done(null, entity);
    },
  });
  // An error of one stream destroys the other with it, so the reader receives the error.
  return pipeline(stream, counting, () => undefined);
}

export type Stage = 'entities' | 'links' | 'assets' | 'configuration';

/**
 * Notes what another Strapi reads from this one. `close` is called the same way after a complete pull and after an aborted
 * one, and the wanted stages are unknown here: only the read stages tell. Entries come with their links, or neither does.
 */
export function createReading() {
  const begun = new Set<Stage>();
  const read = new Set<Stage>();
  return {
    begin: (stage: Stage): void => void begun.add(stage),
    end: (stage: Stage): void => void read.add(stage),
    isWhole: (): boolean =>
      begun.size > 0 && begun.size === read.size && begun.has('entities') === begun.has('links'),
  };
}
