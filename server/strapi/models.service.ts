/** Strapi's registry of database models: the tables that are made, migrated, and emptied by a data transfer. */
import type { Core } from '@strapi/strapi';

type Model = { uid: string };
type Registry = { add(model: Model): void; get(): Model[] };

const registryOf = (strapi: Core.Strapi) => strapi.get('models') as Registry;

/** To be called while Strapi registers plugins. Breaks if Strapi opens the database before that. */
export function addModels(strapi: Core.Strapi, models: readonly Model[]): void {
  for (const model of models) registryOf(strapi).add(model);
}

/**
 * An import, and a transfer into this app, empties every table in the registry before it copies content (`deleteRecords`
 * in @strapi/data-transfer). Strapi reads the registry once before that: when it opens the database. Content types are
 * kept elsewhere, and travel as they should. Breaks if Strapi reads the registry again, or no longer answers its own list.
 */
export function forgetModels(strapi: Core.Strapi, isForgotten: (uid: string) => boolean): void {
  const models = registryOf(strapi).get();
  const others = models.filter(({ uid }) => !isForgotten(uid));
  models.splice(0, models.length, ...others);
}
