/** Stops all that the plugin started. */
import type { Core } from '@strapi/strapi';
import { partsOf } from './wiring.service';

export default async ({ strapi }: { strapi: Core.Strapi }) => {
  const { fresh, worker, sending, scheduleRunner, replication, modelWatch } = partsOf(strapi);
  await modelWatch.stop();
  await replication.stop();
  await scheduleRunner.stop();
  await worker.stop();
  await sending.close();
  fresh.stop();
};
