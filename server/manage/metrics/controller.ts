import type { Core } from '@strapi/strapi';
import { CONTENT_TYPE, textOf } from '../../observe/exposition';
import { healthMetrics } from '../../observe/health-metrics';
import { roomsOf } from '../../wiring.service';
import { errors } from '../../strapi/error-classes';
import type { Context } from '../answers';

const OFF = 'Metrics are off. A developer can switch them on: metrics.enabled in config/plugins.';

type Answering = Context & { set(name: string, value: string): void };

export default ({ strapi }: { strapi: Core.Strapi }) => ({
  async find(context: Answering) {
    const { config, deliveries, meter } = roomsOf(strapi);
    if (!config.metrics.enabled) throw new errors.NotFoundError(OFF);
    const health = await deliveries.report();
    context.set('content-type', CONTENT_TYPE);
    context.body = textOf([...healthMetrics(health), ...meter.metrics()]);
  },
});
