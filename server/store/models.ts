/**
 * The plugin's own tables. They are plain database models, not content types: nothing in them is content, they raise no
 * events of their own, and no data transfer copies them, so no other environment sends, schedules or replicates what is
 * ours.
 */
import { PLUGIN_ID } from '../contract/names';

const PREFIX = 'workflow_webhooks';

export const TABLES = {
  events: `${PREFIX}_events`,
  eventParts: `${PREFIX}_event_parts`,
  deliveries: `${PREFIX}_deliveries`,
  attempts: `${PREFIX}_attempts`,
  health: `${PREFIX}_health`,
  changes: `${PREFIX}_changes`,
} as const;

export const GRANT_NAME = 'grant';
export const SNAPSHOT_NAME = 'model-snapshot';
export const SCHEDULE_UID = `plugin::${PLUGIN_ID}.schedule-row`;
export const JOB_UID = `plugin::${PLUGIN_ID}.replication`;

type Index = { name: string; columns: string[]; type?: 'unique' };
type Parts = { attributes: Record<string, object>; indexes: Index[] };

function model(name: string, tableName: string, { attributes, indexes }: Parts) {
  return {
    uid: `plugin::${PLUGIN_ID}.${name}`,
    tableName,
    singularName: name,
    attributes: { id: { type: 'increments' }, ...attributes },
    indexes: indexes.map((one) => ({ ...one, name: `${tableName}_${one.name}` })),
  };
}

const index = (name: string, columns: string[]): Index => ({ name, columns });
const unique = (name: string, columns: string[]): Index => ({ name, columns, type: 'unique' });

// Functions, because Strapi writes the name of the column into the attribute object that it is given.
const string = () => ({ type: 'string' });
const text = () => ({ type: 'text' });
const integer = () => ({ type: 'integer' });
const count = () => ({ type: 'integer', column: { defaultTo: 0 } });
const flag = () => ({ type: 'boolean', column: { defaultTo: false } });
/** Milliseconds since 1970. Every database stores and compares `bigint` alike. */
const moment = () => ({ type: 'biginteger' });

/** `body` is null if the attempt before sent the same, or if it does not fit: then `request` has its size. */
const attemptModel = model('attempt-row', TABLES.attempts, {
  attributes: {
    deliveryId: integer(),
    at: moment(),
    durationMs: count(),
    outcome: string(),
    trigger: string(),
    request: text(),
    body: text(),
    response: text(),
    error: text(),
  },
  indexes: [index('delivery_id', ['delivery_id'])],
});

/**
 * `due_at` is when a dispatcher may take the delivery: the time of the next attempt or, while it is sent, the end of the
 * lease. So one index finds what is due and what a dead process left behind. For a finished delivery it is when that
 * was: the log keeps the delivery from then on.
 */
const deliveryModel = model('delivery-row', TABLES.deliveries, {
  attributes: {
    eventId: string(),
    event: string(),
    webhookId: string(),
    webhookName: string(),
    format: string(),
    serialization: string(),
    state: string(),
    reason: text(),
    attemptCount: count(),
    dueAt: moment(),
    claimId: string(),
    trigger: string(),
    isTest: flag(),
    createdAt: moment(),
    deliveredAt: moment(),
    uid: string(),
    documentId: string(),
    locale: string(),
    /** For a call to a validation endpoint: what its answer meant. */
    verdict: string(),
  },
  indexes: [
    // The state first, so that a look reads nothing of the finished deliveries of any webhook. It was called `due` when the
    // webhook was first: Strapi does not notice a new order of the columns.
    index('waiting', ['state', 'webhook_id', 'due_at']),
    index('created_at', ['created_at']),
    index('event_id', ['event_id']),
    // Finds the earlier deliveries of a document without reading any of its others.
    index('document', ['document_id', 'webhook_id', 'state', 'id']),
  ],
});

/**
 * `payload` is the whole event as text: `jsonb` would reorder the keys of what is signed. For a payload that does not fit
 * into one statement it is `parts:` and their number; the parts are in a table of their own.
 */
const eventModel = model('event-row', TABLES.events, {
  attributes: { eventId: string(), payload: text(), createdAt: moment() },
  indexes: [unique('event_id', ['event_id']), index('created_at', ['created_at'])],
});

