/** Before the database opens: the tables that are no content, and the gate, outside of all that comes later. */
import type { Core } from '@strapi/strapi';
import { grantModel } from './store/grant-model';
import { keepOwnTypes } from './strapi/permissions/own-types.service';
import { snapshotModel } from './store/snapshot-model';
import { healthModel } from './store/health-model';
import { OUTBOX_MODELS } from './store/outbox/models';
import { pullRoute } from './replication/connections.service';
import { REPLICATION_MODELS } from './store/replication-models';
import { roomsOf } from './wiring.service';
import { scheduleModel } from './store/schedule-model';
import { contentManagerRoutes } from './strapi/content-manager-routes.service';
import { isContentManagerAction } from './workflow/gate/content-manager-actions.service';

type Models = { add(model: unknown): void };

type DocumentMiddleware = Parameters<Core.Strapi['documents']['use']>[0];

/** First in, outermost: what it refuses, no other middleware and no transaction has begun. */
const standGate = (strapi: Core.Strapi) => {
  const gate = (context: never, next: never) => roomsOf(strapi).gate(context, next);
  strapi.documents.use(gate as unknown as DocumentMiddleware);
};

/** The content manager's actions and its list, before it does anything itself. */
const addContentManagerMiddlewares = (strapi: Core.Strapi) => {
  for (const { handler, config } of contentManagerRoutes(strapi)) {
    if (!isContentManagerAction(handler)) continue;
    const middleware = (context: never, next: never) =>
      roomsOf(strapi).contentManagerAction(handler)(context, next);
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
  const models = strapi.get('models') as Models;
  for (const model of [
    ...OUTBOX_MODELS,
    grantModel,
    healthModel,
    scheduleModel,
    snapshotModel,
    ...REPLICATION_MODELS,
  ])
    models.add(model);
  keepOwnTypes(strapi, contentManagerRoutes(strapi));
  standGate(strapi);
  addContentManagerMiddlewares(strapi);
  standAtPulls(strapi);
};
