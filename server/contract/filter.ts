/** A webhook's filter: a tree of conditions over the event. Data only; nothing in it is ever executed. */
import { z } from 'zod';

export const FILTER_OPERATORS = [
  'eq',
  'ne',
  'gt',
  'gte',
  'lt',
  'lte',
  'in',
  'notIn',
  'exists',
  'contains',
  'startsWith',
  'endsWith',
  'changed',
] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];

/** The first word of a condition's `field`. `changes` alone is the list of changed field names. */
export const FILTER_ROOTS = ['entry', 'previous', 'changes', 'actor'] as const;
export type FilterRoot = (typeof FILTER_ROOTS)[number];

/** Limits that keep a filter cheap to evaluate and possible to read. */
export const FILTER_MAX_DEPTH = 6;
export const FILTER_MAX_CONDITIONS = 50;

const scalar = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);

export const conditionSchema = z.strictObject({
  field: z
    .string()
    .max(200)
    .regex(
      /^(entry|previous|actor)(\.[A-Za-z_][A-Za-z0-9_-]*)+$|^changes(\.[A-Za-z_][A-Za-z0-9_-]*)?$/,
      {
        message:
          'A field starts with entry., previous. or actor. and goes on with names and full stops, as in "entry.title"; or it is "changes".',
      },
    ),
  op: z.enum(FILTER_OPERATORS),
  value: z.union([scalar, z.array(scalar).max(200)]).optional(),
});

export type Condition = z.infer<typeof conditionSchema>;
export type Filter = Condition | { and: Filter[] } | { or: Filter[] } | { not: Filter };

/** The shape only; whether its fields exist and its values fit is decided by `match/check-filter`. */
export const filterSchema: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(filterSchema).min(1).max(FILTER_MAX_CONDITIONS) }),
    z.strictObject({ or: z.array(filterSchema).min(1).max(FILTER_MAX_CONDITIONS) }),
    z.strictObject({ not: filterSchema }),
    conditionSchema,
  ]),
);

export const isAnd = (filter: Filter): filter is { and: Filter[] } => 'and' in filter;
export const isOr = (filter: Filter): filter is { or: Filter[] } => 'or' in filter;
export const isNot = (filter: Filter): filter is { not: Filter } => 'not' in filter;
