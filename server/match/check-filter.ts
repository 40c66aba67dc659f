/** Finds conditions that could never hold, so that a filter is refused when it is saved and not when it matters. */
import type { ContentTypeInfo } from '../contract/content-type';
import { isAnd, isNot, isOr, type Condition, type Filter } from '../contract/filter';
import { dayOf, isInstant, timeOf, WHOLE, type TypesAt } from './filter';

type Path = (string | number)[];
type FilterProblem = { path: Path; message: string };
type Context = { types: ContentTypeInfo[]; typesAt: TypesAt };

const LISTS: readonly string[] = ['in', 'notIn'];
const ORDERS: readonly string[] = ['gt', 'gte', 'lt', 'lte'];
const TEXT_OPERATORS: readonly string[] = ['contains', 'startsWith', 'endsWith'];
const FLAGS: readonly string[] = ['exists', 'changed'];
const COMPARISONS: readonly string[] = ['eq', 'ne', 'in', 'notIn', ...ORDERS];
/** Attributes whose values have fields of their own. */
const HOLDERS: readonly string[] = [
  'relation',
  'component',
  'dynamiczone',
  'media',
  'json',
  'blocks',
];
const ACTOR_FIELDS = ['type', 'id', 'name'];
const ALWAYS_THERE = ['id', 'documentId', 'locale', 'createdAt', 'updatedAt', 'publishedAt'];

function valueProblem({ field, op, value }: Condition): string | null {
  if (LISTS.includes(op)) return Array.isArray(value) ? null : `"${op}" expects a list of values.`;
  if (Array.isArray(value)) return `"${op}" expects one value, not a list.`;
  if (FLAGS.includes(op)) {
    return value === undefined || typeof value === 'boolean'
      ? null
      : `"${op}" expects true, false or nothing.`;
  }
  if (value === undefined) return `"${op}" expects a value.`;
  if (ORDERS.includes(op) && typeof value !== 'number' && typeof value !== 'string') {
    return `"${op}" expects a number, or a date or text.`;
  }
  if (TEXT_OPERATORS.includes(op) && (typeof value !== 'string' || value === ''))
    return `"${op}" expects some text.`;
  if (field === 'changes' && op !== 'contains')
    return '"changes" is the list of changed field names: use "contains" with a name, or "changed".';
  return null;
}

/** The Strapi types that the chosen content types give an attribute of this name. */
const kindsOf = (name: string, { types }: Context): string[] =>
  types.flatMap(({ attributes }) =>
    attributes.flatMap((attribute) => (attribute.name === name ? [attribute.type] : [])),
  );

function attributeProblem(name: string, context: Context): string | null {
  const { types } = context;
  if (types.length === 0 || ALWAYS_THERE.includes(name)) return null;
  if (kindsOf(name, context).length > 0) return null;
  const where =
    types.length === 1 ? `"${types[0]?.displayName}" has` : 'The chosen content types have';
  return `${where} no field "${name}" that may be sent. Choose another field.`;
}

/** A path that goes on below a plain field leads nowhere. */
function depthProblem(name: string, context: Context): string | null {
  const kinds = kindsOf(name, context);
  const isPlain = kinds.length > 0 && !kinds.some((kind) => HOLDERS.includes(kind));
  return isPlain || ALWAYS_THERE.includes(name)
    ? `"${name}" has no fields of its own. End the field there.`
    : null;
}

/** The types of the field that a condition compares; empty if any value may be there. */
function comparedTypes({ field, op }: Condition, { types, typesAt }: Context): string[] {
  const [root, ...path] = field.split('.');
  if (root === 'actor' || path.length === 0 || !COMPARISONS.includes(op)) return [];
  return [...new Set(types.flatMap(({ uid }) => typesAt(uid, path)))];
}

/** Which values a condition may compare with a field, and the message for a value that does not fit. */
type Comparable = { fits(value: unknown): boolean; expected: string };

