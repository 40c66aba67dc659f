/** What happens to the states of many documents at once: a workflow is changed, a locale is deleted. */
import type { Knex } from 'knex';
import { PLUGIN_ID } from '../../contract/names';
import { CHUNK, chunksOf } from '../../outbox/tables.service';
import type { OwnTables } from '../../storage/own-tables.service';
import { localeOf, type Place } from './place';
import { ownId, PLACE_KEY, STATE_UID, type NewState, type StoredState } from './states.service';

export type StateCount = { uid: string; state: string; total: number };

/** The tables that remember something of documents. */
const REMEMBERED = ['document-state', 'history'] as const;

export const createStateUpkeep = (tables: OwnTables) => {
  const states = tables.on<StoredState>('document-state');

  /** How many documents (per locale) of these types are in which state of a workflow. */
  const counts = async (workflow: string, uids: readonly string[]): Promise<StateCount[]> => {
    const rows = (await tables.transaction((trx) =>
      states(trx)
        .where({ workflow })
        .whereIn('uid', uids)
        .groupBy('uid', 'state')
        .select('uid', 'state')
        .count({ total: '*' }),
    )) as unknown as (Omit<StateCount, 'total'> & { total: number | string })[];
    return rows.map(({ uid, state, total }) => ({ uid, state, total: Number(total) }));
  };

  /** An approval in the one state is from now on one in the other, also of a document that has left it since. */
  const moveAll = async (
    workflow: string,
    { from, to }: { from: string; to: string },
    trx: Knex.Transaction,
  ): Promise<void> => {
    for (const column of ['state', 'approved_state'])
      await states(trx)
        .where({ workflow, [column]: from })
        .update({ [column]: to } as never);
  };

  const placesIn = async (
    workflow: string,
    state: string,
    trx: Knex.Transaction,
  ): Promise<Place[]> => {
    const rows = (await states(trx).where({ workflow, state })) as unknown as StoredState[];
    return rows.map((row) => ({ uid: row.uid, documentId: row.document, locale: localeOf(row) }));
  };

  const forgetWorkflow = async (workflow: string, trx: Knex.Transaction): Promise<void> => {
    await states(trx).where({ workflow }).delete();
  };

  /** Of content types that a workflow no longer governs. */
  const forgetTypes = async (
    workflow: string,
    uids: readonly string[],
    trx: Knex.Transaction,
  ): Promise<void> => {
    await states(trx).where({ workflow }).whereIn('uid', uids).delete();
  };

  const forgetGoneIn = async (
    name: (typeof REMEMBERED)[number],
    { uid, documentIds }: { uid: string; documentIds: readonly string[] | null },
    trx: Knex.Transaction,
  ): Promise<void> => {
    const rows = tables.on<StoredState>(name);
    const content = tables.tableOf(uid);
    // With its name, since the content may have fields that are called the same.
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
    const gone = (await query.select('id')) as unknown as StoredState[];
    for (const chunk of chunksOf(gone))
      await rows(trx)
        .whereIn(
          'id',
          chunk.map(({ id }) => id),
        )
        .delete();
  };

  /** Of documents, or of locales of them, that are there no longer. Null is all documents of the type. */
  const forgetGone = async (
    uid: string,
    documentIds: readonly string[] | null,
    trx: Knex.Transaction,
  ): Promise<void> => {
    for (const name of REMEMBERED) await forgetGoneIn(name, { uid, documentIds }, trx);
  };

  /** Whether a state or a history is kept of these documents. Null is any document of the type. */
  const remembers = async (
    uid: string,
    documentIds: readonly string[] | null,
  ): Promise<boolean> => {
    const where = documentIds ? { uid, document: { $in: documentIds } } : { uid };
    for (const name of REMEMBERED) if (await tables.hasAny(name, where)) return true;
    return false;
  };

  /** The documents of a type, per locale, that never moved: they have no row. */
  const unmoved = (
    uid: string,
    { trx, isDraftAndPublish }: { trx: Knex.Transaction; isDraftAndPublish: boolean },
  ) => {
    const query = trx({ content: tables.tableOf(uid) })
      .leftJoin({ known: tables.tableOf(STATE_UID) }, (join) => {
        join
          .on('known.document', 'content.document_id')
          .andOn(trx.raw("known.language = coalesce(content.locale, '')"))
          .andOnVal('known.uid', uid);
      })
      .whereNull('known.id')
      .whereNotNull('content.document_id');
    return isDraftAndPublish ? query.whereNull('content.published_at') : query;
  };

  const countUnmoved = async (
    uid: string,
    how: { trx: Knex.Transaction; isDraftAndPublish: boolean },
  ): Promise<number> => {
    const [counted] = (await unmoved(uid, how).count({ total: '*' })) as { total?: number }[];
    return Number(counted?.total ?? 0);
  };

  /** Gives a row to every document that has none: before the initial state becomes another one. */
  const settleAll = async (
    uid: string,
    state: NewState,
    how: { trx: Knex.Transaction; isDraftAndPublish: boolean },
  ): Promise<void> => {
    const { trx } = how;
    for (;;) {
      const missing = (await unmoved(uid, how)
        .select({ document: 'content.document_id' })
        .select(trx.raw("coalesce(content.locale, '') as language"))
        .limit(CHUNK)) as { document: string; language: string }[];
      if (missing.length === 0) return;
      await states(trx)
        .insert(missing.map((one) => ({ ...one, uid, document_id: ownId(), ...state })) as never)
        .onConflict(PLACE_KEY)
        .ignore();
    }
  };

  return {
    counts,
    countUnmoved,
    moveAll,
    placesIn,
    forgetWorkflow,
    forgetTypes,
    forgetGone,
    remembers,
    settleAll,
  };
};

export type StateUpkeep = ReturnType<typeof createStateUpkeep>;
