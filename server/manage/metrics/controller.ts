import { CONTENT_TYPE, textOf } from '../../observe/exposition';
import { healthMetrics } from '../../observe/health-metrics';
import { errors } from '../../strapi/errors';
import type { Context } from '../answers';
import type { Config } from '../../config/index';
import type { Meter } from '../../observe/meter';
import type { Deliveries } from '../deliveries/deliveries.service';

type Parts = { config: Pick<Config, 'metrics'>; deliveries: Deliveries; meter: Meter };

const OFF = 'Metrics are off. A developer can switch them on: metrics.enabled in config/plugins.';

type Answering = Context & { set(name: string, value: string): void };

export default (parts: () => Parts) => ({
  async find(context: Answering) {
    const { config, deliveries, meter } = parts();
    if (!config.metrics.enabled) throw new errors.NotFoundError(OFF);
    const health = await deliveries.report();
    context.set('content-type', CONTENT_TYPE);
    context.body = textOf([...healthMetrics(health), ...meter.metrics()]);
  },
});
