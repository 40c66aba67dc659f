/** Puts the widget on the home page of panels that have one for widgets. */
import type { StrapiApp } from '@strapi/strapi/admin';
import { PaperPlane } from '@strapi/icons';
import { PLUGIN_ID, permissionUid } from '../../server/contract/names';
import { pathTo } from '../paths';
import { textDescriptor } from '../translations/use-text';

export const registerWidgets = ({ widgets }: Partial<Pick<StrapiApp, 'widgets'>>) =>
  widgets?.register({
    id: 'overview',
    pluginId: PLUGIN_ID,
    icon: PaperPlane,
    title: textDescriptor('widget.title'),
    component: async () => (await import('./overview-widget')).default,
    link: { label: textDescriptor('widget.link'), href: pathTo('overview') },
    permissions: [{ action: permissionUid('delivery.read'), subject: null }],
  });
