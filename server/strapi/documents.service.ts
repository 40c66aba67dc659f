/** The document service and the row lifecycles, for content types that are known at run time only. */
import type { Core, UID } from '@strapi/strapi';
import { isLocalized, type ContentModel } from './model/content-model';
import type { Schemas } from './model/schema.service';

type DocumentAction = 'update' | 'publish' | 'unpublish' | 'discardDraft';

/** Strapi types these by the uid, which would have to be a literal. */
export type DocumentActions = Record<DocumentAction, (params: object) => Promise<unknown>>;

export function documentActions(strapi: Core.Strapi, uid: string): DocumentActions {
  return strapi.documents(uid as UID.ContentType) as unknown as DocumentActions;
}

/** Undefined if the project has no such content type. */
export function contentTypeOf(strapi: Core.Strapi, uid: string): ContentModel | undefined {
  return (strapi.contentTypes as Record<string, unknown>)[uid] as ContentModel | undefined;
}

/** One write or read of rows, as a lifecycle receives it. */
export type RowEvent = {
  model: { uid: string };
  params: { where?: unknown; data?: unknown };
  result?: Record<string, unknown> | null;
};
export type RowListener = (event: RowEvent) => void | Promise<void>;

type RowSubscriber = { models?: string[]; listeners: Record<string, RowListener> };

export function subscribeToRows(strapi: Core.Strapi, { models, listeners }: RowSubscriber): void {
  const subscriber: unknown = { ...(models ? { models } : {}), ...listeners };
  const { lifecycles } = strapi.db;
  lifecycles.subscribe(subscriber as Parameters<typeof lifecycles.subscribe>[0]);
}

type GivenLocale = string | string[] | null | undefined;

/** Decides which locales an action means. */
export function createLocales(schemas: Schemas) {
  function isLocalizedType(uid: string): boolean {
    const model = schemas.watched(uid)?.model;
    return model !== undefined && isLocalized(model);
  }

  /** The locale of one document: the given one, else the default. Null if the type is not localized. */
  async function one(uid: string, locale: string | null | undefined): Promise<string | null> {
    return isLocalizedType(uid) ? locale || (await schemas.defaultLocale()) : null;
  }

  /** The locales of a document action, as Strapi understands its parameter. Undefined means all of them. */
  async function many(uid: string, locale: GivenLocale): Promise<string[] | undefined> {
    if (!isLocalizedType(uid) || locale === '*') return undefined;
    if (Array.isArray(locale) && locale.length > 0)
      return locale.includes('*') ? undefined : locale;
    const single = await one(uid, Array.isArray(locale) ? null : locale);
    return single === null ? undefined : [single];
  }

  return { one, many };
}

export type Locales = ReturnType<typeof createLocales>;
