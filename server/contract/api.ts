/** Parts that several endpoints share: common inputs, lists, versions and conflicts, the audit trail, input errors. */
import { z } from 'zod';
import type { Actor } from './event';

/** One of several values: the error lists them. `alternative` is what may stand in their place, such as "null". */
export function oneOf<const Values extends readonly string[]>(
  values: Values,
  alternative?: string,
) {
  const choices = [...values.map((value) => `"${value}"`), ...(alternative ? [alternative] : [])];
  const last = choices.pop();
  return z.enum(values, `Expected ${choices.join(', ')} or ${last}.`);
}

/** A flag in a query. */
export const flag = oneOf(['true', 'false']).transform((text) => text === 'true');

/** Several values in a query, separated by commas. */
export const commaSeparated = (error?: string) =>
  z.string(error).transform((text) => text.split(','));

const MAX_PAGE_SIZE = 100;
/** A larger page number would make an offset that some databases do not take. */
const MAX_PAGE = 1_000_000;

const whole = (what: string) =>
  z.coerce
    .number(`Expected ${what} as a whole number.`)
    .int()
    .min(1, `Expected ${what} of 1 or more.`);

/** Every list is queried and answered as Strapi's own lists are. */
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

export const searchQuerySchema = z.object({
  search: z.string().max(200).optional(),
  kind: z.string().optional(),
});
export type SearchQuery = z.infer<typeof searchQuerySchema>;

const VERSION_EXPECTED =
  'Expected the "updatedAt" of the version that you changed, such as "2026-11-21T18:12:03.341Z".';

/** Beside the settings in the body of every PUT. Without a version, the PUT replaces whatever is stored. */
export const versionSchema = z.object({
  updatedAt: z.iso.datetime({ offset: true, error: VERSION_EXPECTED }).nullish(),
});
export type Version = z.output<typeof versionSchema>['updatedAt'];
export type WithVersion<Input> = Input & { updatedAt?: Version };

export const CONFLICT = 'conflict';

/** `details` of a 409: another version is stored than the one that the PUT was made from. */
export type ConflictDetails = {
  code: typeof CONFLICT;
  params: {
    /** Who saved the stored version; null if unknown. */
    actor: Actor | null;
    /** ISO 8601. A PUT that names this version replaces it. */
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

/**
 * `rotated`: a new signing secret. `disabled`: by the receiver or by its failures, not by a person. `cancelled`: a
 * schedule.
 */
export type AuditAction = 'created' | 'changed' | 'rotated' | 'disabled' | 'cancelled' | 'deleted';

/** Who changed what, and when. An entry never holds a value. */
export type AuditEntry = {
  id: string;
  /** ISO 8601. */
  at: string;
  actor: Actor;
  action: AuditAction;
  /** `name` is the one at that time. A schedule is named by its document's type and id. */
  subject: { type: AuditSubject; id: string; name: string };
  /** The names of the changed fields, such as `url`, `password`, `headers.x-key` or `states.in-review`. */
  fields: string[];
};

/** GET /audit: newest first. `id` narrows to one subject. */
export const auditQuerySchema = z.object({
  subject: oneOf(AUDIT_SUBJECTS).optional(),
  id: z.string().max(64).optional(),
});
export type AuditQuery = z.output<typeof auditQuerySchema>;

const KINDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function sizeOf(limit: number | bigint, origin: string): string {
  const number = limit.toLocaleString('en');
  const isOne = Number(limit) === 1;
  if (origin === 'string') return `${number} ${isOne ? 'character' : 'characters'}`;
  if (origin === 'array') return `${number} ${isOne ? 'entry' : 'entries'}`;
  return number;
}

/** For `safeParse(input, { error: inWords })`: plain words for issues whose schema has none. */
export function inWords(issue: Parameters<z.core.$ZodErrorMap>[0]): string | undefined {
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
}
