/** Before the database opens: the tables that are no content, and the gate, outside of all that comes later. */
import type { Core } from '@strapi/strapi';
import { addModels } from './store/tables.service';
import { keepOwnTypes } from './strapi/permissions/own-types.service';
import { pullRoute } from './replication/connections.service';
import { roomsOf } from './wiring.service';
import { contentManagerRoutes } from './strapi/content-manager-routes.service';
import { isDoor } from './workflow/gate/doors.service';

type DocumentMiddleware = Parameters<Core.Strapi['documents']['use']>[0];

/** First in, outermost: what it refuses, no other middleware and no transaction has begun. */
const standGate = (strapi: Core.Strapi) => {
  const gate = (context: never, next: never) => roomsOf(strapi).gate(context, next);
  strapi.documents.use(gate as unknown as DocumentMiddleware);
};

/** The content manager's buttons and its list, before it does anything itself. */
const standAtDoors = (strapi: Core.Strapi) => {
  for (const { handler, config } of contentManagerRoutes(strapi)) {
    if (!isDoor(handler)) continue;
    const middleware = (context: never, next: never) =>
      roomsOf(strapi).atDoor(handler)(context, next);
    config.middlewares = [...(config.middlewares ?? []), middleware];
  }
};

/** Where another Strapi comes in that pulls from this one. */
const standAtPulls = (strapi: Core.Strapi) => {
  const route = pullRoute(strapi);
  if (!route)
    return strapi.log.warn(
      'workflow-webhooks: this version of Strapi has no route transfer.runner-pull: a pull whose other side is gone is not told to be over.',
    );
  const middleware = (context: never, next: never) =>
    roomsOf(strapi).replication.atPull(context, next);
  route.config.middlewares = [...(route.config.middlewares ?? []), middleware];
};

export default ({ strapi }: { strapi: Core.Strapi }) => {
  addModels(strapi);
  keepOwnTypes(strapi, contentManagerRoutes(strapi));
  standGate(strapi);
  standAtDoors(strapi);
  standAtPulls(strapi);
};
