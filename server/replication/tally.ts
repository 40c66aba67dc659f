/** Counts the documents of a transfer, and knows which stages were read. Pure, but for what it remembers. */
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
export const createTally = () => {
  const seen = new Map<string, Set<string>>();

  const add = (uid: string, documentIds: readonly string[]): void => {
    const ids = seen.get(uid) ?? new Set();
    seen.set(uid, ids);
    for (const id of documentIds) ids.add(id);
  };

  /** Components are rows too, but they have no document id. */
  const addEntity = ({ type, data }: Entity): void => {
    if (type && typeof data?.documentId === 'string') add(type, [data.documentId]);
  };

  const result = (): Tallied => {
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
  };

  return { add, addEntity, result };
};

export type Tally = ReturnType<typeof createTally>;
type Counter = Pick<Tally, 'addEntity'>;

/** A large media library must leave room for the ids of the project's own documents. */
function contentFirst<T>(entries: [string, T][]): [string, T][] {
  const isContent = ([uid]: [string, T]) => uid.startsWith('api::');
  return [...entries.filter(isContent), ...entries.filter((entry) => !isContent(entry))];
}

/** A counter that leaves out some types. */
export function withoutTypes(isIgnored: (uid: string) => boolean, { addEntity }: Counter): Counter {
  return {
    addEntity: (entity) => {
      if (!isIgnored(entity.type ?? '')) addEntity(entity);
    },
  };
}

/** Counts what is written to the stream. */
export function countWritten<T extends Writable>(stream: T, counter: Counter): T {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  stream.write = ((...args: unknown[]) => {
    counter.addEntity(args[0] as Entity);
    return write(...args);
  }) as T['write'];
  return stream;
}

/** Counts what a provider is given to write. */
export function countProvider(
  provider: { createEntitiesWriteStream?(): Writable | Promise<Writable> },
  counter: Counter,
): void {
  const create = provider.createEntitiesWriteStream?.bind(provider);
  if (create)
    provider.createEntitiesWriteStream = async () => countWritten(await create(), counter);
}

/** Counts what is read from the stream. */
export function countRead(stream: Readable, counter: Counter): Readable {
  const counting = new Transform({
    objectMode: true,
    transform(entity: Entity, _encoding, done) {
      counter.addEntity(entity);
      done(null, entity);
    },
  });
  // An error of one stream destroys the other with it, so the reader receives the error.
  return pipeline(stream, counting, () => undefined);
}

export type Stage = 'entities' | 'links' | 'assets' | 'configuration';

/**
 * What another Strapi has read of this one. `close` is called the same way after a complete pull and after an aborted one,
 * and the wanted stages are unknown here: only the read stages tell. Entries come with their links, or neither does.
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
