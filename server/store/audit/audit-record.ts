/** An entry of the audit trail as it is stored and answered. Pure. */
import type { AuditAction, AuditEntry, AuditSubject } from '../../contract/api';
import type { Actor } from '../../contract/event';

/** What somebody did. Without a name of the one who did it: the trail knows who asks. */
export type Deed = {
  action: AuditAction;
  id: string;
  name: string;
  /** Of `changed`. */
  fields?: string[];
};

/** Columns as they are named in the database. */
export const columnsOf = (
  { action, id, name, fields = [] }: Deed,
  { subject, at, actor }: { subject: AuditSubject; at: number; actor: Actor },
) => ({
  subject_type: subject,
  subject: id,
  subject_name: name,
  action,
  at,
  actor: JSON.stringify(actor),
  fields: JSON.stringify(fields),
});

/** As Strapi reads it. */
export type AuditRow = {
  documentId: string;
  subjectType: AuditSubject;
  subject: string;
  subjectName: string;
  action: AuditAction;
  at: number | string;
  actor: string;
  fields: string;
};

export const entryOf = (row: AuditRow): AuditEntry => ({
  id: row.documentId,
  at: new Date(Number(row.at)).toISOString(),
  actor: JSON.parse(row.actor) as Actor,
  action: row.action,
  subject: { type: row.subjectType, id: row.subject, name: row.subjectName },
  fields: JSON.parse(row.fields) as string[],
});
