/** How every list is asked for and answered, as Strapi's own lists are. */
import { z } from 'zod';
import { SHOWN_HEALTHS } from './webhook';

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

/** The query of GET /webhooks and GET /authorizations. */
export const webhookQuerySchema = z.object({
  kind: z.string().optional(),
  enabled: z
    .enum(['true', 'false'], 'Expected "true" or "false".')
    .transform((text) => text === 'true')
    .optional(),
  includesEndUsers: z
    .enum(['true', 'false'], 'Expected "true" or "false".')
    .transform((text) => text === 'true')
    .optional(),
  health: z.enum(SHOWN_HEALTHS, 'Expected "healthy", "failing", "disabled" or "off".').optional(),
  search: z.string().max(200).optional(),
});
export type WebhookQuery = z.infer<typeof webhookQuerySchema>;
export const searchQuerySchema = z.object({
  search: z.string().max(200).optional(),
  kind: z.string().optional(),
});
export type SearchQuery = z.infer<typeof searchQuerySchema>;
