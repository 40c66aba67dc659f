/** Records the changes of every document action, from any caller, in the transaction of the action. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Actor } from '../contract/event';
import { joinTransaction } from '../strapi/database.service';
import type { DocumentCall, DocumentResult } from '../strapi/documents.service';
import { hasDraftAndPublish, isLocalized, rowGroupOf } from '../strapi/model/content-model';
import { namedLinks } from '../strapi/model/row-plan';
import type { Schemas, WatchedType } from '../strapi/model/schema.service';
import {
  eventsOf,
  isAction,
  NO_VERSIONS,
  planOf,
  versionsOf,
  type Action,
  type Happening,
  type Plan,
  type Side,
  type Version,
  type Versions,
} from './events';
import type { Reader, Which } from './reader.service';
import type { Recorder } from './recorder.service';
import { completed, type Save, type Saves } from './saves.service';

/** The parts that both captures use. */
export type CaptureParts = {
  strapi: Core.Strapi;
  schemas: Schemas;
  /** The same types with nothing private: content is read and compared with these. */
  whole: Schemas;
  reader: Reader;
  saves: Saves;
  recorder: Recorder;
  actor(): Actor;
};

type Next = () => Promise<DocumentResult>;

/** One action under way: the same for its reading before and after. */
type Course = {
  /** With nothing private. */
  type: WatchedType;
  /** As it may leave. */
  shown: WatchedType;
  action: Action;
  params: DocumentCall['params'];
  plan: Plan;
  trx: Knex.Transaction;
};

