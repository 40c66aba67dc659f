/** Who changed which webhook, authorization, workflow, schedule or replication, when, and which of its fields. Never a value. */
import { z } from 'zod';
import type { Actor } from './event';

export const AUDIT_SUBJECTS = [
  'webhook',
  'authorization',
  'workflow',
  'schedule',
  'replication',
] as const;
export type AuditSubject = (typeof AUDIT_SUBJECTS)[number];

export const AUDIT_ACTIONS = [
  'created',
  'changed',
  'rotated',
  'disabled',
  'cancelled',
  'deleted',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** `rotated`: a new signing secret. `disabled`: turned off by its receiver or by its failures, not by anybody. `cancelled`: a schedule. */
export type AuditEntry = {
  id: string;
  /** ISO 8601. */
  at: string;
  actor: Actor;
  action: AuditAction;
  /** `name` is the one it had then: what is deleted is still told of. A schedule is named by its document's type and id. */
  subject: { type: AuditSubject; id: string; name: string };
  /** Of `changed`: the names of the fields, such as `url`, `password`, `headers.x-key` or `states.in-review`. */
  fields: string[];
};

/** GET /audit: newest first; `id` narrows to one of them. */
export const auditQuerySchema = z.object({
  subject: z
    .enum(
      AUDIT_SUBJECTS,
      'Expected "webhook", "authorization", "workflow", "schedule" or "replication".',
    )
    .optional(),
  id: z.string().max(64).optional(),
});
export type AuditQuery = z.output<typeof auditQuerySchema>;
