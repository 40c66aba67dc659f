import type { Core } from '@strapi/strapi';
import { pagingSchema, webhookQuerySchema } from '../contract/paging';
import { previewSchema, sampleSchema, webhookInputSchema } from '../contract/webhook';
import { parse } from '../errors';
import { roomsOf } from '../rooms.service';
import { created, idOf, one, readableBy, type Context } from './answers';

export default ({ strapi }: { strapi: Core.Strapi }) => {
  const rooms = () => roomsOf(strapi);
  return {
    async find(context: Context) {
      const { query } = context;
      context.body = await rooms().webhooks.list(
        parse(webhookQuerySchema, query),
        parse(pagingSchema, query),
      );
    },
    async findOne(context: Context) {
      one(context, await rooms().webhooks.find(idOf(context)));
    },
    async create(context: Context) {
      created(
        context,
        await rooms().webhooks.create(parse(webhookInputSchema, context.request.body)),
      );
    },
    async update(context: Context) {
      one(
        context,
        await rooms().webhooks.update(
          idOf(context),
          parse(webhookInputSchema, context.request.body),
        ),
      );
    },
    async delete(context: Context) {
      one(context, await rooms().webhooks.remove(idOf(context)));
    },
    async test(context: Context) {
      const sample = parse(sampleSchema, context.request.body);
      one(context, await rooms().trial(idOf(context), sample, { mayRead: readableBy(context) }));
    },
    async rotate(context: Context) {
      one(context, await rooms().webhooks.rotate(idOf(context)));
    },
    async preview(context: Context) {
      const wishes = parse(previewSchema, context.request.body);
      one(context, await rooms().preview.preview(wishes, readableBy(context)));
    },
  };
};
