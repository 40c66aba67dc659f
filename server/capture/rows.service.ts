/**
 * Hears what is written past the document service: files, locales and releases, which their plugins write so, and
 * documents of which Strapi itself removes rows so (a user who is deleted over REST, all entries of a locale that is deleted). Their
 * repositories are given transactions, and lifecycle subscribers record inside them.
 */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Actor } from '../contract/event';
import { rowGroupOf } from '../strapi/model/content-model';
import type { Schemas, WatchedType } from '../strapi/model/schema.service';
import { chunksOf } from '../strapi/chunks';
import type { Version } from './change';
import { eventsOf } from './events-of';
import { rowEventNames, rowEventsOf, type RowWrite } from './row-events-of';
import type { Reader } from './reader.service';
import type { Recorder } from './recorder.service';
import type { Saves } from './saves.service';

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  /** The same types with nothing private, by which rows are read and compared. */
  whole: Schemas;
  reader: Reader;
  saves: Saves;
  recorder: Recorder;
  actor(): Actor;
};

type Lifecycle = {
  model: { uid: string };
  params: { where?: unknown; filters?: unknown; _q?: unknown };
  result?: { id?: number | string; ids?: (number | string)[] } | null;
  state: { before?: Version[] };
};
type Method = (params: object) => Promise<unknown>;
type Repository = Record<string, Method>;
type Target = { id: number | string; documentId: string };

/** A deletion of more rows than this stores its events before the rows go, so that they are never all in memory. */
const MANY = 1000;

/** The methods of a repository that write. */
const WRITES: Record<string, RowWrite> = {
  create: 'create',
  createMany: 'create',
  update: 'update',
  updateMany: 'update',
  delete: 'delete',
  deleteMany: 'delete',
};

