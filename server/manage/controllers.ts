/** The controllers of the routes, under the names that `routes.ts` calls them by. */
import type { Core } from '@strapi/strapi';
import audit from './audit/controller';
import authorizations from './authorizations/controller';
import deliveries from './deliveries/controller';
import documents from './documents/controller';
import events from './events/controller';
import metrics from './metrics/controller';
import publicKeys from './public-keys/controller';
import replications from './replications/controller';
import schedules from './schedules/controller';
import statistics from './statistics/controller';
import webhooks from './webhooks/controller';
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
