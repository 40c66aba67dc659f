/** Before the database opens: the plugin's plain tables, and the gate, outside of all middlewares that come later. */
import type { Core } from '@strapi/strapi';
import { MODELS } from './store/models';
import { addModels } from './strapi/database.service';
import { useDocumentMiddleware } from './strapi/documents.service';
import { keepOwnTypes } from './strapi/permissions/own-types.service';
import { adminRoute, contentManagerRoutes, useRouteMiddleware } from './strapi/requests.service';
import { partsOf } from './wiring.service';
import { isContentManagerAction } from './workflow/gate/content-manager-actions.service';

export default ({ strapi }: { strapi: Core.Strapi }) => {
  addModels(strapi, MODELS);
  keepOwnTypes(strapi, contentManagerRoutes(strapi));
  // The first one is the outermost: it refuses before any other middleware or transaction has begun.
  useDocumentMiddleware(strapi, (call, next) => partsOf(strapi).gate(call, next));
  guardContentManager(strapi);
  watchPulls(strapi);
};

/** The content manager's actions and its list, before the content manager does anything itself. */
function guardContentManager(strapi: Core.Strapi): void {
  for (const route of contentManagerRoutes(strapi)) {
    const { handler } = route;
    if (isContentManagerAction(handler))
      useRouteMiddleware(route, {
        middleware: () => partsOf(strapi).contentManagerAction(handler),
      });
  }
}

/** The route by which another Strapi pulls from this one. */
function watchPulls(strapi: Core.Strapi): void {
  const route = adminRoute(strapi, 'transfer.runner-pull');
  if (route) useRouteMiddleware(route, { middleware: () => partsOf(strapi).replication.atPull });
  else
    strapi.log.warn(
      'workflow-webhooks: this version of Strapi has no route transfer.runner-pull: a pull whose other side is gone is not told to be over.',
    );
}
