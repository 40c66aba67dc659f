/** When Strapi has loaded: permissions, the capture, and, once the server listens, the dispatcher. */
import type { Core } from '@strapi/strapi';
import { PERMISSIONS, PLUGIN_ID } from './contract/names';
import { giveDefaultGrants } from './manage/default-grants.service';
import { keepEndUsers } from './manage/webhooks/end-users.service';
import { registerPermissions } from './strapi/admin.service';
import { forgetModels } from './strapi/database.service';
import { useDocumentMiddleware } from './strapi/documents.service';
import { rowGroupOf } from './strapi/model/content-model';
import { partsOf } from './wiring.service';

export default async ({ strapi }: { strapi: Core.Strapi }) => {
  const parts = partsOf(strapi);
  checkScreens(strapi);
  // The tables exist and are migrated: from here on, a data transfer into this app must not empty them.
  forgetModels(strapi, (uid) => uid.startsWith(`plugin::${PLUGIN_ID}.`));
  await registerPermissions(strapi, PERMISSION_ACTIONS);
  giveDefaultGrants(strapi);
  parts.observeChanges();
  parts.fresh.start();
  await parts.clock.align();
  await parts.renewSecrets();
  await keepEndUsers(strapi, parts.schemas);
  // These two run around the capture, so that a step and its change are recorded in one transaction.
  useDocumentMiddleware(strapi, parts.settleSchedule);
  useDocumentMiddleware(strapi, parts.cancelSchedules);
  // The last one is the innermost: it sees the change that is really written, and its transaction spans nothing else.
  useDocumentMiddleware(strapi, parts.captureDocument);
  parts.captureRows();
  parts.guardRows();
  parts.listFilter.subscribe();
  parts.replication.observe();
  startWhenListening(strapi);
};

const PERMISSION_ACTIONS = PERMISSIONS.map(({ name, subject, action }) => ({
  section: 'plugins' as const,
  displayName: action.charAt(0).toUpperCase() + action.slice(1),
  subCategory: subject === 'audit' ? 'audit trail' : `${subject}s`.replace(/ys$/, 'ies'),
  uid: name,
  pluginName: PLUGIN_ID,
}));

/**
 * Commands such as a data transfer boot the app without listening: they store deliveries like any change, but send none.
 */
function startWhenListening(strapi: Core.Strapi): void {
  const { config, worker, scheduleRunner, replication, modelWatch } = partsOf(strapi);
  strapi.server.httpServer.once('listening', () => {
    replication.start();
    modelWatch.start();
    if (!config.engine.dispatch) return worker.open();
    scheduleRunner.start();
    worker
      .start()
      .catch((error: Error) =>
        strapi.log.error(`workflow-webhooks: sending did not start: ${error.stack}`),
      );
  });
}

/** Without this warning, a typing error, or a type whose documents raise no events, would silently make no screen. */
function checkScreens(strapi: Core.Strapi): void {
  const { config, schemas } = partsOf(strapi);
  const unknown = config.screens.contentTypes.filter(
    (uid) => !schemas.watched(uid) || rowGroupOf(uid) !== null,
  );
  if (unknown.length > 0)
    strapi.log.warn(
      `workflow-webhooks: screens.contentTypes names what is no content type of documents here: ${unknown.join(', ')}.`,
    );
}
