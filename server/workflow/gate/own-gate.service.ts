/** The gate of types with a workflow of their own: what is not in a final state is not published, by whatever door. */
import type { Knex } from 'knex';
import { wayOn } from '../../contract/workflow-graph';
import { hasDraftAndPublish } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import type { Draft, Drafts } from '../state/drafts.service';
import type { Edits } from '../state/edits.service';
import { initialOf, type Flow } from '../sources/flow';
import type { Call, Next } from './gate.service';
import type { Locales } from '../sources/locales.service';
import type { Tables } from '../../store/tables.service';
import { changedMeanwhile, notCreatedPublished, notPublishable } from '../command/refusal';
import { ownState } from '../state/standing.service';
import type { States } from '../state/states.service';

type Options = {
  schemas: Schemas;
  tables: Tables;
  states: States;
  drafts: Drafts;
  edits: Edits;
  locales: Locales;
};

const publishedCount = (result: unknown) =>
  (result as { entries?: unknown[] } | null)?.entries?.length ?? 0;

export const createOwnGate = (options: Options) => {
  const { schemas, tables, states, drafts, edits, locales } = options;

  const check = async (flow: Flow, draft: Draft, trx: Knex.Transaction): Promise<void> => {
    const row = await states.find(draft.place, { trx });
    const state = ownState(flow, row, draft.fingerprint);
    if (state.final) return;
    const way = wayOn(flow, state.key);
    throw notPublishable({
      title: await drafts.titleOf(draft),
      locale: draft.place.locale,
      workflow: flow.name,
      state: state.name,
      way: way?.name ?? null,
    });
  };

  /** Answers how many drafts were checked. */
  const checkAll = async (flow: Flow, call: Call, trx: Knex.Transaction): Promise<number> => {
    const { uid, params } = call;
    const documentId = params.documentId ?? '';
    const chosen = await locales.many(uid, params.locale);
    const which = { uid, documentId, ...(chosen ? { locales: chosen } : {}) };
    const found = await drafts.readAll(which, { trx, lock: true });
    for (const draft of found) await check(flow, draft, trx);
    return found.length;
  };

  /**
   * Nothing comes between the check and the publication: both are one transaction. Of a draft that is deleted at the same
   * time, MySQL shows Strapi what was there when that began, and so it would be published unchecked.
   */
  const published = (flow: Flow, call: Call, next: Next) =>
    tables.transaction(async (trx) => {
      const count = await checkAll(flow, call, trx);
      const result = await next();
      if (publishedCount(result) > count) throw changedMeanwhile();
      return result;
    });

  /** A save that also publishes must leave an approved document as it was approved. */
  const savedAndPublished = (flow: Flow, call: Call, next: Next) =>
    tables.transaction(async (trx) => {
      await checkAll(flow, call, trx);
      const result = await edited(flow, call, next);
      const count = await checkAll(flow, call, trx);
      if (result && count === 0) throw changedMeanwhile();
      return result;
    });

  const created = (flow: Flow, { params }: Call, next: Next) => {
    const initial = initialOf(flow);
    if (params.status !== 'published' || initial.final) return next();
    const way = wayOn(flow, initial.key);
    throw notCreatedPublished({
      workflow: flow.name,
      state: initial.name,
      way: way?.name ?? null,
    });
  };

  const edited = (flow: Flow, { uid, params }: Call, next: Next) =>
    edits.edited(flow, { uid, documentId: params.documentId ?? '' }, next);

  return async (flow: Flow, call: Call, next: Next): Promise<unknown> => {
    const { uid, action, params } = call;
    const model = schemas.watched(uid)?.model;
    const document = { uid, documentId: params.documentId ?? '' };
    const publishes = model !== undefined && hasDraftAndPublish(model);
    switch (action) {
      case 'create':
        return publishes ? created(flow, call, next) : next();
      case 'update':
        return publishes && params.status === 'published'
          ? savedAndPublished(flow, call, next)
          : edited(flow, call, next);
      case 'publish':
        return published(flow, call, next);
      case 'discardDraft':
        return edits.discarded(flow, document, next);
      case 'unpublish':
        return next();
    }
  };
};

export type OwnGate = ReturnType<typeof createOwnGate>;
