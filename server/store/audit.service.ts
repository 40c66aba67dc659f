/** The audit trail: an entry is written in the transaction of its change, so that there is none without the other. */
import { randomBytes } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import type {
  AuditAction,
  AuditEntry,
  AuditQuery,
  AuditSubject,
  Page,
  Paging,
} from '../contract/api';
import { SYSTEM_ACTOR, type Actor } from '../contract/event';
import { PLUGIN_ID } from '../contract/names';
import { rowsOf } from '../strapi/database.service';
import type { Clock } from '../strapi/clock.service';
import { orderOf, pageOf } from './settings';
import { createTables } from './tables.service';

const NAME = 'audit-entry';
const UID = `plugin::${PLUGIN_ID}.${NAME}`;
const SORTABLE = ['at'];

/** An action to record; the trail knows its actor. */
type Deed = {
  action: AuditAction;
  id: string;
  name: string;
  /** Which fields were `changed`. */
  fields?: string[];
};

/** As Strapi reads it. */
type AuditRow = {
  documentId: string;
  subjectType: AuditSubject;
  subject: string;
  subjectName: string;
  action: AuditAction;
  at: number | string;
  actor: string;
  fields: string;
};

type Subject = { documentId: string; name: string };
type Options = { strapi: Core.Strapi; clock: Clock; actor(): Actor };

export function createAudit({ strapi, clock, actor }: Options) {
  const tables = createTables(strapi);
  const rows = tables.on<Record<string, unknown>>(NAME);

  async function list(query: AuditQuery, paging: Paging): Promise<Page<AuditEntry>> {
    const [order] = orderOf(paging.sort ?? 'at:desc', SORTABLE);
    const { results, pagination } = await rowsOf<AuditRow>(strapi, UID).findPage({
      where: {
        ...(query.subject === undefined ? {} : { subjectType: query.subject }),
        ...(query.id === undefined ? {} : { subject: query.id }),
      },
      // Several entries may be of one millisecond; the ids have their order.
      orderBy: [{ id: order?.at ?? 'desc' }],
      page: paging.page,
      pageSize: paging.pageSize,
    });
    return pageOf(results.map(auditEntryOf), { paging, total: pagination.total });
  }

  /** The part of the trail about one kind of subject. */
  function of(subject: AuditSubject) {
    async function add(deed: Deed, by: Actor, trx: Knex.Transaction): Promise<void> {
      await rows(trx).insert({
        document_id: randomBytes(12).toString('hex'),
        subject_type: subject,
        subject: deed.id,
        subject_name: deed.name,
        action: deed.action,
        at: clock.now(),
        actor: JSON.stringify(by),
        fields: JSON.stringify(deed.fields ?? []),
      });
    }

    /**
     * Makes a change, and records it in the same transaction. A change of no fields is not recorded.
     * @param change returns the row that it changed, as `rowsOf` does; null if there was none
     */
    const recorded = <Row extends Subject | null>(
      action: AuditAction,
      change: () => Promise<Row>,
      fields: string[] = [],
    ): Promise<Row> =>
      tables.transaction(async (trx) => {
        const row = await change();
        const isNothing = row === null || (action === 'changed' && fields.length === 0);
        if (!isNothing)
          await add({ action, id: row.documentId, name: row.name, fields }, actor(), trx);
        return row;
      });

    /**
     * Records what the plugin did by itself, in the transaction in which it did it. Not by the request's user: the
     * dispatcher may have been started by some administrator's request, which is still its context then.
     */
    const bySystem = (deed: Deed, trx: Knex.Transaction): Promise<void> =>
      add(deed, SYSTEM_ACTOR, trx);

    return { recorded, bySystem };
  }

  return { list, of };
}

export type Audit = ReturnType<typeof createAudit>;
export type Trail = ReturnType<Audit['of']>;

function auditEntryOf(row: AuditRow): AuditEntry {
  return {
    id: row.documentId,
    at: new Date(Number(row.at)).toISOString(),
    actor: JSON.parse(row.actor) as Actor,
    action: row.action,
    subject: { type: row.subjectType, id: row.subject, name: row.subjectName },
    fields: JSON.parse(row.fields) as string[],
  };
}
