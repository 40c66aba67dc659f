/** Finds conditions that could never hold, so that a filter is refused when it is saved and not when it matters. */
import type { ContentTypeInfo } from '../contract/content-type';
import {
  FILTER_MAX_CONDITIONS,
  FILTER_MAX_DEPTH,
  isAnd,
  isNot,
  isOr,
  type Condition,
  type Filter,
} from '../contract/filter';
import { expectedOf, fitsType, isComparable, type TypesAt } from './compare';

export type FilterProblem = { path: (string | number)[]; message: string };
type Place = { path: (string | number)[]; depth: number };
type Context = { types: ContentTypeInfo[]; typesAt: TypesAt };

const LISTS: readonly string[] = ['in', 'notIn'];
const ORDERS: readonly string[] = ['gt', 'gte', 'lt', 'lte'];
const TEXTS: readonly string[] = ['contains', 'startsWith', 'endsWith'];
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

const valueProblem = ({ field, op, value }: Condition): string | null => {
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
  if (TEXTS.includes(op) && (typeof value !== 'string' || value === ''))
    return `"${op}" expects some text.`;
  if (field === 'changes' && op !== 'contains')
    return '"changes" is the list of changed field names: use "contains" with a name, or "changed".';
  return null;
};

/** The Strapi types that the chosen content types give an attribute of this name. */
const kindsOf = (name: string, { types }: Context): string[] =>
  types.flatMap(({ attributes }) =>
    attributes.flatMap((attribute) => (attribute.name === name ? [attribute.type] : [])),
  );

const attributeProblem = (name: string, context: Context): string | null => {
  const { types } = context;
  if (types.length === 0 || ALWAYS_THERE.includes(name)) return null;
  if (kindsOf(name, context).length > 0) return null;
  const where =
    types.length === 1 ? `"${types[0]?.displayName}" has` : 'The chosen content types have';
  return `${where} no field "${name}" that may be sent. Choose another field.`;
};

/** A path that goes on below a plain field leads nowhere. */
const depthProblem = (name: string, context: Context): string | null => {
  const kinds = kindsOf(name, context);
  const isPlain = kinds.length > 0 && !kinds.some((kind) => HOLDERS.includes(kind));
  return isPlain || ALWAYS_THERE.includes(name)
    ? `"${name}" has no fields of its own. End the field there.`
    : null;
};

/** The types of the field that a condition compares; empty where anything may be there. */
const comparedTypes = ({ field, op }: Condition, { types, typesAt }: Context): string[] => {
  const [root, ...path] = field.split('.');
  if (root === 'actor' || path.length === 0 || !COMPARISONS.includes(op)) return [];
  return [...new Set(types.flatMap(({ uid }) => typesAt(uid, path)))];
};

/** A text is never equal to, above or below a number or a date, so such a condition would never hold. */
const typeProblem = (condition: Condition, context: Context): string | null => {
  const { field, op, value } = condition;
  const types = comparedTypes(condition, context);
  if (types.length === 0 || !types.every(isComparable)) return null;
  const mayBeNull = !ORDERS.includes(op);
  const fits = (one: unknown) =>
    (one === null && mayBeNull) || types.some((type) => fitsType(type, one));
  if ([value].flat().every(fits)) return null;
  const name = field.split('.').slice(1).join('.');
  return `"${name}" ${expectedOf(types[0] ?? '')}`;
};

const fieldProblem = ({ field, op }: Condition, context: Context): string | null => {
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
};

const changedNameProblem = ({ field, op, value }: Condition, context: Context): string | null =>
  field === 'changes' && op === 'contains' && typeof value === 'string'
    ? attributeProblem(value, context)
    : null;

const conditionProblems = (
  condition: Condition,
  path: Place['path'],
  context: Context,
): FilterProblem[] => {
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
};

const listProblems = (parts: Filter[], key: 'and' | 'or', place: Place & Context) =>
  parts.flatMap((part, index) =>
    problemsIn(part, { ...place, path: [...place.path, key, index], depth: place.depth + 1 }),
  );

const problemsIn = (filter: Filter, place: Place & Context): FilterProblem[] => {
  if (place.depth > FILTER_MAX_DEPTH) {
    return [{ path: place.path, message: `A filter is at most ${FILTER_MAX_DEPTH} levels deep.` }];
  }
  if (isAnd(filter)) return listProblems(filter.and, 'and', place);
  if (isOr(filter)) return listProblems(filter.or, 'or', place);
  if (isNot(filter))
    return problemsIn(filter.not, {
      ...place,
      path: [...place.path, 'not'],
      depth: place.depth + 1,
    });
  return conditionProblems(filter, place.path, place);
};

const countOf = (filter: Filter): number => {
  if (isAnd(filter)) return filter.and.reduce((sum, part) => sum + countOf(part), 0);
  if (isOr(filter)) return filter.or.reduce((sum, part) => sum + countOf(part), 0);
  return isNot(filter) ? countOf(filter.not) : 1;
};

/**
 * `types` are the content types that the webhook is about (all watched ones if it names none).
 * Paths start below the filter itself, as in `['and', 0, 'field']`.
 */
export const filterProblems = (
  filter: Filter,
  types: ContentTypeInfo[],
  typesAt: TypesAt,
): FilterProblem[] =>
  countOf(filter) > FILTER_MAX_CONDITIONS
    ? [{ path: [], message: `A filter has at most ${FILTER_MAX_CONDITIONS} conditions.` }]
    : problemsIn(filter, { path: [], depth: 1, types, typesAt });
