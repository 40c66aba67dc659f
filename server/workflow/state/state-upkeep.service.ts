/** What happens to the states of many documents at once: a workflow is changed, a locale is deleted. */
import type { Knex } from 'knex';
import { PLUGIN_ID } from '../../contract/names';
import { chunksOf } from '../../strapi/chunks';
import type { Tables } from '../../store/tables.service';
import type { StoredState } from './states.service';

export type StateCount = { uid: string; state: string; total: number };

/** The tables that remember something of documents. */
const REMEMBERED = ['document-state', 'history'] as const;

export const createStateUpkeep = (tables: Tables) => {
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

  return {
    counts,
    moveAll,
    forgetWorkflow,
    forgetTypes,
    forgetGone,
    remembers,
  };
};

export type StateUpkeep = ReturnType<typeof createStateUpkeep>;
