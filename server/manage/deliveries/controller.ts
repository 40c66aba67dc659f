import { Readable } from 'node:stream';
import {
  deliveryQuerySchema,
  exportQuerySchema,
  manySchema,
  type DeliveryDetail,
} from '../../contract/delivery';
import { pagingSchema } from '../../contract/api';
import { parse } from '../../strapi/errors';
import { idOf, answer, type Context } from '../answers';
import type { Deliveries } from './deliveries.service';
import type { ReadableDeliveries } from './readable.service';

type Parts = { deliveries: Deliveries; readableDeliveries: ReadableDeliveries };

type StreamContext = Context & { res: { destroy(): void } };

export default (parts: () => Parts) => {
  const deliveries = () => parts().deliveries;

  /** As far as the requester may read them, each with its document. */
  const shownFor =
    ({ state }: Context) =>
    async (details: readonly DeliveryDetail[]) => {
      const { withoutHidden, withDocuments } = parts().readableDeliveries;
      return withDocuments(await withoutHidden(details, state), state);
    };

  const shown = async (context: Context, detail: DeliveryDetail) =>
    answer(context, (await shownFor(context)([detail]))[0]);

  /** The filters, with the documents whose titles contain the search. */
  const searched = <Filters extends { search?: string }>({ state }: Context, filters: Filters) =>
    parts().readableDeliveries.searched(filters, state);

  const changeMany = async (context: Context, action: 'resend' | 'cancel') => {
    const many = await searched(context, parse(manySchema, context.request.body));
    answer(context, await deliveries().changeMany(many, action));
  };

  return {
    async find(context: Context) {
      const filters = parse(deliveryQuerySchema, context.query);
      const paging = parse(pagingSchema, context.query);
      const page = await deliveries().list(await searched(context, filters), paging);
      const data = await parts().readableDeliveries.withDocuments(page.data, context.state);
      context.body = { ...page, data };
    },
    async findOne(context: Context) {
      await shown(context, await deliveries().find(idOf(context)));
    },
    async resend(context: Context) {
      await shown(context, await deliveries().resend(idOf(context)));
    },
    resendMany: (context: Context) => changeMany(context, 'resend'),
    cancelMany: (context: Context) => changeMany(context, 'cancel'),
    async export(context: StreamContext) {
      const { format, ...filters } = parse(exportQuerySchema, context.query);
      const query = await searched(context, filters);
      const { type, lines } = deliveries().exported(query, format, shownFor(context));
      const stream = Readable.from(lines, { objectMode: false, highWaterMark: 64 * 1024 });
      // Koa would leave a download that fails half way open for ever, and its reader would not notice.
      stream.once('error', () => context.res.destroy());
      context.set('content-type', type);
      context.set('content-disposition', `attachment; filename="deliveries.${format}"`);
      context.body = stream;
    },
    async health(context: Context) {
      answer(context, await deliveries().report());
    },
  };
};
