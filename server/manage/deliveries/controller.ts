import { Readable } from 'node:stream';
import {
  deliveryQuerySchema,
  exportQuerySchema,
  manySchema,
  type DeliveryDetail,
} from '../../contract/delivery';
import { pagingSchema } from '../../contract/api';
import { parse } from '../../strapi/errors';
import { idOf, one, requesterOf, type Context } from '../answers';
import type { Conceal } from './concealing.service';
import type { Deliveries } from './deliveries.service';
import type { DocumentsOf } from './documents.service';
import type { Searched } from './searching.service';

type Parts = {
  deliveries: Deliveries;
  conceal: Conceal;
  documentsOf: DocumentsOf;
  searched: Searched;
};

type StreamContext = Context & {
  res: { destroy(): void };
  set(name: string, value: string): void;
};

export default (parts: () => Parts) => {
  const deliveries = () => parts().deliveries;
  /** As far as the requester may read them, each with its document. */
  const shownFor = (context: Context) => async (details: readonly DeliveryDetail[]) => {
    const concealed = await parts().conceal(details, requesterOf(context));
    return parts().documentsOf(concealed, requesterOf(context));
  };
  const shown = async (context: Context, detail: DeliveryDetail) =>
    one(context, (await shownFor(context)([detail]))[0]);
  /** Filters that a search by title was added to: as far as the requester may read titles. */
  const searched = <Filters extends { search?: string }>(context: Context, filters: Filters) =>
    parts().searched(filters, requesterOf(context));
  return {
    async find(context: Context) {
      const filters = parse(deliveryQuerySchema, context.query);
      const paging = parse(pagingSchema, context.query);
      const page = await deliveries().list(await searched(context, filters), paging);
      const data = await parts().documentsOf(page.data, requesterOf(context));
      context.body = { ...page, data };
    },
    async findOne(context: Context) {
      await shown(context, await deliveries().find(idOf(context)));
    },
    async resend(context: Context) {
      await shown(context, await deliveries().resend(idOf(context)));
    },
    async resendMany(context: Context) {
      const wish = await searched(context, parse(manySchema, context.request.body));
      one(context, await deliveries().resendMany(wish));
    },
    async cancelMany(context: Context) {
      const wish = await searched(context, parse(manySchema, context.request.body));
      one(context, await deliveries().cancelMany(wish));
    },
    async export(context: StreamContext) {
      const { format, ...filters } = parse(exportQuerySchema, context.query);
      const query = await searched(context, filters);
      const { type, lines } = deliveries().exported(query, format, shownFor(context));
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
