/**
 * The controllers, by the names that `routes.ts` calls them. Deliveries, documents and schedules have files of their own,
 * because they check what the requester may read of each document.
 */
import type { Core } from '@strapi/strapi';
import type { Config } from '../config/index';
import {
  AUDIT_SUBJECTS,
  auditQuerySchema,
  type AuditQuery,
  pagingSchema,
  searchQuerySchema,
} from '../contract/api';
import { authorizationCheckSchema, authorizationInputSchema } from '../contract/authorization';
import { EVENT_CATALOGUE } from '../contract/catalogue';
import type { ContentTypeChoices } from '../contract/content-type';
import { statisticsQuerySchema } from '../contract/delivery';
import {
  replicationInputSchema,
  replicationQuerySchema,
  replicationSettingsSchema,
} from '../contract/replication';
import {
  webhookQuerySchema,
  previewSchema,
  sampleSchema,
  unsavedTestSchema,
  webhookInputSchema,
} from '../contract/webhook';
import { workflowDeleteSchema, workflowInputSchema } from '../contract/workflow';
import { CONTENT_TYPE, healthMetrics, textOf, type Meter } from '../observe/metrics';
import type { StatisticsOf } from '../observe/statistics.service';
import { exampleOf } from '../send/sample-event';
import type { Audit } from '../store/audit.service';
import { forbidden, missing, parse } from '../strapi/errors';
import type { Schemas } from '../strapi/model/schema.service';
import type { Reading } from '../strapi/permissions/reading.service';
import type { Flows } from '../workflow/definition/flows.service';
import {
  byId,
  checkMayChoose,
  created,
  has,
  idOf,
  answer,
  resourceActions,
  type Context,
} from './answers';
import type { Authorizations } from './authorizations/authorizations.service';
import type { AuthorizationCheck } from './authorizations/check.service';
import deliveries from './deliveries/controller';
import type { Deliveries } from './deliveries/deliveries.service';
import documents from './documents/controller';
import type { Replications } from './replications/replications.service';
import schedules from './schedules/controller';
import type { WebhookPreview } from './webhooks/preview.service';
import type { WebhookTest } from './webhooks/test.service';
import type { Webhooks } from './webhooks/webhooks.service';
import type { Workflows } from './workflows/workflows.service';

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

function authorizations(
  parts: () => { authorizations: Authorizations; checkAuthorization: AuthorizationCheck },
) {
  const service = () => parts().authorizations;
  return {
    ...resourceActions(service, { query: searchQuerySchema, settings: authorizationInputSchema }),
    async choices(context: Context) {
      answer(context, await service().choices());
    },
    async check(context: Context) {
      const { url } = parse(authorizationCheckSchema, context.request.body);
      answer(context, await parts().checkAuthorization(idOf(context), url));
    },
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
      answer(context, catalogue);
    },
    async contentTypes(context: Context) {
      checkMayChoose(context);
      const { schemas, config } = parts();
      const choices: ContentTypeChoices = {
        ...(await schemas.all()),
        screens: config.screens.contentTypes,
      };
      answer(context, choices);
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
      answer(context, keys);
    },
  };
}

function replications(parts: () => { replications: Replications }) {
  const service = () => parts().replications;
  const schemas = { query: replicationQuerySchema, settings: replicationSettingsSchema };
  return {
    ...resourceActions(service, schemas),
    async create(context: Context) {
      const { run, ...settings } = parse(replicationInputSchema, context.request.body);
      if (run && !has(context, 'replication.run')) throw forbidden('may-not-run-replications');
      const made = await service().create(settings);
      created(context, run ? await service().run(made.id) : made);
    },
    async runs(context: Context) {
      context.body = await service().runs(idOf(context), parse(pagingSchema, context.query));
    },
    run: byId((id) => service().run(id)),
    cancel: byId((id) => service().cancel(id)),
  };
}

function statistics(parts: () => { statistics: StatisticsOf }) {
  return {
    async find(context: Context) {
      answer(context, await parts().statistics(parse(statisticsQuerySchema, context.query)));
    },
  };
}

function webhooks(
  parts: () => {
    preview: WebhookPreview;
    reading: Reading;
    test: WebhookTest;
    webhooks: Webhooks;
  },
) {
  const service = () => parts().webhooks;
  const readingOf = (context: Context) => parts().reading.by(context.state);
  return {
    ...resourceActions(service, { query: webhookQuerySchema, settings: webhookInputSchema }),
    enable: byId((id) => service().setEnabled(id, true)),
    disable: byId((id) => service().setEnabled(id, false)),
    excludeEndUsers: byId((id) => service().excludeEndUsers(id)),
    rotate: byId((id) => service().rotate(id)),
    async test(context: Context) {
      const sample = parse(sampleSchema, context.request.body);
      answer(context, await parts().test.stored(idOf(context), sample, readingOf(context)));
    },
    async testUnsaved(context: Context) {
      const { webhook, id = null, sample } = parse(unsavedTestSchema, context.request.body);
      const toSave = id === null ? 'webhook.create' : 'webhook.update';
      if (!has(context, 'webhook.test') || !has(context, toSave))
        throw forbidden('may-not-test-unsaved');
      const settings = parse(webhookInputSchema, webhook);
      const mayRead = readingOf(context);
      answer(context, await parts().test.unsaved(settings, { id, sample, mayRead }));
    },
    async preview(context: Context) {
      const input = parse(previewSchema, context.request.body);
      const rights = { mayRead: readingOf(context), maySign: has(context, 'webhook.test') };
      answer(context, await parts().preview.preview(input, rights));
    },
  };
}

function workflows(parts: () => { flows: Pick<Flows, 'choices'>; workflows: Workflows }) {
  const service = () => parts().workflows;
  return {
    ...resourceActions(service, { query: searchQuerySchema, settings: workflowInputSchema }),
    async choices(context: Context) {
      checkMayChoose(context);
      answer(context, await parts().flows.choices());
    },
    async delete(context: Context) {
      const choice = parse(workflowDeleteSchema, context.query);
      answer(context, await service().remove(idOf(context), choice));
    },
  };
}
