/** One row a webhook: kept apart from its configuration, so that no attempt ever writes over what an administrator edits. */
import { PLUGIN_ID } from '../contract/names';

export const HEALTH_TABLE = 'workflow_webhooks_health';

// A function, because Strapi writes the column name into the very attribute object that it is given.
const moment = () => ({ type: 'biginteger' });

export const healthModel = {
  uid: `plugin::${PLUGIN_ID}.health-row`,
  tableName: HEALTH_TABLE,
  singularName: 'health-row',
  attributes: {
    id: { type: 'increments' },
    webhookId: { type: 'string' },
    state: { type: 'string' },
    consecutiveFailures: { type: 'integer', column: { defaultTo: 0 } },
    failingSince: moment(),
    lastSuccessAt: moment(),
    disabledReason: { type: 'text' },
    disabledAt: moment(),
    parkedUntil: moment(),
    /** From when on the next request of a rate-limited webhook may leave: those before it are taken. */
    nextSlotAt: moment(),
  },
  indexes: [{ name: `${HEALTH_TABLE}_webhook_id`, columns: ['webhook_id'], type: 'unique' }],
};
