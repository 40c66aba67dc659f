/**
 * Replication jobs and their runs. Plain database models, as the outbox's are: no transfer takes them away, and a
 * replication that copied itself to its destination would go on from there by itself, to the same place.
 */
import { PLUGIN_ID } from '../contract/names';

const JOBS = 'workflow_webhooks_replications';
const RUNS = 'workflow_webhooks_replication_runs';

export const JOB_UID = `plugin::${PLUGIN_ID}.replication`;
const RUN_UID = `plugin::${PLUGIN_ID}.replication-run`;

// Functions, because Strapi writes the column name into the very attribute object that it is given.
const id = () => ({ type: 'increments' });
const string = () => ({ type: 'string' });
const text = () => ({ type: 'text' });
const moment = () => ({ type: 'biginteger' });
const flag = () => ({ type: 'boolean', column: { defaultTo: false } });

const jobModel = {
  uid: JOB_UID,
  tableName: JOBS,
  singularName: 'replication',
  attributes: {
    id: id(),
    jobId: string(),
    name: string(),
    destination: text(),
    /** Encrypted. */
    token: text(),
    /** Lists, as JSON. */
    only: text(),
    exclude: text(),
    cron: string(),
    /** When an instance may start it by itself; null without a cron expression. */
    nextDueAt: moment(),
    /** The run under way: there is one at most. */
    activeRun: string(),
    lastRun: string(),
    createdAt: moment(),
    /** Of the settings: a run leaves it as it is. Strapi's own `update()` would set a Date, which does not fit. */
    updatedAt: moment(),
    /** Who saved the settings last: see storage/last-change. */
    lastChange: text(),
  },
  indexes: [
    { name: `${JOBS}_job_id`, columns: ['job_id'], type: 'unique' },
    { name: `${JOBS}_next_due_at`, columns: ['next_due_at'] },
  ],
};

const runModel = {
  uid: RUN_UID,
  tableName: RUNS,
  singularName: 'replication-run',
  attributes: {
    id: id(),
    runId: string(),
    /** Null where it is none of the plugin's own jobs. */
    jobId: string(),
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
    stage: string(),
    count: { type: 'integer', column: { defaultTo: 0 } },
    counts: text(),
    error: text(),
    /** Somebody asked for its end. */
    isEnding: flag(),
    /** Whether its start is among the stored events already. */
    isTold: flag(),
  },
  indexes: [
    { name: `${RUNS}_run_id`, columns: ['run_id'], type: 'unique' },
    { name: `${RUNS}_state`, columns: ['state', 'lease_until'] },
    { name: `${RUNS}_job_id`, columns: ['job_id'] },
  ],
};

export const REPLICATION_MODELS = [jobModel, runModel];
