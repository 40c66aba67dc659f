import { statisticsQuerySchema } from '../../contract/delivery';
import { parse } from '../../strapi/errors';
import { one, type Context } from '../answers';
import type { StatisticsOf } from '../../observe/statistics/statistics.service';

type Parts = { statistics: StatisticsOf };

export default (parts: () => Parts) => ({
  async find(context: Context) {
    const query = parse(statisticsQuerySchema, context.query);
    one(context, await parts().statistics(query));
  },
});
