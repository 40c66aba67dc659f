import audit from './audit';
import authorizations from './authorizations';
import deliveries from './deliveries';
import documents from './documents';
import events from './events';
import metrics from './metrics';
import publicKeys from './public-keys';
import replications from './replications';
import schedules from './schedules';
import statistics from './statistics';
import webhooks from './webhooks';
import workflows from './workflows';

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
