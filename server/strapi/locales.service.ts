/** Decides which locales an action means. */
import { isLocalized } from './model/content-model';
import type { Schemas } from './model/schema.service';

type GivenLocale = string | string[] | null | undefined;

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
