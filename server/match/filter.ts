/** Evaluates a webhook's filter over an event. Total: a condition on a missing field is false, nothing throws. */
import type { WebhookEvent } from '../contract/event';
import { isAnd, isNot, isOr, type Condition, type Filter } from '../contract/filter';
import { compared, UNTYPED, type TypesAt } from './compare';

/** The parts of an event that conditions read. */
export type Filterable = Pick<WebhookEvent, 'entry' | 'previous' | 'changes' | 'actor'> & {
  uid?: WebhookEvent['uid'];
};

/** @param typesAt the Strapi types of a field: they decide how its values compare. */
export function passes(filter: Filter, event: Filterable, typesAt: TypesAt = UNTYPED): boolean {
  if (isAnd(filter)) return filter.and.every((part) => passes(part, event, typesAt));
  if (isOr(filter)) return filter.or.some((part) => passes(part, event, typesAt));
  if (isNot(filter)) return !passes(filter.not, event, typesAt);
  return holds(filter, event, typesAt);
}

function holds(condition: Condition, event: Filterable, typesAt: TypesAt): boolean {
  const { field, op, value } = condition;
  const values = fieldValues(field, event);
  const wanted = value ?? null;
  const types = typesOf(field, event, typesAt);
  const some = (test: (one: unknown) => boolean) => values.some(test);
  const isOrdered = (accepts: (order: number) => boolean) =>
    some((one) => {
      const order = compared(one, wanted, types);
      return order !== null && accepts(order);
    });
  const alsoHolds = (other: Partial<Condition>) =>
    holds({ ...condition, ...other }, event, typesAt);
  switch (op) {
    case 'eq':
      return values.length === 0 ? wanted === null : some((one) => isSame(one, wanted, types));
    case 'ne':
      return !alsoHolds({ op: 'eq' });
    case 'gt':
      return isOrdered((order) => order > 0);
    case 'gte':
      return isOrdered((order) => order >= 0);
    case 'lt':
      return isOrdered((order) => order < 0);
    case 'lte':
      return isOrdered((order) => order <= 0);
    case 'in':
      return listOf(value).some((item) => alsoHolds({ op: 'eq', value: item }));
    case 'notIn':
      return !alsoHolds({ op: 'in' });
    case 'exists':
      return some(isPresent) === (value !== false);
    case 'contains':
      return field === 'changes'
        ? values.includes(wanted)
        : some((one) => textOf(one).includes(textOf(wanted)));
    case 'startsWith':
      return some((one) => textOf(one).startsWith(textOf(wanted)));
    case 'endsWith':
      return some((one) => textOf(one).endsWith(textOf(wanted)));
    case 'changed':
      return isChanged(field, event) === (value !== false);
  }
}

function isChanged(field: string, event: Filterable): boolean {
  const [root, name] = field.split('.');
  return root === 'changes' && name === undefined
    ? event.changes.length > 0
    : event.changes.some((change) => change.field === name);
}

function fieldValues(field: string, event: Filterable): unknown[] {
  const [root = '', ...path] = field.split('.');
  if (root !== 'changes') return valuesAt(event[root as 'entry' | 'previous' | 'actor'], path);
  const [name] = path;
  if (name === undefined) return event.changes.map((change) => change.field);
  return event.changes.filter((change) => change.field === name).map(({ to }) => to);
}

const own = (value: object, key: string): unknown =>
  Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;

/** Every value at a path; a list on the way (a repeatable component, a relation) stands for each of its items. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  let values = flat([value]);
  for (const key of path) {
    const holders = values.filter((one) => typeof one === 'object' && one !== null);
    values = flat(holders.map((holder) => own(holder as object, key)));
  }
  return values;
}

/** The items of lists within lists, in their order. `flat(Infinity)` calls itself, and JSON may be nested too deep. */
function flat(list: unknown[]): unknown[] {
  const items: unknown[] = [];
  const waiting = [...list].reverse();
  while (waiting.length > 0) {
    const item = waiting.pop();
    if (Array.isArray(item)) for (const inner of item.toReversed()) waiting.push(inner);
    else items.push(item);
  }
  return items;
}

const isPresent = (value: unknown) => value !== null && value !== undefined && value !== '';

const isSame = (value: unknown, wanted: unknown, types: readonly string[]) =>
  (value ?? null) === wanted || compared(value, wanted, types) === 0;

/** An object has no text: asked for one, `{ "toString": 1 }` in a JSON field would throw. */
const textOf = (value: unknown) =>
  isPresent(value) && typeof value !== 'object' ? String(value) : '';
const listOf = (value: Condition['value']) => (Array.isArray(value) ? value : [value ?? null]);

const typesOf = (field: string, event: Filterable, typesAt: TypesAt): readonly string[] => {
  const [root, ...path] = field.split('.');
  return root === 'actor' || path.length === 0 ? [] : typesAt(event.uid ?? null, path);
};
