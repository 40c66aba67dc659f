/** What editors do to schedules, in the audit trail. What the server does at a set time is told by events alone. */
import type { Audit } from '../store/audit.service';
import type { AuditAction } from '../contract/api';
import type { Schemas } from '../strapi/model/schema.service';
import type { ScheduleRow } from './plan';

type Options = { schemas: Schemas; audit: Audit };
type Named = Pick<ScheduleRow, 'scheduleId' | 'uid' | 'documentId' | 'locale'>;

export const createNoting = ({ schemas, audit }: Options) => {
  const trail = audit.of('schedule');

  /** Its document by type and id: a title is content, which the readers of the trail need not be allowed to read. */
  const nameOf = ({ uid, documentId, locale }: Named): string => {
    const type = schemas.watched(uid)?.model.info?.displayName ?? uid;
    return `${type} ${documentId}${locale === null ? '' : ` (${locale})`}`;
  };

  /** In the transaction of the change, which is open. A change of no fields is not noted. */
  const note = async (row: Named, action: AuditAction, fields?: string[]): Promise<void> => {
    const subject = { documentId: row.scheduleId, name: nameOf(row) };
    await trail.recorded(action, () => Promise.resolve(subject), fields);
  };

  return { note };
};

export type Noting = ReturnType<typeof createNoting>;
