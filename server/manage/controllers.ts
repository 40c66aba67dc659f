/** The controllers under the names that `routes.ts` calls them by, and those of the small resources. */
import type { Core } from '@strapi/strapi';
import type { Config } from '../config/index';
import { AUDIT_SUBJECTS, auditQuerySchema, type AuditQuery, pagingSchema } from '../contract/api';
import { EVENT_CATALOGUE } from '../contract/catalogue';
import type { ContentTypeChoices } from '../contract/content-type';
import { statisticsQuerySchema } from '../contract/delivery';
import { CONTENT_TYPE, healthMetrics, textOf, type Meter } from '../observe/metrics';
import type { StatisticsOf } from '../observe/statistics.service';
import { exampleOf } from '../send/sample-event';
import type { Audit } from '../store/audit.service';
import { missing, parse } from '../strapi/errors';
import type { Schemas } from '../strapi/model/schema.service';
import { checkMayChoose, idOf, one, type Context } from './answers';
import authorizations from './authorizations/controller';
import deliveries from './deliveries/controller';
import type { Deliveries } from './deliveries/deliveries.service';
import documents from './documents/controller';
import replications from './replications/controller';
import schedules from './schedules/controller';
import webhooks from './webhooks/controller';
import type { Webhooks } from './webhooks/webhooks.service';
import workflows from './workflows/controller';

const CONTROLLERS = {
  audit,
  authorizations,
  deliveries,
  documents,
  events,
  metrics,
  publicKeys,
  replications,
  schedules,
  statistics,
  webhooks,
  workflows,
};

type Name = keyof typeof CONTROLLERS;
type PartsOf<N extends Name> = ReturnType<Parameters<(typeof CONTROLLERS)[N]>[0]>;
type Everything = { [N in Name]: (parts: PartsOf<N>) => void }[Name] extends (
  parts: infer P,
) => void
  ? P
  : never;

/** Strapi makes controllers before the database is connected, so each asks for its parts when it is called. */
export const createControllers = (partsOf: (strapi: Core.Strapi) => Everything) =>
  Object.fromEntries(
    Object.entries(CONTROLLERS).map(([name, controller]) => [
      name,
      ({ strapi }: { strapi: Core.Strapi }) =>
        (controller as (parts: () => Everything) => object)(() => partsOf(strapi)),
    ]),
  );

function audit(parts: () => { audit: Audit }) {
  const list = async (context: Context, query: AuditQuery) => {
    context.body = await parts().audit.list(query, parse(pagingSchema, context.query));
  };
  // The changes of one resource, also of a deleted one: its entries stay.
  const bySubject = AUDIT_SUBJECTS.map((subject) => [
    subject,
    (context: Context) => list(context, { subject, id: idOf(context) }),
  ]);
  return {
    find: (context: Context) => list(context, parse(auditQuerySchema, context.query)),
    ...Object.fromEntries(bySubject),
  };
}

function events(parts: () => { schemas: Schemas; config: Pick<Config, 'screens'> }) {
  return {
    find(context: Context) {
      const catalogue = EVENT_CATALOGUE.map(({ name, section, description }) => ({
        name,
        group: section,
        description,
        example: exampleOf(name),
      }));
      one(context, catalogue);
    },
    async contentTypes(context: Context) {
      checkMayChoose(context);
      const { schemas, config } = parts();
      const choices: ContentTypeChoices = {
        ...(await schemas.all()),
        screens: config.screens.contentTypes,
      };
      one(context, choices);
    },
  };
}

function metrics(
  parts: () => { config: Pick<Config, 'metrics'>; deliveries: Deliveries; meter: Meter },
) {
  return {
    async find(context: Context) {
      const { config, deliveries, meter } = parts();
      if (!config.metrics.enabled) throw missing('metrics-off');
      const health = await deliveries.report();
      context.set('content-type', CONTENT_TYPE);
      context.body = textOf([...healthMetrics(health), ...meter.metrics()]);
    },
  };
}

function publicKeys(parts: () => { webhooks: Webhooks }) {
  return {
    async find(context: Context) {
      const keys = await parts().webhooks.publicKeys(idOf(context, 'webhook'));
      if (keys.length === 0) throw missing('public-keys-none');
      one(context, keys);
    },
  };
}

function statistics(parts: () => { statistics: StatisticsOf }) {
  return {
    async find(context: Context) {
      one(context, await parts().statistics(parse(statisticsQuerySchema, context.query)));
    },
  };
}
