/** The audit trail: an entry is written in the transaction of its change, so that there is none without the other. */
import { randomBytes } from 'node:crypto';
import type { Core } from '@strapi/strapi';
import type { Knex } from 'knex';
import { actorOf } from '../../strapi/actor.service';
import type {
  AuditAction,
  AuditEntry,
  AuditQuery,
  AuditSubject,
  Page,
  Paging,
} from '../../contract/api';
import type { Actor } from '../../contract/event';
import { PLUGIN_ID } from '../../contract/names';
import type { Clock } from '../../strapi/clock.service';
import { orderOf, pageOf } from '../page';
import { createTables } from '../tables.service';
import { columnsOf, entryOf, type AuditRow, type Deed } from './audit-record';

const UID = `plugin::${PLUGIN_ID}.audit-entry`;
const SORTABLE = ['at'];

type Subject = { documentId: string; name: string };
type Options = { strapi: Core.Strapi; clock: Clock; actor(): Actor };

export const createAudit = ({ strapi, clock, actor }: Options) => {
  const tables = createTables(strapi);
  const rows = tables.on('audit-entry');

  const list = async (query: AuditQuery, paging: Paging): Promise<Page<AuditEntry>> => {
    const [order] = orderOf(paging.sort ?? 'at:desc', SORTABLE);
    const page = await strapi.db.query(UID).findPage({
      where: {
        ...(query.subject === undefined ? {} : { subjectType: query.subject }),
        ...(query.id === undefined ? {} : { subject: query.id }),
      },
      // Several entries may be of one millisecond; the ids tell their order.
      orderBy: [{ id: order?.at ?? 'desc' }],
      page: paging.page,
      pageSize: paging.pageSize,
    });
    return pageOf((page.results as AuditRow[]).map(entryOf), {
      paging,
      total: page.pagination.total,
    });
  };

  /** The part of the trail that tells of one kind of thing. */
  const of = (subject: AuditSubject) => {
    const add = async (deed: Deed, by: Actor, trx: Knex.Transaction): Promise<void> => {
      const own = { document_id: randomBytes(12).toString('hex') };
      const columns = columnsOf(deed, { subject, at: clock.now(), actor: by });
      await rows(trx).insert({ ...own, ...columns } as never);
    };

    /**
     * Makes a change, and tells of it in the same transaction. A change of no fields is not told of.
     * @param change answers the row that it changed, as `strapi.db.query` does; null where there was none
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
     * Of what the plugin did by itself, in the transaction that it did it in. Nobody is asked who it was: what the
     * dispatcher does may have been started by some administrator's request, which is still its context then.
     */
    const bySystem = (deed: Deed, trx: Knex.Transaction): Promise<void> =>
      add(deed, actorOf(undefined), trx);

    return { recorded, bySystem };
  };

  return { list, of };
};

export type Trail = ReturnType<Audit['of']>;
export type Audit = ReturnType<typeof createAudit>;
