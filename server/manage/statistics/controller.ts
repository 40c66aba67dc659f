import type { Core } from '@strapi/strapi';
import { statisticsQuerySchema } from '../../contract/statistics';
import { parse } from '../../strapi/errors';
import { roomsOf } from '../../wiring.service';
import { one, type Context } from '../answers';

export default ({ strapi }: { strapi: Core.Strapi }) => ({
  async find(context: Context) {
    const query = parse(statisticsQuerySchema, context.query);
    one(context, await roomsOf(strapi).statistics(query));
  },
});