export const createRowCapture = (options: Options) => {
  const { strapi, schemas, whole, reader, saves, recorder, actor } = options;

  const inTransaction = async <T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
    await strapi.db.transaction(({ trx }) => work(trx as unknown as Knex.Transaction));

  const heard = async (uid: string, write: RowWrite): Promise<WatchedType | null> => {
    const type = schemas.watched(uid);
    const group = rowGroupOf(uid);
    if (!type || (!group && write !== 'delete')) return null;
    const names = group ? rowEventNames(group, write) : (['entry.delete'] as const);
    return (await recorder.isWanted({ names, uid })) ? type : null;
  };

  /** A file is read with its folder, and without the documents that use it, which can be thousands. */
  const read = async ({ model }: WatchedType, ids: (number | string)[], lock: boolean) => {
    const type = whole.watched(model.uid);
    if (!type) return [];
    const links = rowGroupOf(model.uid) ? new Set(['folder']) : null;
    return inTransaction((trx) => reader.read(type, { ids }, { trx, lock, links }));
  };

  /** The rows of a write. What a document action writes of its own document, the document capture records. */
  const targets = async ({ model, params }: Lifecycle): Promise<Target[]> => {
    const { where, filters, _q } = params;
    const query = { select: ['id', 'documentId'], where, filters, _q } as Record<string, unknown>;
    const rows = (await strapi.db.query(model.uid).findMany(query)) as Target[];
    return rows.filter(({ documentId }) => !saves.actsOn(model.uid, documentId));
  };

  /** What takes back the events that a deletion stored ahead, by the parameters of its call. */
  const ahead = new WeakMap<object, (() => Promise<void>)[]>();

  /** The versions of one document stay together, because they are told as one. */
  const storeAhead = async (
    type: WatchedType,
    rows: Target[],
    takeBack: (() => Promise<void>)[],
  ) => {
    const idsOf = new Map<string, Target['id'][]>();
    for (const { id, documentId } of rows)
      idsOf.set(documentId, [...(idsOf.get(documentId) ?? []), id]);
    for (const some of chunksOf([...idsOf.values()])) {
      const versions = await read(type, some.flat(), true);
      takeBack.push(await recorder.recordAhead(tell(type, 'delete', [versions, []])));
    }
  };

  const before = (write: RowWrite) => async (event: Lifecycle) => {
    const type = await heard(event.model.uid, write);
    if (!type) return;
    const rows = await targets(event);
    const takeBack = rows.length > MANY && write === 'delete' ? ahead.get(event.params) : undefined;
    if (takeBack) return storeAhead(type, rows, takeBack);
    const ids = rows.map(({ id }) => id);
    event.state.before = await read(type, ids, true);
  };

  const tell = (type: WatchedType, write: RowWrite, versions: [Version[], Version[]]) => {
    const [old, now] = versions;
    const group = rowGroupOf(type.model.uid);
    if (group)
      return rowEventsOf({ ...type, group, write, actor: actor(), before: old, after: now });
    const drafts = old.filter(({ isPublished }) => !isPublished);
    const published = old.filter(({ isPublished }) => isPublished);
    const none = { drafts: [], published: [] };
    const change = { ...type, action: 'delete', actor: actor() } as const;
    return eventsOf({ ...change, before: { drafts, published }, after: none });
  };

  /** One write is of one row, unless it is of many. */
  const touched = (versions: Version[], result: Lifecycle['result']) =>
    result?.id === undefined ? versions : versions.filter(({ id }) => id === result.id);

  const after = (write: RowWrite) => async (event: Lifecycle) => {
    const { model, result, state } = event;
    const type = state.before || write === 'create' ? await heard(model.uid, write) : null;
    if (!type || !result) return;
    const old = touched(state.before ?? [], result);
    if (write === 'delete') return recorder.record(tell(type, write, [old, []]));
    const ids = write === 'create' ? (result.ids ?? [result.id ?? 0]) : old.map(({ id }) => id);
    const known = new Map(old.map((version) => [version.id, version]));
    for (const some of chunksOf(ids)) {
      const now = await read(type, some, false);
      const then = some.flatMap((id) => known.get(id) ?? []);
      await recorder.record(tell(type, write, [then, now]));
    }
  };

  /** Its caller may go on in its transaction after an error. Then nothing of it may be told. */
  const undoable = async (original: Method, params: object): Promise<unknown> => {
    const takeBack: (() => Promise<void>)[] = [];
    ahead.set(params, takeBack);
    try {
      return await original(params);
    } catch (error) {
      // Where this fails too, the transaction is broken, and its rollback takes the events with it.
      for (const undo of takeBack) await undo().catch(() => undefined);
      throw error;
    }
  };

  /**
   * A write and the storing of its event commit together; a write that no webhook wants is left as it is. Undocumented
   * ground: tests stand on it.
   */
  const giveTransactions = (uid: string) => {
    const repository = strapi.db.query(uid) as unknown as Repository;
    for (const [method, write] of Object.entries(WRITES)) {
      const original = repository[method];
      if (!original || (write !== 'delete' && rowGroupOf(uid) === null)) continue;
      repository[method] = async (params = {}) => {
        if (strapi.db.inTransaction()) return undoable(original, params);
        if ((await heard(uid, write)) === null) return original(params);
        return inTransaction(() => undoable(original, params));
      };
    }
  };

  return () => {
    const uids = Object.keys(strapi.contentTypes).filter((uid) => schemas.watched(uid));
    uids.forEach(giveTransactions);
    const subscriber: unknown = {
      models: uids,
      afterCreate: after('create'),
      afterCreateMany: after('create'),
      beforeUpdate: before('update'),
      afterUpdate: after('update'),
      beforeUpdateMany: before('update'),
      afterUpdateMany: after('update'),
      beforeDelete: before('delete'),
      afterDelete: after('delete'),
      beforeDeleteMany: before('delete'),
      afterDeleteMany: after('delete'),
    };
    strapi.db.lifecycles.subscribe(
      subscriber as Parameters<typeof strapi.db.lifecycles.subscribe>[0],
    );
  };
};
