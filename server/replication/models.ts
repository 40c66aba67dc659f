/** The runs of replications. A plain database model, as the outbox's are: what ran here is no content, and no transfer takes it away. */
import { PLUGIN_ID } from '../contract/names';

const RUNS = 'workflow_webhooks_replication_runs';

// Functions, because Strapi writes the column name into the very attribute object that it is given.
const id = () => ({ type: 'increments' });
const string = () => ({ type: 'string' });
const text = () => ({ type: 'text' });
const moment = () => ({ type: 'biginteger' });
const flag = () => ({ type: 'boolean', column: { defaultTo: false } });

const runModel = {
  uid: `plugin::${PLUGIN_ID}.replication-run`,
  tableName: RUNS,
  singularName: 'replication-run',
  attributes: {
    id: id(),
    runId: string(),
    name: text(),
    kind: string(),
    trigger: string(),
    source: text(),
    destination: text(),
    actor: text(),
    state: string(),
    startedAt: moment(),
    finishedAt: moment(),
    /** Until when whoever does it is taken to be alive. */
    leaseUntil: moment(),
    /** The machine and the process that does it. */
    host: string(),
    pid: { type: 'integer' },
    counts: text(),
    error: text(),
    /** Whether its start is among the stored events already. */
    isTold: flag(),
  },
  indexes: [
    { name: `${RUNS}_run_id`, columns: ['run_id'], type: 'unique' },
    { name: `${RUNS}_state`, columns: ['state', 'lease_until'] },
  ],
};

export const REPLICATION_MODELS = [runModel];
