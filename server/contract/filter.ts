/** A webhook's filter: a tree of conditions over the event. It is data only and is never executed. */
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

export const FILTER_MAX_DEPTH = 6;
const FILTER_MAX_CONDITIONS = 50;
const TOO_MANY_CONDITIONS = `A filter has at most ${FILTER_MAX_CONDITIONS} conditions.`;

const FIELD =
  /^(entry|previous|actor)(\.[A-Za-z_][A-Za-z0-9_-]*)+$|^changes(\.[A-Za-z_][A-Za-z0-9_-]*)?$/;
const FIELD_EXPECTED =
  'A field starts with entry., previous. or actor. and goes on with names and full stops, as in "entry.title"; or it is "changes".';

const scalar = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);

export const conditionSchema = z.strictObject(
  {
    field: z
      .string(FIELD_EXPECTED)
      .max(200, 'At most 200 characters.')
      .regex(FIELD, FIELD_EXPECTED),
    op: z.enum(FILTER_OPERATORS, `Expected one of ${FILTER_OPERATORS.join(', ')}.`),
    value: z
      .union(
        [scalar, z.array(scalar).max(200)],
        'Expected text of at most 1,000 characters, a number, true, false or null, or a list of at most 200 of those.',
      )
      .optional(),
  },
  {
    error: ({ code }) =>
      code === 'invalid_type'
        ? 'Expected a condition such as { "field": "entry.title", "op": "eq", "value": "News" }, or "and", "or" or "not".'
        : undefined,
  },
);

export type Condition = z.infer<typeof conditionSchema>;
export type Filter = Condition | { and: Filter[] } | { or: Filter[] } | { not: Filter };

const branches = z.lazy(() =>
  z
    .array(nodeSchema, 'Expected a list of conditions.')
    .min(1, 'Expected at least one condition.')
    .max(FILTER_MAX_CONDITIONS, TOO_MANY_CONDITIONS),
);
const SHAPES = {
  and: z.strictObject({ and: branches }),
  or: z.strictObject({ or: branches }),
  not: z.strictObject({ not: z.lazy(() => nodeSchema) }),
};

const branchOf = (value: unknown): keyof typeof SHAPES | undefined =>
  typeof value === 'object' && value !== null
    ? (['and', 'or', 'not'] as const).find((key) => Object.hasOwn(value, key))
    : undefined;

/** Not a union: a union of all four would report a mistake deep inside as one error of the whole filter. */
const nodeSchema: z.ZodType<Filter> = z.unknown().transform((value, context): Filter => {
  const key = branchOf(value);
  const parsed = (key ? SHAPES[key] : conditionSchema).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    context.addIssue({ code: 'custom', path, message });
  }
  return z.NEVER;
});

function partsOf(value: unknown): unknown[] {
  const key = branchOf(value);
  if (!key) return [];
  const parts = (value as Record<string, unknown>)[key];
  return Array.isArray(parts) ? parts : [parts];
}

/** Checked before the schema recurses: a filter of thousands of levels would exhaust the stack. */
const isDeeperThan = (value: unknown, levels: number): boolean =>
  levels === 0 || partsOf(value).some((part) => isDeeperThan(part, levels - 1));

function conditionCount(filter: Filter): number {
  const parts = partsOf(filter) as Filter[];
  return parts.length === 0 ? 1 : parts.reduce((sum, part) => sum + conditionCount(part), 0);
}

/** Checks the shape only. `match/check-filter` checks that its fields exist and its values fit. */
export const filterSchema: z.ZodType<Filter> = z
  .unknown()
  .refine(
    (value) => !isDeeperThan(value, FILTER_MAX_DEPTH),
    `A filter is at most ${FILTER_MAX_DEPTH} levels deep.`,
  )
  .pipe(nodeSchema)
  .refine((filter) => conditionCount(filter) <= FILTER_MAX_CONDITIONS, TOO_MANY_CONDITIONS);

export const isAnd = (filter: Filter): filter is { and: Filter[] } => 'and' in filter;
export const isOr = (filter: Filter): filter is { or: Filter[] } => 'or' in filter;
export const isNot = (filter: Filter): filter is { not: Filter } => 'not' in filter;
