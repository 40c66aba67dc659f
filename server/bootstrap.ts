/** When all of Strapi is there: permissions, the capture, and, once the server listens, the dispatcher. */
import type { Core } from '@strapi/strapi';
import { giveDefaultGrants } from './manage/default-grants.service';
import { PLUGIN_ID, PERMISSIONS } from './contract/names';
import { roomsOf } from './wiring.service';
import { rowGroupOf } from './strapi/model/content-model';
import { keepFromRestore } from './store/restoring.service';

const registerPermissions = (strapi: Core.Strapi) =>
  strapi.service('admin::permission').actionProvider.registerMany(
    PERMISSIONS.map(({ name, subject, action }) => ({
      section: 'plugins',
      displayName: action.charAt(0).toUpperCase() + action.slice(1),
      subCategory: subject === 'audit' ? 'audit trail' : `${subject}s`.replace(/ys$/, 'ies'),
      uid: name,
      pluginName: PLUGIN_ID,
    })),
  );

/**
 * Commands such as a data transfer boot the app without listening: they store deliveries like any change,
 * but send none.
 */
const workOnceListening = (strapi: Core.Strapi) => {
  const { config, worker, scheduleRunner, replication, modelWatch } = roomsOf(strapi);
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
};

/** A slip of the pen, or a type whose documents are not told of, would else make silently no screen. */
const checkScreens = (strapi: Core.Strapi) => {
  const { config, schemas } = roomsOf(strapi);
  const unknown = config.screens.contentTypes.filter(
    (uid) => !schemas.watched(uid) || rowGroupOf(uid) !== null,
  );
  if (unknown.length > 0)
    strapi.log.warn(
      `workflow-webhooks: screens.contentTypes names what is no content type of documents here: ${unknown.join(', ')}.`,
    );
};

export default async ({ strapi }: { strapi: Core.Strapi }) => {
  const rooms = roomsOf(strapi);
  checkScreens(strapi);
  keepFromRestore(strapi);
  await registerPermissions(strapi);
  giveDefaultGrants(strapi);
  await rooms.clock.align();
  await rooms.renewSecrets();
  await rooms.keepEndUsers();
  type Middleware = Parameters<typeof strapi.documents.use>[0];
  // Around the capture, so that the step and what it changed are told in one transaction.
  strapi.documents.use(rooms.settleSchedule as unknown as Middleware);
  strapi.documents.use(rooms.withdrawSchedules as unknown as Middleware);
  // Last in, innermost: it sees what is really written, and opens its transaction around nothing but that.
  strapi.documents.use(rooms.captureDocument as unknown as Middleware);
  rooms.captureRows();
  rooms.guardRows();
  rooms.listFilter.subscribe();
  rooms.replication.observe();
  workOnceListening(strapi);
};
