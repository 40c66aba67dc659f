/** What the plugin adds to the admin panel: a section in Settings with three pages. */
import type { StrapiApp } from '@strapi/strapi/admin';
import { PLUGIN_ID } from '../server/contract/names';
import { permissionUid, type PermissionName } from '../server/contract/permissions';
import { PATHS } from './paths';
import { registerTrads } from './translations/register';
import { textDescriptor } from './translations/use-text';

const permissions = (...names: PermissionName[]) =>
  names.map((name) => ({ action: permissionUid(name), subject: null }));

const links = [
  {
    id: `${PLUGIN_ID}.webhooks`,
    intlLabel: textDescriptor('webhooks.title'),
    to: PATHS.webhooks,
    permissions: permissions('webhook.read'),
    Component: () => import('./pages/webhooks'),
  },
  {
    id: `${PLUGIN_ID}.authorizations`,
    intlLabel: textDescriptor('authorizations.title'),
    to: PATHS.authorizations,
    permissions: permissions('authorization.read'),
    Component: () => import('./pages/authorizations'),
  },
  {
    id: `${PLUGIN_ID}.deliveries`,
    intlLabel: textDescriptor('deliveries.title'),
    to: PATHS.deliveries,
    permissions: permissions('delivery.read'),
    Component: () => import('./pages/deliveries'),
  },
];

export default {
  register(app: StrapiApp) {
    app.addSettingsLink({ id: PLUGIN_ID, intlLabel: textDescriptor('plugin.name') }, links);
    app.registerPlugin({ id: PLUGIN_ID, name: PLUGIN_ID });
  },
  registerTrads,
};
