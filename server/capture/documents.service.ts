/** Hears every document action, through whatever door it comes, and records what it changed in its transaction. */
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type { Actor } from '../contract/event';
import { createInTransaction } from '../store/transaction.service';
import { hasDraftAndPublish, isLocalized, rowGroupOf } from '../strapi/model/content-model';
import { namedLinks } from '../strapi/model/row-plan';
import type { Schemas, WatchedType } from '../strapi/model/schema.service';
import {
  ACTIONS,
  planOf,
  type Action,
  type Change,
  type Plan,
  type Row,
  type Side,
  type Version,
  type Versions,
} from './change';
import { eventsOf } from './events-of';
import type { Reader, Which } from './reader.service';
import type { Recorder } from './recorder.service';
import { completed, type Save, type Saves } from './saves.service';

type Params = {
  documentId?: string;
  locale?: string | string[] | null;
  status?: string;
  data?: Row;
};
type Context = { action: string; uid: string; params: Params };
type Answer = { id?: number | string; documentId?: string };
type Result = (Answer & { entries?: Answer[] }) | null | undefined;

type Options = {
  strapi: Core.Strapi;
  schemas: Schemas;
  /** The same types with nothing private, by which documents are read and compared. */
  whole: Schemas;
  reader: Reader;
  saves: Saves;
  recorder: Recorder;
  actor(): Actor;
};

/** One action under way: the same for its reading before and after. */
type Course = {
  /** With nothing private. */
  type: WatchedType;
  /** As it may leave. */
  shown: WatchedType;
  action: Action;
  context: Context;
  plan: Plan;
  trx: Knex.Transaction;
};

const isAction = (action: string): action is Action =>
  (ACTIONS as readonly string[]).includes(action);

/** `*` and nothing are every locale: which of them the action means, its result tells. Of one language, a locale means nothing. */
const localesOf = ({ model }: WatchedType, { locale }: Params): Pick<Which, 'locales'> => {
  if (!isLocalized(model) || !locale || locale.length === 0 || locale === '*') return {};
  return { locales: Array.isArray(locale) ? locale : [locale] };
};

const answersOf = (result: Result): Answer[] => (result ? (result.entries ?? [result]) : []);

const idsOf = (result: Result) => answersOf(result).flatMap(({ id }) => (id == null ? [] : [id]));

const NONE: Versions = { drafts: [], published: [] };

export const createDocumentCapture = (options: Options) => {
  const { schemas, whole, reader, saves, recorder, actor } = options;
  const certainly = createInTransaction(options.strapi);
  /** What a transaction has already told as gone: two deletions side by side in it both answer the same rows. */
  const told = new WeakMap<object, Set<string>>();

  const wantedSide = async (uid: string, part: Side | null): Promise<Side | null> =>
    part && (await recorder.isWanted({ names: part.names, uid })) ? part : null;

  const wantedPlan = async (type: WatchedType, action: Action, params: Params) => {
    const mayPublish = hasDraftAndPublish(type.model);
    const plan = planOf(action, mayPublish && params.status === 'published');
    const { uid } = type.model;
    return {
      drafts: await wantedSide(uid, plan.drafts),
      published: mayPublish ? await wantedSide(uid, plan.published) : null,
    };
  };

  /** In one reading where both halves are read whole. */
  const bothBefore = async ({ type, trx }: Course, which: Which): Promise<Versions> => {
    const versions = await reader.read(type, which, { trx, lock: true });
    return {
      drafts: versions.filter(({ isPublished }) => !isPublished),
      published: versions.filter(({ isPublished }) => isPublished),
    };
  };

  const before = async (course: Course, links: Save['links']): Promise<Versions> => {
    const { type, context, plan, trx } = course;
    const { documentId } = context.params;
    if (!documentId) return NONE;
    const which = { documentIds: [documentId], ...localesOf(type, context.params) };
    if (plan.drafts?.before && plan.published?.before && links === null)
      return bothBefore(course, which);
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
  };

  /** The drafts beside published versions that an action answered. */
  const draftsBeside = async ({ type, trx }: Course, ids: (number | string)[]) => {
    const published = await reader.read(type, { ids }, { trx, links: new Set() });
    const locales = published.flatMap(({ locale }) => locale ?? []);
    const which = {
      documentIds: published.map(({ documentId }) => documentId),
      isPublished: false,
    };
    return reader.read(type, locales.length > 0 ? { ...which, locales } : which, { trx });
  };

  /** A save that also publishes answers the published version only. */
  const after = async (course: Course, result: Result): Promise<Versions> => {
    const { type, context, plan, trx, action } = course;
    const ids = idsOf(result);
    const hasPublished =
      (action === 'create' || action === 'update') &&
      hasDraftAndPublish(type.model) &&
      context.params.status === 'published';
    const drafts = () =>
      hasPublished ? draftsBeside(course, ids) : reader.read(type, { ids }, { trx });
    return {
      drafts: plan.drafts?.after ? await drafts() : [],
      published: plan.published?.after ? await reader.read(type, { ids }, { trx }) : [],
    };
  };

  /** What a deletion answers are the very rows that are gone; of the locales that were read, the others stay. */
  const gone = ({ type, trx }: Course, versions: Versions, result: Result): Versions => {
    const ids = new Set(idsOf(result));
    const already = told.get(trx) ?? new Set<string>();
    told.set(trx, already);
    const isNews = ({ id }: Version) => {
      const key = `${type.model.uid}:${id}`;
      return ids.has(id) && !already.has(key) && Boolean(already.add(key));
    };
    return {
      drafts: versions.drafts.filter(isNews),
      published: versions.published.filter(isNews),
    };
  };

  const change = async (course: Course, next: () => Promise<Result>) => {
    const { type, shown, action, context, trx } = course;
    const save: Save = {
      type,
      trx,
      links: action === 'update' ? namedLinks(context.params.data, type.plan, type.model) : null,
      late: new Map(),
    };
    const versions = await before(course, save.links);
    const { documentId } = context.params;
    const result = await saves.run({ uid: context.uid, documentId, save }, next);
    if (answersOf(result).length === 0) return { result, events: [] };
    const isGone = action === 'delete' || action === 'unpublish';
    const now = isGone ? NONE : await after(course, result);
    const done: Change = {
      ...shown,
      action,
      actor: actor(),
      before: isGone
        ? gone(course, versions, result)
        : { ...versions, drafts: completed(versions.drafts, now.drafts, save) },
      after: now,
    };
    return { result, events: eventsOf(done) };
  };

  const recorded = async (course: Course, next: () => Promise<Result>): Promise<Result> => {
    const { result, events } = await change(course, next);
    await recorder.record(events);
    return result;
  };

  /** A document service middleware. Without a webhook that could want the change, it steps aside. */
  return async (context: Context, next: () => Promise<Result>): Promise<Result> => {
    const { action, uid, params } = context;
    // Files and their like are heard where they are written, whoever writes them.
    const isHeard = isAction(action) && rowGroupOf(uid) === null;
    const [type, shown] = isHeard ? [whole.watched(uid), schemas.watched(uid)] : [];
    if (!isAction(action) || !type || !shown) return next();
    const plan = await wantedPlan(type, action, params);
    if (!plan.drafts && !plan.published)
      return saves.run({ uid, documentId: params.documentId, save: null }, next);
    return certainly((trx) => recorded({ type, shown, action, context, plan, trx }, next));
  };
};
