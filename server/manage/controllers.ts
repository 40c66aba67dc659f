import audit from './audit/controller';
import authorizations from './authorizations/controller';
import deliveries from './deliveries/controller';
import documents from './documents/controller';
import events from './events/controller';
import metrics from './metrics/controller';
import publicKeys from './public-keys/controller';
import replications from './replications/controller';
import schedules from './schedules/controller';
import statistics from './statistics/controller';
import webhooks from './webhooks/controller';
import workflows from './workflows/controller';

export default {
  audit,
  authorizations,
  deliveries,
  documents,
  events,
  metrics,
  publicKeys,
  replications,
  schedules,
  statistics,
  webhooks,
  workflows,
};
