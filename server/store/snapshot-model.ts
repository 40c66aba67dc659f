/** The table of the content model as it was last told. A plain model, as the outbox's: no transfer brings another environment's. */
import { PLUGIN_ID } from '../contract/names';

const TABLE = 'workflow_webhooks_model_snapshots';
const string = () => ({ type: 'string' });

export const SNAPSHOT_NAME = 'model-snapshot';

/** One row a `version` of the shape: what an older shape lacked has not changed. */
export const snapshotModel = {
  uid: `plugin::${PLUGIN_ID}.${SNAPSHOT_NAME}`,
  tableName: TABLE,
  singularName: SNAPSHOT_NAME,
  attributes: {
    id: { type: 'increments' },
    version: string(),
    fingerprint: string(),
    snapshot: { type: 'text' },
  },
  indexes: [{ name: `${TABLE}_version`, columns: ['version'], type: 'unique' }],
};
