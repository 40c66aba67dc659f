/**
 * The gate of types with a workflow of their own: a document is published only in a final state, however the publication
 * is called, and an edit takes an approval back.
 */
import type { Knex } from 'knex';
import type { WorkflowState } from '../../contract/workflow';
import type { DocumentCall } from '../../strapi/documents.service';
import { hasDraftAndPublish, localeOf } from '../../strapi/model/content-model';
import { changedMeanwhile, notCreatedPublished, notPublishable } from '../command/refusal';
import { initialOf, stateOf, type Flow } from '../definition/flow';
import type { Draft } from '../state/drafts.service';
import { ownState, rowState, type StateRow } from '../state/states.service';
import type { Next } from './gate.service';
import type { CommandParts } from '../workflow.service';

export function createOwnGate(options: CommandParts & { edits: Edits }) {
  const { schemas, tables, states, drafts, edits, locales } = options;

  async function check(flow: Flow, draft: Draft, trx: Knex.Transaction): Promise<void> {
    const row = await states.find(draft.place, { trx });
    const state = ownState(flow, row, draft.fingerprint);
    if (state.final) return;
    const title = await drafts.titleOf(draft);
    throw notPublishable(flow, { title, locale: draft.place.locale, state });
  }

  /** Returns how many drafts were checked. */
  async function checkAll(
    flow: Flow,
    { uid, params }: DocumentCall,
    trx: Knex.Transaction,
  ): Promise<number> {
    const { documentId = '', locale } = params;
    const chosen = await locales.many(uid, locale);
    const found = await drafts.readAll({ uid, documentId, locales: chosen }, { trx, lock: true });
    for (const draft of found) await check(flow, draft, trx);
    return found.length;
  }

  /**
   * The check and the publication are one transaction, so nothing comes between them. If a draft is deleted at the same
   * time, MySQL still shows it to Strapi as it was when that transaction began, and it would be published unchecked.
   */
  function published(flow: Flow, call: DocumentCall, next: Next): Promise<unknown> {
    return tables.transaction(async (trx) => {
      const count = await checkAll(flow, call, trx);
      const result = await next();
      const { entries = [] } = (result ?? {}) as { entries?: unknown[] };
      if (entries.length > count) throw changedMeanwhile();
      return result;
    });
  }

  /** A save that also publishes must not change an approved document. */
  function savedAndPublished(flow: Flow, call: DocumentCall, next: Next): Promise<unknown> {
    return tables.transaction(async (trx) => {
      await checkAll(flow, call, trx);
      const result = await edits.duringEdit(flow, documentOf(call), next);
      const count = await checkAll(flow, call, trx);
      if (result && count === 0) throw changedMeanwhile();
      return result;
    });
  }

  return async (flow: Flow, call: DocumentCall, next: Next): Promise<unknown> => {
    const model = schemas.watched(call.uid)?.model;
    const isPublishing =
      model !== undefined && hasDraftAndPublish(model) && call.params.status === 'published';
    switch (call.action) {
      case 'create':
        if (isPublishing && !initialOf(flow).final) throw notCreatedPublished(flow);
        return next();
      case 'update':
        return isPublishing
          ? savedAndPublished(flow, call, next)
          : edits.duringEdit(flow, documentOf(call), next);
      case 'publish':
        return published(flow, call, next);
      case 'discardDraft':
        return edits.duringDiscard(flow, documentOf(call), next);
      default:
        return next();
    }
  };
}

function documentOf({ uid, params }: DocumentCall): Document {
  return { uid, documentId: params.documentId ?? '' };
}

type Document = { uid: string; documentId: string };
type StateAfter = (flow: Flow, row: StateRow, draft: Draft) => WorkflowState | null;

