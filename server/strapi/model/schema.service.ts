/** Strapi's schemas for the other rooms: which types are watched, how to load them, what is known of them. */
import type { Core } from '@strapi/strapi';
import type { ContentTypeInfo, ContentTypes } from '../../contract/content-type';
import {
  isWatched,
  rowGroupOf,
  type ContentModel,
  type ModelOf,
  type TypeContext,
} from './content-model';
import { contentTypeInfo, visible, withNothingPrivate } from './visible';
import { relatesToEndUsers, populateOf, type Populate, typesAt } from './document-tree';
import { rowPlan, type DbModelOf, type RowPlan } from './row-plan';

type Row = Record<string, unknown>;

export type WatchedType = TypeContext & {
  populate: Populate;
  plan: RowPlan;
  visible(row: Row): Row;
};

/** `isWhole`: with what may not leave, for comparing content; nothing of it is ever shown or sent. */
export const createSchemas = (strapi: Core.Strapi, { isWhole = false } = {}) => {
  const strapiModelOf: ModelOf = (uid) =>
    ((strapi.contentTypes as Record<string, unknown>)[uid] as ContentModel | undefined) ??
    ((strapi.components as Record<string, unknown>)[uid] as ContentModel | undefined);
  const modelOf: ModelOf = isWhole ? withNothingPrivate(strapiModelOf) : strapiModelOf;
  const privateNames = new Set<string>(
    isWhole ? [] : strapi.config.get<string[]>('api.responses.privateAttributes', []),
  );
  const dbModelOf: DbModelOf = (uid) =>
    strapi.db.metadata.has(uid)
      ? (strapi.db.metadata.get(uid) as unknown as ReturnType<DbModelOf>)
      : undefined;
  const known = new Map<string, WatchedType | null>();
  const plans = new Map<string, RowPlan>();

  /** Of a content type or a component. */
  const planOf = (uid: string): RowPlan => {
    const plan = plans.get(uid) ?? rowPlan(uid, { modelOf, dbModelOf, privateNames });
    plans.set(uid, plan);
    return plan;
  };

  const describe = (uid: string): WatchedType | null => {
    const model = modelOf(uid);
    const isOfRows = rowGroupOf(uid) !== null;
    if (!model || (!isWatched(model) && !isOfRows)) return null;
    return {
      model,
      modelOf,
      privateNames,
      // What a file belongs to is the other document's business, and can be thousands.
      populate: isOfRows ? {} : populateOf(model, { modelOf, privateNames }),
      plan: planOf(uid),
      visible: (row) => visible(row, model, { modelOf, privateNames }),
    };
  };

  /** Null for types whose changes are no events. */
  const watched = (uid: string): WatchedType | null => {
    if (!known.has(uid)) known.set(uid, describe(uid));
    return known.get(uid) ?? null;
  };

  const mainFieldOf = async (uid: string): Promise<string | null> => {
    const service = strapi.plugin('content-manager')?.service('content-types');
    const configuration = await service?.findConfiguration({ uid });
    return configuration?.settings?.mainField ?? null;
  };

  const infoOf = async (uid: string): Promise<ContentTypeInfo | null> => {
    const type = watched(uid);
    if (!type) return null;
    return contentTypeInfo({ model: type.model, mainField: await mainFieldOf(uid), privateNames });
  };

  const locales = async (): Promise<ContentTypes['locales']> => {
    const found = await strapi.plugin('i18n')?.service('locales')?.find();
    return (found ?? []).map(({ code, name }: { code: string; name: string }) => ({ code, name }));
  };

  /** Null without the i18n plugin. */
  const defaultLocale = async (): Promise<string | null> =>
    (await strapi.plugin('i18n')?.service('locales')?.getDefaultLocale()) ?? null;

  /** The types whose changes are events of documents. */
  const watchedUids = (): string[] =>
    Object.keys(strapi.contentTypes).filter((uid) => rowGroupOf(uid) === null && watched(uid));

  const leading = new Map<string, boolean>();

  /** Whether a document of a type can hold related end users. */
  const leadsToEndUsers = (uid: string): boolean => {
    const answer = leading.get(uid) ?? relatesToEndUsers(uid, { modelOf, privateNames });
    leading.set(uid, answer);
    return answer;
  };

  /** Every watched type by display name, and the locales that documents can have. */
  const all = async (): Promise<ContentTypes> => {
    const infos = await Promise.all(watchedUids().map(infoOf));
    return {
      contentTypes: infos
        .filter((info): info is ContentTypeInfo => info !== null)
        .sort((one, other) => one.displayName.localeCompare(other.displayName)),
      locales: await locales(),
    };
  };

  /** A copy of a row of any model, without what may not leave. */
  const visibleOf = (uid: string, row: Row): Row => {
    const model = modelOf(uid);
    return model ? visible(row, model, { modelOf, privateNames }) : {};
  };

  const knownTypes = new Map<string, readonly string[]>();

  /** For filters, which ask for the same fields at every event. */
  const fieldTypes = (uid: string | null, path: readonly string[]): readonly string[] => {
    if (uid === null) return [];
    const key = `${uid} ${path.join('.')}`;
    const types = knownTypes.get(key) ?? typesAt(uid, path, modelOf);
    knownTypes.set(key, types);
    return types;
  };

  return {
    watched,
    watchedUids,
    relatesToEndUsers: leadsToEndUsers,
    planOf,
    visible: visibleOf,
    infoOf,
    all,
    modelOf,
    fieldTypes,
    defaultLocale,
  };
};

export type Schemas = ReturnType<typeof createSchemas>;
