/**
 * Changes the states of many documents at once, because a workflow, a document or a locale is changed or deleted. There
 * may be tens of thousands of documents, so they are read in pieces that one statement can take.
 */
import type { Knex } from 'knex';
import { PLUGIN_ID } from '../../contract/names';
import { CHUNK, chunksOf } from '../../strapi/chunks';
import type { Tables } from '../../store/tables.service';
import {
  hasDraftAndPublish,
  localeOf,
  placeKey,
  type Place,
} from '../../strapi/model/content-model';
import type { StateCount, WorkflowRow } from '../definition/flow';
import {
  newStateRow,
  PLACE_COLUMNS,
  STATE_UID,
  type OwnTable,
  type StateRow,
} from './states.service';
import type { StateParts } from '../workflow.service';

/** The tables that hold something about documents. */
const DOCUMENT_TABLES = ['document-state', 'history'] as const;

export function createStateUpkeep(tables: Tables) {
  const states: OwnTable = tables.on('document-state');

  /** How many documents (per locale) of these types are in which state of a workflow. */
  async function counts(workflow: string, uids: readonly string[]): Promise<StateCount[]> {
    const rows: (Omit<StateCount, 'total'> & { total: number | string })[] =
      await tables.transaction((trx) =>
        states(trx)
          .where({ workflow })
          .whereIn('uid', uids)
          .groupBy('uid', 'state')
          .select('uid', 'state')
          .count({ total: '*' }),
      );
    return rows.map(({ uid, state, total }) => ({ uid, state, total: Number(total) }));
  }

  /** Moves approvals along, also those of documents that have left the state since. */
  async function moveAll(
    workflow: string,
    { from, to }: { from: string; to: string },
    trx: Knex.Transaction,
  ): Promise<void> {
    for (const column of ['state', 'approved_state'])
      await states(trx)
        .where({ workflow, [column]: from })
        .update({ [column]: to });
  }

  /** Forgets the states of content types that a workflow no longer governs. Null means all its types. */
  async function forgetTypes(
    workflow: string,
    uids: readonly string[] | null,
    trx: Knex.Transaction,
  ): Promise<void> {
    const query = states(trx).where({ workflow });
    await (uids ? query.whereIn('uid', uids) : query).delete();
  }

  /** Forgets documents, or locales of them, that no longer exist. Null means all documents of the type. */
  async function forgetGone(
    uid: string,
    documentIds: readonly string[] | null,
    trx: Knex.Transaction,
  ): Promise<void> {
    for (const name of DOCUMENT_TABLES) {
      const rows: OwnTable = tables.on(name);
      const content = tables.tableOf(uid);
      // With the table's name, since the content may have fields of the same name.
      const own = (column: string) => `${tables.tableOf(`plugin::${PLUGIN_ID}.${name}`)}.${column}`;
      const query = rows(trx)
        .where({ uid })
        .whereNotExists((exists) =>
          exists
            .from({ content })
            .select('content.id')
            .whereRaw('?? = ??', ['content.document_id', own('document')])
            .whereRaw("coalesce(??, '') = ??", ['content.locale', own('language')]),
        );
      if (documentIds) query.whereIn('document', documentIds);
      const gone: { id: number }[] = await query.select('id');
      for (const chunk of chunksOf(gone.map(({ id }) => id)))
        await rows(trx).whereIn('id', chunk).delete();
    }
  }

  /** Whether a state or a history of these documents is stored. Null means any document of the type. */
  async function remembers(uid: string, documentIds: readonly string[] | null): Promise<boolean> {
    const where = documentIds ? { uid, document: { $in: documentIds } } : { uid };
    for (const name of DOCUMENT_TABLES) if (await tables.hasAny(name, where)) return true;
    return false;
  }

  return { counts, moveAll, forgetTypes, forgetGone, remembers };
}

export type StateUpkeep = ReturnType<typeof createStateUpkeep>;

/** Documents with a state row, by the row's id; or without one, by the draft's. */
type Piece = { id: number; place: Place }[];
type NextPiece = (after: number, trx: Knex.Transaction) => Promise<Piece>;
type WatchedUid = { uid: string; isDraftAndPublish: boolean };

