/** Where our pages are, below /settings. */
import { PLUGIN_ID } from '../server/contract/names';

/** As Strapi's settings links want them. */
export const PATHS = {
  overview: `${PLUGIN_ID}/overview`,
  webhooks: `${PLUGIN_ID}/webhooks`,
  workflows: `${PLUGIN_ID}/workflows`,
  authorizations: `${PLUGIN_ID}/authorizations`,
  replications: `${PLUGIN_ID}/replications`,
  deliveries: `${PLUGIN_ID}/deliveries`,
  changes: `${PLUGIN_ID}/changes`,
} as const;

/** A path that router links and navigate() take, for example `pathTo('webhooks', id)`. */
export const pathTo = (page: keyof typeof PATHS, ...rest: string[]) =>
  ['/settings', PATHS[page], ...rest.map(encodeURIComponent)].join('/');