const NUMBERS: Comparable = {
  fits: (value) => typeof value === 'number',
  expected: 'holds numbers. Enter a number.',
};
/** JSON numbers lose digits beyond 2^53, so a larger one must come as text. */
const WHOLE_NUMBERS: Comparable = {
  fits: (value) =>
    typeof value === 'number'
      ? Math.abs(value) <= Number.MAX_SAFE_INTEGER
      : typeof value === 'string' && WHOLE.test(value),
  expected: 'holds whole numbers. Enter one; in the API, one beyond 9007199254740991 as text.',
};
const TEXTS: Comparable = {
  fits: (value) => typeof value === 'string',
  expected: 'holds text. Enter text; in the API, a text in quotation marks.',
};
const BOOLEANS: Comparable = {
  fits: (value) => typeof value === 'boolean',
  expected: 'is true or false. Choose one of the two.',
};
const INSTANTS: Comparable = {
  fits: (value) => isInstant(value) || (typeof value === 'string' && dayOf(value) !== null),
  expected:
    'holds a date and time. Enter it with its offset from UTC, such as 2026-06-01T12:00:00Z or 2026-06-01T14:00:00+02:00. A day alone is its midnight UTC.',
};
const DAYS: Comparable = {
  fits: (value) => typeof value === 'string' && dayOf(value) !== null,
  expected: 'holds a date. Enter a day that exists, such as 2026-06-01.',
};
const TIMES: Comparable = {
  fits: (value) => typeof value === 'string' && timeOf(value) !== null,
  expected: 'holds a time of day. Enter it as hours and minutes, such as 09:30 or 09:30:15.',
};

/** Types whose values are compared as a whole; a relation, a component or JSON is not. */
const COMPARABLES = new Map<string, Comparable>([
  ['integer', NUMBERS],
  ['float', NUMBERS],
  ['decimal', NUMBERS],
  ['biginteger', WHOLE_NUMBERS],
  ['boolean', BOOLEANS],
  ['datetime', INSTANTS],
  ['timestamp', INSTANTS],
  ['date', DAYS],
  ['time', TIMES],
  ...['string', 'text', 'richtext', 'email', 'uid', 'enumeration'].map(
    (type): [string, Comparable] => [type, TEXTS],
  ),
]);

/** A text is never equal to, above or below a number or a date, so such a condition would never hold. */
function typeProblem(condition: Condition, context: Context): string | null {
  const { field, op, value } = condition;
  const types = comparedTypes(condition, context);
  const comparables = types.flatMap((type) => COMPARABLES.get(type) ?? []);
  const [first] = comparables;
  if (!first || comparables.length < types.length) return null;
  const mayBeNull = !ORDERS.includes(op);
  const isFitting = (one: unknown) =>
    (one === null && mayBeNull) || comparables.some(({ fits }) => fits(one));
  if ([value].flat().every(isFitting)) return null;
  const name = field.split('.').slice(1).join('.');
  return `"${name}" ${first.expected}`;
}

function fieldProblem({ field, op }: Condition, context: Context): string | null {
  const [root = '', name, ...deeper] = field.split('.');
  if (root === 'actor') {
    if (op === 'changed') return '"changed" speaks of a document\'s field, not of the actor.';
    return ACTOR_FIELDS.includes(name ?? '') && deeper.length === 0
      ? null
      : `An actor has ${ACTOR_FIELDS.join(', ')}, but no "${[name, ...deeper].join('.')}".`;
  }
  if (name === undefined) return null;
  return (
    attributeProblem(name, context) ?? (deeper.length > 0 ? depthProblem(name, context) : null)
  );
}

const changedNameProblem = ({ field, op, value }: Condition, context: Context): string | null =>
  field === 'changes' && op === 'contains' && typeof value === 'string'
    ? attributeProblem(value, context)
    : null;

function conditionProblems(condition: Condition, path: Path, context: Context): FilterProblem[] {
  const found: [string, string | null][] = [
    ['field', fieldProblem(condition, context)],
    [
      'value',
      valueProblem(condition) ??
        changedNameProblem(condition, context) ??
        typeProblem(condition, context),
    ],
  ];
  return found.flatMap(([key, message]) => (message ? [{ path: [...path, key], message }] : []));
}

function problemsIn(filter: Filter, path: Path, context: Context): FilterProblem[] {
  const inAll = (parts: Filter[], key: 'and' | 'or') =>
    parts.flatMap((part, index) => problemsIn(part, [...path, key, index], context));
  if (isAnd(filter)) return inAll(filter.and, 'and');
  if (isOr(filter)) return inAll(filter.or, 'or');
  if (isNot(filter)) return problemsIn(filter.not, [...path, 'not'], context);
  return conditionProblems(filter, path, context);
}

/**
 * `types` are the content types that the webhook is about (all watched ones if it names none). Paths start below the
 * filter itself, as in `['and', 0, 'field']`.
 */
export function filterProblems(filter: Filter, types: ContentTypeInfo[], typesAt: TypesAt) {
  return problemsIn(filter, [], { types, typesAt });
}
