/** Before the database opens: the tables that are no content. */
import type { Core } from '@strapi/strapi';
import { healthModel } from './delivery/health-model';
import { OUTBOX_MODELS } from './outbox/models';

type Models = { add(model: unknown): void };

export default ({ strapi }: { strapi: Core.Strapi }) => {
  const models = strapi.get('models') as Models;
  for (const model of [...OUTBOX_MODELS, healthModel]) models.add(model);
};
