import type { Core } from '@strapi/strapi';
import { deliveryQuerySchema, resendManySchema } from '../contract/delivery';
import { pagingSchema } from '../contract/paging';
import { parse } from '../errors';
import { roomsOf } from '../rooms.service';
import { idOf, one, type Context } from './answers';

export default ({ strapi }: { strapi: Core.Strapi }) => {
  const deliveries = () => roomsOf(strapi).deliveries;
  return {
    async find(context: Context) {
      const { query } = context;
      context.body = await deliveries().list(
        parse(deliveryQuerySchema, query),
        parse(pagingSchema, query),
      );
    },
    async findOne(context: Context) {
      one(context, await deliveries().find(idOf(context)));
    },
    async resend(context: Context) {
      one(context, await deliveries().resend(idOf(context)));
    },
    async resendMany(context: Context) {
      one(context, await deliveries().resendMany(parse(resendManySchema, context.request.body)));
    },
    async health(context: Context) {
      one(context, await deliveries().report());
    },
  };
};