export function createDocumentCapture(options: CaptureParts) {
  const { schemas, whole, reader, saves, recorder, actor } = options;

  /** A document service middleware. Without a webhook that could want the change, it only calls `next`. */
  return async (call: DocumentCall, next: Next): Promise<DocumentResult> => {
    const { action, uid, params } = call;
    // Changes of files and their like are recorded where they are written, by the row capture.
    const isOurs = isAction(action) && rowGroupOf(uid) === null;
    const [type, shown] = isOurs ? [whole.watched(uid), schemas.watched(uid)] : [];
    if (!isAction(action) || !type || !shown) return next();
    const plan = await wantedPlan(type, action, params);
    if (!plan.drafts && !plan.published)
      return (await needsMark(call))
        ? saves.runAction({ uid, documentId: params.documentId, save: null }, next)
        : next();
    return joinTransaction(options.strapi, async (trx) => {
      const course = { type, shown, action, params, plan, trx };
      const { result, happenings } = await carriedOut(course, next);
      await recorder.record(happenings);
      return result;
    });
  };

  /**
   * Whether rows that an unwanted action deletes could be taken for a deletion of their document. Saves of drafts delete none,
   * and run without a mark: in Node 20, every promise of a context costs a little.
   */
  async function needsMark({ uid, action, params }: DocumentCall): Promise<boolean> {
    const savesDraft =
      action === 'create' || (action === 'update' && params.status !== 'published');
    if (!savesDraft || saves.isUnderWay()) return true;
    return recorder.isWanted({ names: ['entry.delete'], uid });
  }

  /** Which versions to read: those whose events any webhook could want. */
  async function wantedPlan(
    { model }: WatchedType,
    action: Action,
    { status }: DocumentCall['params'],
  ): Promise<Plan> {
    const wanted = async (side: Side | null) =>
      side && (await recorder.isWanted({ names: side.names, uid: model.uid })) ? side : null;
    const mayPublish = hasDraftAndPublish(model);
    const plan = planOf(action, mayPublish && status === 'published');
    return {
      drafts: await wanted(plan.drafts),
      published: mayPublish ? await wanted(plan.published) : null,
    };
  }

  async function carriedOut(
    course: Course,
    next: Next,
  ): Promise<{ result: DocumentResult; happenings: Happening[] }> {
    const { type, shown, action, params, trx } = course;
    const { documentId } = params;
    const links = action === 'update' ? namedLinks(params.data, type.plan, type.model) : null;
    const save: Save = { type, trx, links, late: new Map() };
    const before = await versionsBefore(course, links);
    const result = await saves.runAction({ uid: type.model.uid, documentId, save }, next);
    if (resultRows(result).length === 0) return { result, happenings: [] };
    const change = { ...shown, action, actor: actor() };
    if (action === 'delete' || action === 'unpublish') {
      const gone = goneVersions(course, before, result);
      return { result, happenings: eventsOf({ ...change, before: gone, after: NO_VERSIONS }) };
    }
    const after = await versionsAfter(course, result);
    const whole = { ...before, drafts: completed(before.drafts, after.drafts, save) };
    return { result, happenings: eventsOf({ ...change, before: whole, after }) };
  }

  async function versionsBefore(course: Course, links: Save['links']): Promise<Versions> {
    const { type, params, plan, trx } = course;
    if (!params.documentId) return NO_VERSIONS;
    const which = { documentIds: [params.documentId], ...localesOf(type, params) };
    if (plan.drafts?.before && plan.published?.before && links === null)
      return versionsOf(await reader.read(type, which, { trx, lock: true }));
    const read = (isPublished: boolean, only: Save['links']) =>
      reader.read(type, hasDraftAndPublish(type.model) ? { ...which, isPublished } : which, {
        trx,
        links: only,
        lock: true,
      });
    return {
      drafts: plan.drafts?.before ? await read(false, links) : [],
      published: plan.published?.before ? await read(true, null) : [],
    };
  }

  /** A save that also publishes answers the published version only. */
  async function versionsAfter(course: Course, result: DocumentResult): Promise<Versions> {
    const { type, params, plan, trx, action } = course;
    const ids = idsOf(result);
    const hasPublished =
      (action === 'create' || action === 'update') &&
      hasDraftAndPublish(type.model) &&
      params.status === 'published';
    const drafts = () =>
      hasPublished ? draftsBeside(course, ids) : reader.read(type, { ids }, { trx });
    return {
      drafts: plan.drafts?.after ? await drafts() : [],
      published: plan.published?.after ? await reader.read(type, { ids }, { trx }) : [],
    };
  }

  /** The drafts beside published versions that an action answered. */
  async function draftsBeside({ type, trx }: Course, ids: (number | string)[]) {
    const published = await reader.read(type, { ids }, { trx, links: new Set() });
    const locales = published.flatMap(({ locale }) => locale ?? []);
    const which: Which = {
      documentIds: published.map(({ documentId }) => documentId),
      isPublished: false,
    };
    return reader.read(type, locales.length > 0 ? { ...which, locales } : which, { trx });
  }
}

/** `*` and nothing are every locale: the result says which ones. A type without locales ignores `locale`. */
function localesOf(
  { model }: WatchedType,
  { locale }: DocumentCall['params'],
): Pick<Which, 'locales'> {
  if (!isLocalized(model) || !locale || locale.length === 0 || locale === '*') return {};
  return { locales: Array.isArray(locale) ? locale : [locale] };
}

const resultRows = (result: DocumentResult) => (result ? (result.entries ?? [result]) : []);

const idsOf = (result: DocumentResult) =>
  resultRows(result).flatMap(({ id }) => (id == null ? [] : [id]));

/** Rows whose deletion was recorded, by transaction: two deletions side by side in one both answer the same rows. */
const recordedGone = new WeakMap<object, Set<string>>();

/** A deletion answers exactly the deleted rows. Versions of other locales were read too, and are left out. */
function goneVersions({ type, trx }: Course, versions: Versions, result: DocumentResult): Versions {
  const ids = new Set(idsOf(result));
  const recorded = recordedGone.get(trx) ?? new Set<string>();
  recordedGone.set(trx, recorded);
  const isNews = ({ id }: Version) => {
    const key = `${type.model.uid}:${id}`;
    return ids.has(id) && !recorded.has(key) && Boolean(recorded.add(key));
  };
  return {
    drafts: versions.drafts.filter(isNews),
    published: versions.published.filter(isNews),
  };
}
