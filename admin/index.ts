/** What the plugin adds to the admin panel: a page in the menu, a section in Settings, and what the Content Manager gets. */
import type { StrapiApp } from '@strapi/strapi/admin';
import { Calendar } from '@strapi/icons';
import { PLUGIN_ID, permissionUid, type PermissionName } from '../server/contract/names';
import { watchPresses } from './components/after-press';
import { watchFocus } from './components/focus';
import { addToContentManager } from './content-manager/register';
import { PATHS, SCHEDULE_PATH } from './paths';
import { registerTrads } from './translations/register';
import { textDescriptor } from './translations/use-text';
import { registerWidgets } from './widgets/register';

const permissions = (...names: PermissionName[]) =>
  names.map((name) => ({ action: permissionUid(name), subject: null }));

const links = [
  {
    id: `${PLUGIN_ID}.overview`,
    intlLabel: textDescriptor('overview.title'),
    to: PATHS.overview,
    permissions: permissions('delivery.read'),
    Component: () => import('./pages/dashboard'),
  },
  {
    id: `${PLUGIN_ID}.webhooks`,
    intlLabel: textDescriptor('webhooks.title'),
    to: PATHS.webhooks,
    permissions: permissions('webhook.read'),
    Component: () => import('./pages/webhooks'),
  },
  {
    id: `${PLUGIN_ID}.workflows`,
    intlLabel: textDescriptor('workflows.title'),
    to: PATHS.workflows,
    permissions: permissions('workflow.read'),
    Component: () => import('./pages/workflows'),
  },
  {
    id: `${PLUGIN_ID}.authorizations`,
    intlLabel: textDescriptor('authorizations.title'),
    to: PATHS.authorizations,
    permissions: permissions('authorization.read'),
    Component: () => import('./pages/authorizations'),
  },
  {
    id: `${PLUGIN_ID}.replications`,
    intlLabel: textDescriptor('replications.title'),
    to: PATHS.replications,
    permissions: permissions('replication.read'),
    Component: () => import('./pages/replications'),
  },
  {
    id: `${PLUGIN_ID}.deliveries`,
    intlLabel: textDescriptor('deliveries.title'),
    to: PATHS.deliveries,
    permissions: permissions('delivery.read'),
    Component: () => import('./pages/deliveries'),
  },
  {
    id: `${PLUGIN_ID}.changes`,
    intlLabel: textDescriptor('changes.title'),
    to: PATHS.changes,
    permissions: permissions('audit.read'),
    Component: () => import('./pages/changes'),
  },
];

export default {
  register(app: StrapiApp) {
    watchFocus();
    watchPresses();
    app.addSettingsLink({ id: PLUGIN_ID, intlLabel: textDescriptor('plugin.name') }, links);
    app.addMenuLink({
      to: SCHEDULE_PATH,
      icon: Calendar,
      intlLabel: textDescriptor('schedule.title'),
      permissions: permissions('schedule.read'),
      Component: () => import('./pages/schedule'),
    });
    registerWidgets(app);
    app.registerPlugin({ id: PLUGIN_ID, name: PLUGIN_ID });
  },
  bootstrap: addToContentManager,
  registerTrads,
};