/** Keeps the states of documents right while they are edited: an approval holds for the approved content alone. */
export function createEdits(options: CommandParts) {
  const { tables, states, upkeep, drafts, moves } = options;

  /** Also covers the other locales of an approved document, to which i18n copies shared fields. */
  async function duringEdit<T>(flow: Flow, document: Document, next: () => Promise<T>): Promise<T> {
    const settled = (trx: Knex.Transaction) => settle(flow, document, { after: stateAfter, trx });
    if (await isAnyFinal(flow, document))
      return tables.transaction(async (trx) => {
        const result = await next();
        await settled(trx);
        return result;
      });
    const result = await next();
    // The document was approved during the save, with the content from before it.
    if (await isAnyFinal(flow, document)) await tables.transaction(settled);
    return result;
  }

  /** If a document was never published, Strapi discards the draft itself. */
  function duringDiscard<T>(flow: Flow, document: Document, next: () => Promise<T>): Promise<T> {
    return tables.transaction(async (trx) => {
      const result = await next();
      await upkeep.forgetGone(document.uid, [document.documentId], trx);
      await settle(flow, document, { after: stateAfterDiscard, trx });
      return result;
    });
  }

  /**
   * A locale that is deleted and created again starts in the initial state. Under a workflow, a command may run on the
   * document meanwhile; without one, most documents have nothing stored.
   */
  async function duringDelete<T>(
    { uid, documentId }: Document,
    next: () => Promise<T>,
  ): Promise<T> {
    const isConcerned =
      (await options.flows.own(uid)) || (await upkeep.remembers(uid, [documentId]));
    if (!isConcerned) return next();
    return tables.transaction(async (trx) => {
      const result = await next();
      await upkeep.forgetGone(uid, [documentId], trx);
      return result;
    });
  }

  /** For rows that were deleted without the document service. Null means any document of the type. */
  async function forgetGone(uid: string, documentIds: string[] | null): Promise<void> {
    if (await upkeep.remembers(uid, documentIds))
      await tables.transaction((trx) => upkeep.forgetGone(uid, documentIds, trx));
  }

  async function rowsOf(
    flow: Flow,
    document: Document,
    trx: Knex.Transaction,
  ): Promise<StateRow[]> {
    const rows = await states.ofDocument(document, trx);
    return rows.filter(({ workflow }) => workflow === flow.id);
  }

  async function isAnyFinal(flow: Flow, document: Document): Promise<boolean> {
    const rows = await tables.transaction((trx) => rowsOf(flow, document, trx));
    return rows.some((row) => rowState(flow, row).final);
  }

  /** Uses the rows as they are after the save: a command may have moved one of them meanwhile. */
  async function settle(
    flow: Flow,
    document: Document,
    { after, trx }: { after: StateAfter; trx: Knex.Transaction },
  ): Promise<void> {
    for (const known of await rowsOf(flow, document, trx)) {
      const place = { ...document, locale: localeOf(known) };
      const row = await states.find(place, { trx, lock: true });
      const draft = row && (await drafts.read(place, { trx }));
      const to = row && draft && after(flow, row, draft);
      if (row && draft && to) await reset(flow, draft, { from: rowState(flow, row), to, trx });
    }
  }

  async function reset(
    flow: Flow,
    draft: Draft,
    { from, to, trx }: { from: WorkflowState; to: WorkflowState; trx: Knex.Transaction },
  ): Promise<void> {
    if (from.key === to.key) return;
    await states.put(draft.place, { workflow: flow.id, state: to.key }, trx);
    const way = { flow, command: null, from, to, comment: null, actor: options.actor() };
    const move = await drafts.moveOf(draft, way, trx);
    await moves.record({ move, outcome: 'reset', verdicts: [] }, trx);
  }

  return { duringEdit, duringDiscard, duringDelete, forgetGone };
}

export type Edits = ReturnType<typeof createEdits>;

/** The state of a document after its draft was changed; null if it stays. */
function stateAfter(flow: Flow, row: StateRow, draft: Draft): WorkflowState | null {
  const isChanged = draft.fingerprint !== row.fingerprint;
  return isChanged && rowState(flow, row).final ? initialOf(flow) : null;
}

/** A draft that was discarded in favour of the approved content is approved again. */
function stateAfterDiscard(flow: Flow, row: StateRow, draft: Draft): WorkflowState | null {
  const approved = row.approved_state === null ? undefined : stateOf(flow, row.approved_state);
  if (approved?.final && draft.fingerprint === row.fingerprint) return approved;
  return stateAfter(flow, row, draft);
}
