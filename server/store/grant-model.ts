/**
 * The table of what was given to roles. A plain model, as the outbox's: a transfer of another environment's data does not
 * change it, as it does not change roles.
 */
import { PLUGIN_ID } from '../contract/names';

const TABLE = 'workflow_webhooks_grants';

export const GRANT_NAME = 'grant';

export const grantModel = {
  uid: `plugin::${PLUGIN_ID}.${GRANT_NAME}`,
  tableName: TABLE,
  singularName: GRANT_NAME,
  attributes: { id: { type: 'increments' }, name: { type: 'string' } },
  indexes: [{ name: `${TABLE}_name`, columns: ['name'], type: 'unique' }],
};
