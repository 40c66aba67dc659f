import authorizations from './authorizations';
import deliveries from './deliveries';
import events from './events';
import webhooks from './webhooks';

export default { authorizations, deliveries, events, webhooks };