const eventPartModel = model('event-part-row', TABLES.eventParts, {
  attributes: { eventId: string(), position: count(), text: text() },
  indexes: [index('event_id', ['event_id', 'position'])],
});

/** Permissions that were given to default roles, so that each is given once. */
const grantModel = model(GRANT_NAME, `${PREFIX}_grants`, {
  attributes: { name: string() },
  indexes: [unique('name', ['name'])],
});

/** Apart from a webhook's settings, so that no attempt ever overwrites what an administrator edits. */
const healthModel = model('health-row', TABLES.health, {
  attributes: {
    webhookId: string(),
    state: string(),
    consecutiveFailures: count(),
    failingSince: moment(),
    lastSuccessAt: moment(),
    disabledReason: text(),
    disabledAt: moment(),
    parkedUntil: moment(),
    /** When the next request of a rate-limited webhook may leave: all slots before that are taken. */
    nextSlotAt: moment(),
  },
  indexes: [
    unique('webhook_id', ['webhook_id']),
    index('state', ['state']),
    index('parked_until', ['parked_until']),
  ],
});

/** The version of the configuration: see store/changes. */
const changeModel = model('change-row', TABLES.changes, {
  attributes: { at: moment() },
  indexes: [],
});

/**
 * `due_at` is when an instance may take the next step: its time or, while it is taken, the end of the lease. `open_key` is
 * unique: two editors cannot schedule one document and locale at the same moment.
 */
const scheduleModel = model('schedule-row', `${PREFIX}_schedules`, {
  attributes: {
    scheduleId: string(),
    uid: string(),
    documentId: string(),
    locale: string(),
    publishAt: moment(),
    archiveAt: moment(),
    timezone: string(),
    state: string(),
    error: text(),
    isPublished: flag(),
    dueAt: moment(),
    claimId: string(),
    openKey: string(),
    actor: text(),
    createdAt: moment(),
    /** When an editor last chose the times: a step that is taken leaves it as it is. */
    updatedAt: moment(),
    /** Who chose them: see store/settings. */
    lastChange: text(),
    tries: integer(),
  },
  indexes: [
    unique('schedule_id', ['schedule_id']),
    unique('open_key', ['open_key']),
    index('due', ['state', 'due_at']),
  ],
});

/** The content model as its last event described it: a row for each `version` of the snapshot's shape. */
const snapshotModel = model(SNAPSHOT_NAME, `${PREFIX}_model_snapshots`, {
  attributes: { version: string(), fingerprint: string(), snapshot: text() },
  indexes: [unique('version', ['version'])],
});

/** A replication that copied its own job to its destination would go on from there, to the same place. */
const jobModel = model('replication', `${PREFIX}_replications`, {
  attributes: {
    jobId: string(),
    name: string(),
    destination: text(),
    /** Encrypted. */
    token: text(),
    /** Lists, as JSON. */
    only: text(),
    exclude: text(),
    cron: string(),
    /** When an instance may start the job by itself; null without a cron expression. */
    nextDueAt: moment(),
    /** The run under way: there is one at most. */
    activeRun: string(),
    lastRun: string(),
    createdAt: moment(),
    /** When the settings changed last: a run leaves it. Strapi's own `update()` would set a Date, which does not fit. */
    updatedAt: moment(),
    /** Who saved the settings last: see store/settings. */
    lastChange: text(),
  },
  indexes: [unique('job_id', ['job_id']), index('next_due_at', ['next_due_at'])],
});

const runModel = model('replication-run', `${PREFIX}_replication_runs`, {
  attributes: {
    runId: string(),
    /** Null for a run that is none of the plugin's own jobs. */
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
    /** Until when the process that does the run counts as alive. */
    leaseUntil: moment(),
    host: string(),
    pid: integer(),
    stage: string(),
    count: count(),
    counts: text(),
    error: text(),
    /** Somebody asked for its end. */
    isEnding: flag(),
    /** Whether its start is among the stored events already. */
    isTold: flag(),
  },
  indexes: [
    unique('run_id', ['run_id']),
    index('state', ['state', 'lease_until']),
    index('job_id', ['job_id']),
  ],
});

export const MODELS = [
  eventModel,
  eventPartModel,
  deliveryModel,
  attemptModel,
  grantModel,
  healthModel,
  changeModel,
  scheduleModel,
  snapshotModel,
  jobModel,
  runModel,
];
