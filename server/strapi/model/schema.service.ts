/** Strapi's content types and components for the other rooms: which are watched, how to read them, and their facts. */
import type { Core } from '@strapi/strapi';
import type { ContentTypeInfo, ContentTypes } from '../../contract/content-type';
import {
  isLocalized,
  isWatched,
  rowGroupOf,
  type ContentModel,
  type ModelOf,
  type TypeContext,
} from './content-model';
import {
  contentTypeInfo,
  populateOf,
  relatesToEndUsers,
  typesAt,
  visible,
  withNothingPrivate,
  type Populate,
} from './document-tree';
import { rowPlan, type DbModelOf, type RowPlan } from './row-plan';

type Row = Record<string, unknown>;

export type WatchedType = TypeContext & {
  populate: Populate;
  plan: RowPlan;
  visible(row: Row): Row;
};

/** Content types and components by uid, as Strapi has loaded them. Breaks if Strapi renames what `ContentModel` reads. */
export const loadedModels = (strapi: Core.Strapi) => ({
  contentTypes: strapi.contentTypes as unknown as Record<string, ContentModel | undefined>,
  components: strapi.components as unknown as Record<string, ContentModel | undefined>,
});

/** The names of attributes that the project's configuration keeps private in every type. */
export const privateNamesOf = (strapi: Core.Strapi): ReadonlySet<string> =>
  new Set(strapi.config.get<string[]>('api.responses.privateAttributes', []));

/** `isWhole`: with everything private, for comparing content; nothing of it is ever shown or sent. */
export function createSchemas(strapi: Core.Strapi, { isWhole = false } = {}) {
  const strapiModelOf: ModelOf = (uid) => {
    const { contentTypes, components } = loadedModels(strapi);
    return contentTypes[uid] ?? components[uid];
  };
  const modelOf = isWhole ? withNothingPrivate(strapiModelOf) : strapiModelOf;
  const privateNames = isWhole ? new Set<string>() : privateNamesOf(strapi);
  const context = { modelOf, privateNames };
  // Breaks if Strapi renames columns or join tables in its metadata: `DbModel` names what is read of them.
  const dbModelOf: DbModelOf = (uid) =>
    strapi.db.metadata.has(uid) ? strapi.db.metadata.get(uid) : undefined;

  /** How to read the rows of a content type or a component. */
  const planOf = remembered((uid) => rowPlan(uid, { ...context, dbModelOf }));

  /** Null for types whose changes are no events. */
  const watched = remembered((uid): WatchedType | null => {
    const model = modelOf(uid);
    const isOfRows = rowGroupOf(uid) !== null;
    if (!model || (!isWatched(model) && !isOfRows)) return null;
    return {
      model,
      ...context,
      // The documents that use a file can be thousands, and say nothing about the file.
      populate: isOfRows ? {} : populateOf(model, context),
      plan: planOf(uid),
      visible: (row) => visible(row, { ...context, model }),
    };
  });

  const infoOf = async (uid: string): Promise<ContentTypeInfo | null> => {
    const type = watched(uid);
    if (!type) return null;
    const service = strapi.plugin('content-manager')?.service('content-types');
    const configuration = await service?.findConfiguration({ uid });
    const mainField = configuration?.settings?.mainField ?? null;
    return contentTypeInfo({ model: type.model, mainField, privateNames });
  };

  /** The types whose changes are events of documents. */
  const watchedUids = (): string[] =>
    Object.keys(strapi.contentTypes).filter((uid) => rowGroupOf(uid) === null && watched(uid));

  /** Every watched type by display name, and the locales that documents can have. */
  const all = async (): Promise<ContentTypes> => {
    const infos = await Promise.all(watchedUids().map(infoOf));
    const locales: { code: string; name: string }[] =
      (await strapi.plugin('i18n')?.service('locales')?.find()) ?? [];
    return {
      contentTypes: infos
        .filter((info): info is ContentTypeInfo => info !== null)
        .sort((one, other) => one.displayName.localeCompare(other.displayName)),
      locales: locales.map(({ code, name }) => ({ code, name })),
    };
  };

  /** Null without the i18n plugin. */
  const defaultLocale = async (): Promise<string | null> =>
    (await strapi.plugin('i18n')?.service('locales')?.getDefaultLocale()) ?? null;

  const typesOf = remembered((key) => {
    const end = key.indexOf(' ');
    return typesAt(key.slice(0, end), key.slice(end + 1).split('.'), modelOf);
  });

  return {
    watched,
    watchedUids,
    /** Whether a document of a type can hold related end users. */
    relatesToEndUsers: remembered((uid) => relatesToEndUsers(uid, context)),
    planOf,
    /** A copy of a row of any model, without what is private. */
    visible: (uid: string, row: Row): Row => {
      const model = modelOf(uid);
      return model ? visible(row, { ...context, model }) : {};
    },
    infoOf,
    all,
    modelOf,
    /** Remembered for filters, which ask for the same fields at every event. */
    fieldTypes: (uid: string | null, path: readonly string[]): readonly string[] =>
      uid === null ? [] : typesOf(`${uid} ${path.join('.')}`),
    defaultLocale,
  };
}

export type Schemas = ReturnType<typeof createSchemas>;

/** Which locales an action means. */
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
  async function many(
    uid: string,
    locale: string | string[] | null | undefined,
  ): Promise<string[] | undefined> {
    if (!isLocalizedType(uid) || locale === '*') return undefined;
    if (Array.isArray(locale) && locale.length > 0)
      return locale.includes('*') ? undefined : locale;
    const single = await one(uid, Array.isArray(locale) ? null : locale);
    return single === null ? undefined : [single];
  }

  return { one, many };
}

export type Locales = ReturnType<typeof createLocales>;

/** The models of a running Strapi never change: saving a type in the Content-Type Builder restarts it. */
function remembered<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    if (!known.has(key)) known.set(key, make(key));
    return known.get(key) as T;
  };
}
