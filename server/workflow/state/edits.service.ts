/** What edits do to the state of a document: an approval is of what was approved, and of nothing else. */
import type { Knex } from 'knex';
import type { Actor } from '../../contract/event';
import type { WorkflowState } from '../../contract/workflow';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Draft, Drafts } from './drafts.service';
import { initialOf, stateOf, type Flow } from '../sources/flow';
import type { Rules } from '../sources/rules.service';
import { moveFrom, type Moves } from '../command/moves.service';
import type { Tables } from '../../store/tables.service';
import { localeOf } from '../../strapi/model/place';
import { rowState } from './standing.service';
import type { StateUpkeep } from './state-upkeep.service';
import type { StateRow, States } from './states.service';

type Options = {
  schemas: Schemas;
  tables: Tables;
  rules: Rules;
  states: States;
  upkeep: StateUpkeep;
  drafts: Drafts;
  moves: Moves;
  actor(): Actor;
};

type StateAfter = (flow: Flow, row: StateRow, draft: Draft) => WorkflowState | null;

export type Document = { uid: string; documentId: string };

export const createEdits = (options: Options) => {
  const { schemas, tables, rules, states, upkeep, drafts, moves, actor } = options;

  const place = ({ uid, documentId }: Document, row: StateRow) => ({
    uid,
    documentId,
    locale: localeOf(row),
  });

  const put = async (
    flow: Flow,
    draft: Draft,
    { from, to, trx }: { from: WorkflowState; to: WorkflowState; trx: Knex.Transaction },
  ): Promise<void> => {
    const model = schemas.watched(draft.place.uid)?.model;
    if (!model || from.key === to.key) return;
    await states.put(draft.place, { workflow: flow.id, state: to.key }, trx);
    const published = await drafts.readPublished(draft.place, { trx });
    const changes = drafts.changes(draft, published);
    const move = moveFrom(draft, published, {
      flow,
      model,
      command: null,
      from,
      to,
      comment: null,
      actor: actor(),
      changes,
    });
    await moves.record({ move, outcome: 'reset', verdicts: [] }, trx);
  };

  /** Where a document stands after its draft became another one; null where nothing is to be done. */
  const stateAfter: StateAfter = (flow, row, draft) => {
    const state = rowState(flow, row);
    if (draft.fingerprint !== row.fingerprint) return state.final ? initialOf(flow) : null;
    return null;
  };

  /** A draft that was thrown away for what had been approved is approved again. */
  const stateAfterDiscard: StateAfter = (flow, row, draft) => {
    const approved = row.approved_state === null ? undefined : stateOf(flow, row.approved_state);
    if (approved?.final && draft.fingerprint === row.fingerprint) return approved;
    return stateAfter(flow, row, draft);
  };

  const rowsOf = async (
    flow: Flow,
    document: Document,
    trx: Knex.Transaction,
  ): Promise<StateRow[]> =>
    (await states.ofDocument(document, trx)).filter(({ workflow }) => workflow === flow.id);

  /** By the rows as they are after the save: a command may have moved one of them while it was being saved. */
  const settle = async (
    flow: Flow,
    document: Document,
    { after, trx }: { after: StateAfter; trx: Knex.Transaction },
  ) => {
    for (const known of await rowsOf(flow, document, trx)) {
      const row = await states.find(place(document, known), { trx, lock: true });
      const draft = row && (await drafts.read(place(document, row), { trx }));
      const to = row && draft && after(flow, row, draft);
      if (row && draft && to) await put(flow, draft, { from: rowState(flow, row), to, trx });
    }
  };

  const isAnyFinal = async (flow: Flow, document: Document): Promise<boolean> => {
    const rows = await tables.transaction((trx) => rowsOf(flow, document, trx));
    return rows.some((row) => rowState(flow, row).final);
  };

  /** An edit of an approved document; what i18n copies to its other locales is an edit of those. */
  const edited = async <T>(flow: Flow, document: Document, next: () => Promise<T>): Promise<T> => {
    const settled = (trx: Knex.Transaction) => settle(flow, document, { after: stateAfter, trx });
    if (await isAnyFinal(flow, document))
      return tables.transaction(async (trx) => {
        const result = await next();
        await settled(trx);
        return result;
      });
    const result = await next();
    // Approved while it was being saved, and as what it was before.
    if (await isAnyFinal(flow, document)) await tables.transaction(settled);
    return result;
  };

  /** Of what was never published, Strapi throws away the draft itself. */
  const discarded = <T>(flow: Flow, document: Document, next: () => Promise<T>): Promise<T> =>
    tables.transaction(async (trx) => {
      const result = await next();
      await upkeep.forgetGone(document.uid, [document.documentId], trx);
      await settle(flow, document, { after: stateAfterDiscard, trx });
      return result;
    });

  /**
   * A locale that is deleted and made anew starts anew. Under a workflow, a command may run on the document meanwhile;
   * without one, most documents have nothing to forget.
   */
  const deleted = async <T>({ uid, documentId }: Document, next: () => Promise<T>): Promise<T> => {
    const isConcerned = (await rules.own(uid)) || (await upkeep.remembers(uid, [documentId]));
    if (!isConcerned) return next();
    return tables.transaction(async (trx) => {
      const result = await next();
      await upkeep.forgetGone(uid, [documentId], trx);
      return result;
    });
  };

  /** What is kept of rows that were deleted past the document service. Null is any document of the type. */
  const forgetGone = async (uid: string, documentIds: string[] | null): Promise<void> => {
    if (await upkeep.remembers(uid, documentIds))
      await tables.transaction((trx) => upkeep.forgetGone(uid, documentIds, trx));
  };

  return { edited, discarded, deleted, forgetGone };
};

export type Edits = ReturnType<typeof createEdits>;
