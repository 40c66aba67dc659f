/** Hears every document action, through whatever door it comes, and records what it changed in its transaction. */
import type { Core } from '@strapi/strapi';
import type { Actor } from '../contract/event';
import { hasDraftAndPublish } from '../schema/content-model';
import type { Schemas, WatchedType } from '../schema/schema.service';
import { ACTIONS, planOf, type Action, type Change, type Row, type Versions } from './change';
import { eventsOf } from './events-of';
import type { Recorder } from './recorder.service';

type Params = {
  documentId?: string;
  locale?: string | string[];
  status?: string;
  fields?: unknown;
};
type Context = { action: string; uid: string; params: Params };
type Result = (Row & { entries?: Row[] }) | null | undefined;

type Options = { strapi: Core.Strapi; schemas: Schemas; recorder: Recorder; actor(): Actor };

const isAction = (action: string): action is Action =>
  (ACTIONS as readonly string[]).includes(action);
const NOTHING = { drafts: [] as Row[], published: [] as Row[] };

/** `*` and nothing are every locale: which of them the action means, its result tells. */
const localeWhere = (locale: Params['locale']) => {
  if (!locale || locale.length === 0 || locale === '*') return {};
  return { locale: Array.isArray(locale) ? { $in: locale } : locale };
};

const rowsOf = (result: Result): Row[] => (result ? (result.entries ?? [result]) : []);

export const createDocumentCapture = ({ strapi, schemas, recorder, actor }: Options) => {
  const read = async (type: WatchedType, where: Row): Promise<Row[]> => {
    const rows: Row[] = await strapi.db
      .query(type.model.uid)
      .findMany({ where, populate: type.populate });
    return rows.map((row) => type.visible(row));
  };

  const versions = async (
    type: WatchedType,
    wanted: Versions,
    where: Row,
  ): Promise<Change['before']> => {
    if (!wanted.drafts && !wanted.published) return NOTHING;
    const isBoth = wanted.drafts && wanted.published;
    const status =
      isBoth || !hasDraftAndPublish(type.model)
        ? {}
        : { publishedAt: wanted.drafts ? null : { $ne: null } };
    const rows = await read(type, { ...where, ...status });
    if (!hasDraftAndPublish(type.model)) return { drafts: rows, published: [] };
    return {
      drafts: rows.filter((row) => !row.publishedAt),
      published: rows.filter((row) => row.publishedAt),
    };
  };

  /** What a deletion answers are the very rows that are gone; of the locales that were read, the others stay. */
  const gone = (rows: Change['before'], result: Result): Change['before'] => {
    const ids = new Set(rowsOf(result).map((row) => row.id));
    const isGone = (row: Row) => ids.has(row.id);
    return { drafts: rows.drafts.filter(isGone), published: rows.published.filter(isGone) };
  };

  /** What the action answers may be a part of the row, by `fields` and `populate`; the event tells all of it. */
  const answered = async (
    type: WatchedType,
    { params }: Context,
    result: Result,
  ): Promise<Row[]> => {
    const rows = rowsOf(result);
    const isWhole = Object.keys(type.populate).length === 0 && !params.fields;
    if (isWhole) return rows.map((row) => type.visible(row));
    return read(type, { id: { $in: rows.map((row) => row.id) } });
  };

  /** An action that also publishes answers the published version only: its draft is read beside it. */
  const draftsOf = (type: WatchedType, published: Row[]): Promise<Row[]> =>
    read(type, {
      documentId: { $in: published.map((row) => row.documentId) },
      publishedAt: null,
      ...localeWhere(published.map((row) => row.locale as string).filter(Boolean)),
    });

  const after = async (
    type: WatchedType,
    context: Context & { wanted: Versions },
    result: Result,
  ): Promise<Change['after']> => {
    const { wanted } = context;
    if (!wanted.drafts && !wanted.published) return NOTHING;
    const rows = await answered(type, context, result);
    if (!wanted.published) return { drafts: rows, published: [] };
    return { drafts: wanted.drafts ? await draftsOf(type, rows) : [], published: rows };
  };

  const inTransaction = async (
    type: WatchedType,
    context: Context & { action: Action },
    next: () => Promise<Result>,
  ) => {
    const { action, params } = context;
    const plan = planOf(action, params.status === 'published' && hasDraftAndPublish(type.model));
    const before = await versions(type, plan.before, {
      documentId: params.documentId ?? null,
      ...localeWhere(params.locale),
    });
    const result = await next();
    if (rowsOf(result).length === 0) return result;
    const change: Change = {
      action,
      model: type.model,
      actor: actor(),
      before: action === 'delete' || action === 'unpublish' ? gone(before, result) : before,
      after: await after(type, { ...context, wanted: plan.after }, result),
    };
    await recorder.record(eventsOf(change));
    return result;
  };

  /** A document service middleware. Without a webhook that could want the change, it steps aside. */
  return async (context: Context, next: () => Promise<Result>): Promise<Result> => {
    const { action, uid, params } = context;
    if (!isAction(action)) return next();
    const type = schemas.watched(uid);
    if (!type) return next();
    const { names } = planOf(action, params.status === 'published');
    if (!(await recorder.isWanted({ names, uid }))) return next();
    return strapi.db.transaction(() => inTransaction(type, { ...context, action }, next));
  };
};
