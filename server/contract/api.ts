/** How every list is asked for and answered, as Strapi's own lists are. */
import { z } from 'zod';
import type { Actor } from './event';

export const MAX_PAGE_SIZE = 100;
/** Beyond it, the offset would be no number that every database takes. */
const MAX_PAGE = 1_000_000;

const whole = (what: string) =>
  z.coerce
    .number(`Expected ${what} as a whole number.`)
    .int()
    .min(1, `Expected ${what} of 1 or more.`);

export const pagingSchema = z.object({
  page: whole('a page').max(MAX_PAGE, `There are at most ${MAX_PAGE} pages.`).default(1),
  pageSize: whole('a page size').max(MAX_PAGE_SIZE, `At most ${MAX_PAGE_SIZE} a page.`).default(10),
  /** `field`, `field:asc` or `field:desc`. */
  sort: z
    .string()
    .regex(/^[A-Za-z]+(:(asc|desc))?$/i, 'Expected a sort such as "name:asc".')
    .optional(),
});
export type Paging = z.infer<typeof pagingSchema>;

export type Pagination = { page: number; pageSize: number; pageCount: number; total: number };
export type Page<T> = { data: T[]; meta: { pagination: Pagination } };
export type One<T> = { data: T };

export const searchQuerySchema = z.object({
  search: z.string().max(200).optional(),
  kind: z.string().optional(),
});
export type SearchQuery = z.infer<typeof searchQuerySchema>;

const EXPECTED =
  'Expected the "updatedAt" of the version that you changed, such as "2026-11-21T18:12:03.341Z".';

/** Beside the settings in the body of every PUT. Without it, the PUT replaces whatever is stored. */
export const versionSchema = z.object({
  updatedAt: z.iso.datetime({ offset: true, error: EXPECTED }).nullish(),
});
export type Version = z.output<typeof versionSchema>['updatedAt'];
export type WithVersion<Input> = Input & { updatedAt?: Version };

export const CONFLICT = 'conflict';

/** `details` of a 409. */
export type ConflictDetails = {
  code: typeof CONFLICT;
  params: {
    /** Who saved the stored version; null where that is not known. */
    actor: Actor | null;
    /** ISO 8601: when, and what a PUT names that is meant to replace that version. */
    updatedAt: string;
  };
};

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

type Issue = Parameters<z.core.$ZodErrorMap>[0];

const KINDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

const sizeOf = (limit: number | bigint, origin: string): string => {
  const number = limit.toLocaleString('en');
  const isOne = Number(limit) === 1;
  if (origin === 'string') return `${number} ${isOne ? 'character' : 'characters'}`;
  if (origin === 'array') return `${number} ${isOne ? 'entry' : 'entries'}`;
  return number;
};

/** For `safeParse(input, { error: inWords })`. Undefined where zod's own words will do. */
export const inWords = (issue: Issue): string | undefined => {
  switch (issue.code) {
    case 'too_small':
      return `Expected at least ${sizeOf(issue.minimum, issue.origin)}.`;
    case 'too_big':
      return `Expected at most ${sizeOf(issue.maximum, issue.origin)}.`;
    case 'invalid_type':
      return `Expected ${KINDS[issue.expected] ?? issue.expected}.`;
    default:
      return undefined;
  }
};
