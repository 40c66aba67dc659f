/** Where our pages are: below /settings, and one in the main menu; and where Strapi shows a document. */
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

/** As Strapi's main menu wants it. */
export const SCHEDULE_PATH = `plugins/${PLUGIN_ID}/schedule`;

type Content = {
  uid: string;
  documentId: string;
  locale: string | null;
  kind: 'collectionType' | 'singleType';
};

/** The edit view of a document in the Content Manager. */
export const contentPath = ({ uid, documentId, locale, kind }: Content): string => {
  const page =
    kind === 'singleType' ? `single-types/${uid}` : `collection-types/${uid}/${documentId}`;
  const query = locale === null ? '' : `?plugins[i18n][locale]=${encodeURIComponent(locale)}`;
  return `/content-manager/${page}${query}`;
};
