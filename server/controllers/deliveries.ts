import { Readable } from 'node:stream';
import type { Core } from '@strapi/strapi';
import {
  deliveryQuerySchema,
  exportQuerySchema,
  manySchema,
  type DeliveryDetail,
} from '../contract/delivery';
import { pagingSchema } from '../contract/paging';
import { parse } from '../errors';
import { roomsOf } from '../rooms.service';
import { idOf, one, requesterOf, type Context } from './answers';

type StreamContext = Context & {
  res: { destroy(): void };
  set(name: string, value: string): void;
};

export default ({ strapi }: { strapi: Core.Strapi }) => {
  const deliveries = () => roomsOf(strapi).deliveries;
  const concealFor = (context: Context) => (details: readonly DeliveryDetail[]) =>
    roomsOf(strapi).conceal(details, requesterOf(context));
  const shown = async (context: Context, detail: DeliveryDetail) =>
    one(context, (await concealFor(context)([detail]))[0]);
  return {
    async find(context: Context) {
      const { query } = context;
      context.body = await deliveries().list(
        parse(deliveryQuerySchema, query),
        parse(pagingSchema, query),
      );
    },
    async findOne(context: Context) {
      await shown(context, await deliveries().find(idOf(context)));
    },
    async resend(context: Context) {
      await shown(context, await deliveries().resend(idOf(context)));
    },
    async resendMany(context: Context) {
      one(context, await deliveries().resendMany(parse(manySchema, context.request.body)));
    },
    async cancelMany(context: Context) {
      one(context, await deliveries().cancelMany(parse(manySchema, context.request.body)));
    },
    async export(context: StreamContext) {
      const { format, ...query } = parse(exportQuerySchema, context.query);
      const { type, lines } = deliveries().exported(query, format, concealFor(context));
      const stream = Readable.from(lines, { objectMode: false, highWaterMark: 64 * 1024 });
      // Koa would leave a download that fails half way open for ever, and its reader none the wiser.
      stream.once('error', () => context.res.destroy());
      context.set('content-type', type);
      context.set('content-disposition', `attachment; filename="deliveries.${format}"`);
      context.body = stream;
    },
    async health(context: Context) {
      one(context, await deliveries().report());
    },
  };
};
