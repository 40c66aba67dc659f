/**
 * Records writes that bypass the document service: plugins write files, locales and releases this way, and Strapi deletes
 * some documents this way (a user over REST, all entries of a deleted locale). Their repositories get transactions, and
 * lifecycle subscribers record inside them.
 */
import { chunksOf } from '../strapi/chunks';
import {
  joinTransaction,
  rowsOf,
  subscribeToRows,
  wrapRowWrites,
  type RowEvent,
} from '../strapi/database.service';
import { rowGroupOf } from '../strapi/model/content-model';
import type { WatchedType } from '../strapi/model/schema.service';
import type { CaptureParts } from './documents.service';
import {
  eventsOf,
  NO_VERSIONS,
  versionsOf,
  rowEventNames,
  rowEventsOf,
  type RowWrite,
  type Version,
} from './events';

type Id = number | string;
type Target = { id: Id; documentId: string };
type Undo = () => Promise<void>;

/** A deletion of more rows than this stores its events before the rows are deleted, so that they are never all in memory. */
const MANY = 1000;

export function createRowCapture(options: CaptureParts) {
  const { strapi, schemas, whole, reader, saves, recorder, actor } = options;

  return () => {
    const uids = Object.keys(strapi.contentTypes).filter((uid) => schemas.watched(uid));
    uids.forEach(giveTransactions);
    subscribeToRows(strapi, {
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
    });
  };

  /** A write and its events commit together. A write whose events no webhook wants stays as it is. */
  function giveTransactions(uid: string): void {
    const writes = rowGroupOf(uid)
      ? (['create', 'update', 'delete'] as const)
      : ['delete' as const];
    for (const write of writes)
      wrapRowWrites(strapi, { uid, methods: [write, `${write}Many`] }, async (run, params) => {
        if (strapi.db.inTransaction()) return undoable(run, params);
        if ((await wantedType(uid, write)) === null) return run();
        return joinTransaction(strapi, () => undoable(run, params));
      });
  }

  async function wantedType(uid: string, write: RowWrite): Promise<WatchedType | null> {
    const type = schemas.watched(uid);
    const group = rowGroupOf(uid);
    if (!type || (!group && write !== 'delete')) return null;
    const names = group ? rowEventNames(group, write) : (['entry.delete'] as const);
    return (await recorder.isWanted({ names, uid })) ? type : null;
  }

  /** A file is read with its folder, and without the documents that use it, which can be thousands. */
  async function read({ model }: WatchedType, ids: Id[], lock: boolean): Promise<Version[]> {
    const type = whole.watched(model.uid);
    if (!type) return [];
    const links = rowGroupOf(model.uid) ? new Set(['folder']) : null;
    return joinTransaction(strapi, (trx) => reader.read(type, { ids }, { trx, lock, links }));
  }

  /** The rows of a write. Rows that a document action writes of its own document are left to the document capture. */
  async function targetsOf({ model, params }: RowEvent): Promise<Target[]> {
    const { where, filters, _q } = params;
    const query = { select: ['id', 'documentId'], where, filters, _q };
    const rows = await rowsOf<Target>(strapi, model.uid).findMany(query);
    return rows.filter(({ documentId }) => !saves.actsOn(model.uid, documentId));
  }

  function before(write: RowWrite) {
    return async (event: RowEvent): Promise<void> => {
      const type = await wantedType(event.model.uid, write);
      if (!type) return;
      const rows = await targetsOf(event);
      const undos =
        rows.length > MANY && write === 'delete' ? undosOf.get(event.params) : undefined;
      if (undos) return storeAhead(type, rows, undos);
      const ids = rows.map(({ id }) => id);
      event.state.before = await read(type, ids, true);
    };
  }

  function after(write: RowWrite) {
    return async ({ model, result, state }: RowEvent): Promise<void> => {
      const versions = state.before as Version[] | undefined;
      const type = versions || write === 'create' ? await wantedType(model.uid, write) : null;
      if (!type || !result) return;
      const old = touched(versions ?? [], result);
      if (write === 'delete') return recorder.record(eventsIn(type, write, [old, []]));
      const ids = write === 'create' ? (result.ids ?? [result.id ?? 0]) : old.map(({ id }) => id);
      const known = new Map(old.map((version) => [version.id, version]));
      for (const some of chunksOf(ids)) {
        const now = await read(type, some, false);
        const then = some.flatMap((id) => known.get(id) ?? []);
        await recorder.record(eventsIn(type, write, [then, now]));
      }
    };
  }

  function eventsIn(type: WatchedType, write: RowWrite, [old, now]: [Version[], Version[]]) {
    const group = rowGroupOf(type.model.uid);
    if (group)
      return rowEventsOf({ ...type, group, write, actor: actor(), before: old, after: now });
    const change = { ...type, action: 'delete', actor: actor() } as const;
    return eventsOf({ ...change, before: versionsOf(old), after: NO_VERSIONS });
  }

  /** The versions of one document stay together, because they are one event. */
  async function storeAhead(type: WatchedType, rows: Target[], undos: Undo[]): Promise<void> {
    const byDocument = new Map<string, Id[]>();
    for (const { id, documentId } of rows)
      byDocument.set(documentId, [...(byDocument.get(documentId) ?? []), id]);
    for (const some of chunksOf([...byDocument.values()])) {
      const versions = await read(type, some.flat(), true);
      undos.push(await recorder.recordAhead(eventsIn(type, 'delete', [versions, []])));
    }
  }
}

/** How to take back the events that a deletion stored ahead, by the parameters of its call. */
const undosOf = new WeakMap<object, Undo[]>();

/** The caller may continue its transaction after an error. Then no event of the write may remain. */
async function undoable(run: () => Promise<unknown>, params: object): Promise<unknown> {
  const undos: Undo[] = [];
  undosOf.set(params, undos);
  try {
    return await run();
  } catch (error) {
    // If this fails too, the transaction is broken, and its rollback removes the events.
    for (const undo of undos) await undo().catch(() => undefined);
    throw error;
  }
}

/** A write answers the one row that it wrote; a write of many rows answers their number. */
const touched = (versions: Version[], result: NonNullable<RowEvent['result']>): Version[] =>
  result.id === undefined ? versions : versions.filter(({ id }) => id === result.id);