function createPieces(tables: Tables) {
  const states: OwnTable = tables.on('document-state');

  /** The documents in a state, in the order of their rows. */
  function inState(workflow: string, state: string): NextPiece {
    return async (after, trx) => {
      const rows: (StateRow & { id: number })[] = await states(trx)
        .where({ workflow, state })
        .where('id', '>', after)
        .orderBy('id')
        .limit(CHUNK);
      return rows.map((row) => pieceOf(row.uid, row));
    };
  }

  /** The documents of a type, per locale, that never moved: they have no row. */
  function unmovedQuery({ uid, isDraftAndPublish }: WatchedUid, trx: Knex.Transaction) {
    const query: Knex.QueryBuilder = trx({ content: tables.tableOf(uid) })
      .leftJoin({ known: tables.tableOf(STATE_UID) }, (join) => {
        join
          .on('known.document', 'content.document_id')
          .andOn(trx.raw("known.language = coalesce(content.locale, '')"))
          .andOnVal('known.uid', uid);
      })
      .whereNull('known.id')
      .whereNotNull('content.document_id');
    return isDraftAndPublish ? query.whereNull('content.published_at') : query;
  }

  async function countUnmoved(type: WatchedUid, trx: Knex.Transaction): Promise<number> {
    const [counted]: { total?: number }[] = await unmovedQuery(type, trx).count({ total: '*' });
    return Number(counted?.total ?? 0);
  }

  /** The documents that never moved, in the order of their drafts. */
  function unmoved(type: WatchedUid): NextPiece {
    return async (after, trx) => {
      const rows: { id: number; document: string; language: string }[] = await unmovedQuery(
        type,
        trx,
      )
        .where('content.id', '>', after)
        .select({ id: 'content.id', document: 'content.document_id' })
        .select(trx.raw("coalesce(content.locale, '') as language"))
        .orderBy('content.id')
        .limit(CHUNK);
      return rows.map((row) => pieceOf(type.uid, row));
    };
  }

  /** When each draft was last written, by place: another time means another version. */
  async function writtenAt(
    { uid, isDraftAndPublish }: WatchedUid,
    places: readonly Place[],
    trx: Knex.Transaction,
  ): Promise<Map<string, number>> {
    const documentIds = places.map(({ documentId }) => documentId);
    const query: Knex.QueryBuilder = trx({ content: tables.tableOf(uid) })
      .whereIn('document_id', documentIds)
      .select('document_id', 'locale', 'updated_at');
    type Row = { document_id: string; locale: string | null; updated_at: string | number | Date };
    const rows: Row[] = await (isDraftAndPublish ? query.whereNull('published_at') : query);
    return new Map(
      rows.map(({ document_id: documentId, locale, updated_at }) => [
        placeKey({ uid, documentId, locale }),
        new Date(updated_at).getTime(),
      ]),
    );
  }

  /** Calls `work` for each piece, in a transaction of its own unless one is open. */
  async function each(
    next: NextPiece,
    work: (piece: Piece, trx: Knex.Transaction) => Promise<void>,
  ): Promise<void> {
    for (let after = 0, isMore = true; isMore;) {
      const piece = await tables.transaction(async (trx) => {
        const found = await next(after, trx);
        if (found.length > 0) await work(found, trx);
        return found;
      });
      after = piece.at(-1)?.id ?? after;
      isMore = piece.length === CHUNK;
    }
  }

  return { inState, unmoved, countUnmoved, writtenAt, each };
}

function pieceOf(uid: string, row: { id: number; document: string; language: string }) {
  return { id: row.id, place: { uid, documentId: row.document, locale: localeOf(row) } };
}

/** The fingerprints of drafts, and the version of them that was read. */
export type Notes = Map<string, { fingerprint: string; updatedAt: number }>;

/**
 * Approves documents because their workflow itself is changed. Before the change, their drafts are read in short
 * transactions, so that nobody waits for all of them. In the transaction of the change, only those that were changed
 * meanwhile are read once more.
 */
