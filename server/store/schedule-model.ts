/** The table of schedules. A plain model, as the outbox's: a schedule belongs to its environment, and no data transfer carries it elsewhere. */
import { PLUGIN_ID } from '../contract/names';

const TABLE = 'workflow_webhooks_schedules';
const string = () => ({ type: 'string' });
/** Milliseconds since 1970. */
const moment = () => ({ type: 'biginteger' });

export const SCHEDULE_UID = `plugin::${PLUGIN_ID}.schedule-row`;

/**
 * `due_at` is when an instance may take the next step: its time, or, while it is being taken, the end of the lease.
 * `open_key` is unique: two editors cannot schedule one document and locale at the same moment.
 */
export const scheduleModel = {
  uid: SCHEDULE_UID,
  tableName: TABLE,
  singularName: 'schedule-row',
  attributes: {
    id: { type: 'increments' },
    scheduleId: string(),
    uid: string(),
    documentId: string(),
    locale: string(),
    publishAt: moment(),
    archiveAt: moment(),
    timezone: string(),
    state: string(),
    error: { type: 'text' },
    isPublished: { type: 'boolean', column: { defaultTo: false } },
    dueAt: moment(),
    claimId: string(),
    openKey: string(),
    actor: { type: 'text' },
    createdAt: moment(),
    /** Of the times that an editor chose: a step that is taken leaves it as it is. */
    updatedAt: moment(),
    /** Who chose them last: see storage/last-change. */
    lastChange: { type: 'text' },
    tries: { type: 'integer' },
  },
  indexes: [
    { name: `${TABLE}_schedule_id`, columns: ['schedule_id'], type: 'unique' },
    { name: `${TABLE}_open_key`, columns: ['open_key'], type: 'unique' },
    { name: `${TABLE}_due`, columns: ['state', 'due_at'] },
  ],
};
