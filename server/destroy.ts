/** What was started is seen to stop. */
import type { Core } from '@strapi/strapi';
import { roomsOf } from './rooms.service';

export default async ({ strapi }: { strapi: Core.Strapi }) => {
  const { dispatcher, pruner, sender } = roomsOf(strapi);
  pruner.stop();
  await dispatcher.stop();
  await sender.close();
};
