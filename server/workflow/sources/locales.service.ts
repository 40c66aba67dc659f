/** Which locales an action means. */
import { isLocalized } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';

type Given = string | string[] | null | undefined;

export const createLocales = (schemas: Schemas) => {
  const isLocalizedType = (uid: string) => {
    const model = schemas.watched(uid)?.model;
    return model !== undefined && isLocalized(model);
  };

  /** Of one document: the one that is named, else the default; null where the type knows no locales. */
  const one = async (uid: string, locale: string | null | undefined): Promise<string | null> =>
    isLocalizedType(uid) ? locale || (await schemas.defaultLocale()) : null;

  /** Of a document action, as Strapi takes it: undefined is all of them. */
  const many = async (uid: string, locale: Given): Promise<string[] | undefined> => {
    if (!isLocalizedType(uid) || locale === '*') return undefined;
    if (Array.isArray(locale) && locale.length > 0)
      return locale.includes('*') ? undefined : locale;
    const single = await one(uid, Array.isArray(locale) ? null : locale);
    return single === null ? undefined : [single];
  };

  return { one, many, isLocalizedType };
};

export type Locales = ReturnType<typeof createLocales>;