export function createApproving({
  schemas,
  tables,
  drafts,
}: Pick<StateParts, 'schemas' | 'tables' | 'drafts'>) {
  const states: OwnTable = tables.on('document-state');
  const pieces = createPieces(tables);

  /** Content types that are gone have no documents. */
  function watched(uids: readonly string[]): WatchedUid[] {
    return uids.flatMap((uid) => {
      const model = schemas.watched(uid)?.model;
      return model ? [{ uid, isDraftAndPublish: hasDraftAndPublish(model) }] : [];
    });
  }

  /** How many documents of these types never moved. */
  async function unmovedOf(uids: readonly string[], trx: Knex.Transaction): Promise<number> {
    let sum = 0;
    for (const type of watched(uids)) sum += await pieces.countUnmoved(type, trx);
    return sum;
  }

  /** Reads the drafts of a piece that were not read before, or that were written since. */
  async function refresh(notes: Notes, piece: Piece, trx: Knex.Transaction): Promise<void> {
    const places = piece.map(({ place }) => place);
    for (const type of watched([...new Set(places.map(({ uid }) => uid))])) {
      const own = places.filter(({ uid }) => uid === type.uid);
      const versions = await pieces.writtenAt(type, own, trx);
      const stale = own.filter(
        (place) => notes.get(placeKey(place))?.updatedAt !== versions.get(placeKey(place)),
      );
      for (const { place, fingerprint } of await drafts.readMany(type.uid, stale, { trx })) {
        const updatedAt = versions.get(placeKey(place));
        if (updatedAt !== undefined) notes.set(placeKey(place), { fingerprint, updatedAt });
      }
    }
  }

  /** Before the change: notes the content of the documents that it would approve. */
  async function note(
    workflow: string,
    { states: keys, unmovedOf: uids }: { states: readonly string[]; unmovedOf: readonly string[] },
  ): Promise<Notes> {
    const notes: Notes = new Map();
    const all = [
      ...keys.map((key) => pieces.inState(workflow, key)),
      ...watched(uids).map(pieces.unmoved),
    ];
    for (const next of all) await pieces.each(next, (piece, trx) => refresh(notes, piece, trx));
    return notes;
  }

  /**
   * Approves all documents that enter a final state, each with its present content: a later edit was not approved. This
   * and `keepInitial` must run in the transaction of the change.
   */
  async function approve(
    workflow: string,
    { from, to }: { from: string; to: string },
    notes: Notes,
  ): Promise<void> {
    await pieces.each(pieces.inState(workflow, from), async (piece, trx) => {
      await refresh(notes, piece, trx);
      const rows = piece.map(({ place }) => ({
        ...newStateRow(place, { workflow, state: to, approved_state: to }),
        fingerprint: notes.get(placeKey(place))?.fingerprint ?? null,
      }));
      await states(trx)
        .insert(rows)
        .onConflict(PLACE_COLUMNS)
        .merge(['workflow', 'state', 'approved_state', 'fingerprint']);
    });
  }

  /** Gives a row to documents that never moved, before the initial state becomes another one: they stay in it. */
  async function keepInitial(row: WorkflowRow, notes: Notes): Promise<void> {
    const { documentId: workflow, initialState: state } = row;
    for (const type of watched(row.contentTypes ?? []))
      await pieces.each(pieces.unmoved(type), async (piece, trx) => {
        const rows = piece.map(({ place }) => newStateRow(place, { workflow, state }));
        await states(trx).insert(rows).onConflict(PLACE_COLUMNS).ignore();
      });
    if (isFinalIn(row)) await approve(workflow, { from: state, to: state }, notes);
  }

  return { note, approve, keepInitial, unmovedOf };
}

export type Approving = ReturnType<typeof createApproving>;

/** Whether documents that never moved are approved. */
export function isFinalIn({
  initialState,
  states,
}: Pick<WorkflowRow, 'initialState' | 'states'>): boolean {
  return states.some(({ key, final }) => key === initialState && final);
}
