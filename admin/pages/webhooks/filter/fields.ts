/** Which fields a filter may speak of, what kind of value each takes, and which operators fit it. */
import type { AttributeInfo, ContentTypeInfo } from '../../../../server/contract/content-type';
import {
  FILTER_OPERATORS,
  type Condition,
  type FilterOperator,
} from '../../../../server/contract/filter';

/** `loose` is text that counts as a number if it looks like one: what it is compared with is not known. */
export type ValueKind =
  'text' | 'number' | 'boolean' | 'datetime' | 'date' | 'time' | 'loose' | 'none';

const MOMENTS = ['createdAt', 'updatedAt', 'publishedAt'];
const MOMENT_FIELDS = MOMENTS.flatMap((name) => [`entry.${name}`, `previous.${name}`]);
const ALWAYS_THERE = ['documentId', 'locale', ...MOMENTS];
const ACTOR_FIELDS = ['actor.type', 'actor.id', 'actor.name'];
const NUMBERS = ['integer', 'biginteger', 'float', 'decimal'];
const WHOLES = ['relation', 'component', 'dynamiczone', 'media', 'json', 'blocks'];

const TEXT_OPERATORS: FilterOperator[] = ['contains', 'startsWith', 'endsWith'];
const ORDER_OPERATORS: FilterOperator[] = ['gt', 'gte', 'lt', 'lte'];

/** No chosen types means all of them. */
export const typesInScope = (types: ContentTypeInfo[], chosen: readonly string[]) =>
  chosen.length === 0 ? types : types.filter(({ uid }) => chosen.includes(uid));

const attributeNames = (types: ContentTypeInfo[]) => [
  ...new Set(types.flatMap(({ attributes }) => attributes.map(({ name }) => name))),
];

/** The fields that are offered; a path into a component or a relation is typed by hand. */
export const fieldOptions = (types: ContentTypeInfo[]): string[] => {
  const names = [...attributeNames(types), ...ALWAYS_THERE];
  return [
    ...names.map((name) => `entry.${name}`),
    'changes',
    ...names.map((name) => `previous.${name}`),
    ...ACTOR_FIELDS,
  ];
};

const attributeOf = (field: string, types: ContentTypeInfo[]): AttributeInfo | undefined => {
  const [, name, ...deeper] = field.split('.');
  if (deeper.length > 0) return undefined;
  return types.flatMap(({ attributes }) => attributes).find((one) => one.name === name);
};

const KINDS: Record<string, ValueKind> = {
  boolean: 'boolean',
  datetime: 'datetime',
  timestamp: 'datetime',
  date: 'date',
  time: 'time',
};

const fieldKind = (field: string, types: ContentTypeInfo[]): ValueKind => {
  if (field === 'changes' || field === 'actor.type' || field === 'actor.name') return 'text';
  if (MOMENT_FIELDS.includes(field)) return 'datetime';
  const type = attributeOf(field, types)?.type;
  if (type === undefined) return 'loose';
  if (WHOLES.includes(type)) return 'none';
  return NUMBERS.includes(type) ? 'number' : (KINDS[type] ?? 'text');
};

export const operatorsFor = (
  field: string,
  types: ContentTypeInfo[],
): readonly FilterOperator[] => {
  if (field === 'changes') return ['contains', 'changed'];
  const kind = fieldKind(field, types);
  if (kind === 'none') return ['exists', 'changed'];
  return FILTER_OPERATORS.filter((op) => {
    if (op === 'changed') return !field.startsWith('actor.');
    if (kind === 'boolean' && ORDER_OPERATORS.includes(op)) return false;
    return kind === 'text' || kind === 'loose' || !TEXT_OPERATORS.includes(op);
  });
};

/** What the value's input is. */
export const valueKind = ({ field, op }: Condition, types: ContentTypeInfo[]): ValueKind => {
  if (op === 'exists' || op === 'changed') return 'boolean';
  return TEXT_OPERATORS.includes(op) ? 'text' : fieldKind(field, types);
};

type Scalar = string | number | boolean;

/** "12" of a number or of an unknown field is the number 12; "012" and "twelve" stay text. */
export const typedValue = (text: string, kind: ValueKind): Scalar => {
  if (kind === 'boolean') return text === 'true';
  const isNumber = text !== '' && String(Number(text)) === text && Number.isFinite(Number(text));
  return isNumber && (kind === 'number' || kind === 'loose') ? Number(text) : text;
};

/** The condition with a value that its field and operator can take; what fits already is kept. */
export const withFittingValue = <C extends Condition>(
  condition: C,
  types: ContentTypeInfo[],
): C => {
  const { op, value } = condition;
  if (op === 'in' || op === 'notIn')
    return { ...condition, value: Array.isArray(value) ? value : [] };
  const single = Array.isArray(value) ? value[0] : value;
  const isBoolean = typeof single === 'boolean';
  if (valueKind(condition, types) === 'boolean')
    return { ...condition, value: isBoolean ? single : true };
  return { ...condition, value: isBoolean ? '' : (single ?? '') };
};
