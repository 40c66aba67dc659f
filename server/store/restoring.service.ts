/** Keeps our plain tables out of the reach of a data transfer. */
import type { Core } from '@strapi/strapi';
import { PLUGIN_ID } from '../contract/names';

type Models = { get(): { uid: string }[] };

const isOurs = ({ uid }: { uid: string }) => uid.startsWith(`plugin::${PLUGIN_ID}.`);

/**
 * An import, and a transfer into this app, empties every table in Strapi's registry of models before it copies content
 * (`deleteRecords` in @strapi/data-transfer), and with it what this app has still to deliver. The registry is read once
 * before that: when the database is opened, which was before any plugin's bootstrap, and which made and migrated the
 * tables. So from here on it need not name them. Content types are kept elsewhere, and travel as they should.
 */
export const keepFromRestore = (strapi: Core.Strapi): void => {
  const models = (strapi.get('models') as Models).get();
  const others = models.filter((model) => !isOurs(model));
  models.splice(0, models.length, ...others);
};
