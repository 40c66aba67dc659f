/** Evaluates a webhook's filter over an event. Total: a condition on what is not there is false, nothing throws. */
import type { WebhookEvent } from '../contract/event';
import { isAnd, isNot, isOr, type Condition, type Filter } from '../contract/filter';

/** The subset of an event that conditions speak of. */
export type Filterable = Pick<WebhookEvent, 'entry' | 'previous' | 'changes' | 'actor'>;

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

const fieldValues = (field: string, event: Filterable): unknown[] => {
  const [root = '', ...path] = field.split('.');
  if (root === 'changes') {
    const changed = event.changes.filter((change) => path.length === 0 || change.field === path[0]);
    return changed.map((change) => (path.length === 0 ? change.field : change.to));
  }
  return valuesAt(event[root as 'entry' | 'previous' | 'actor'], path);
};

const isPresent = (value: unknown) => value !== null && value !== undefined && value !== '';

/** Numbers by value, numeric text (decimals and big integers are text in Strapi) as numbers, dates and text by order. */
const compared = (value: unknown, wanted: unknown): number | null => {
  if (typeof wanted === 'number') {
    const number =
      typeof value === 'number'
        ? value
        : typeof value === 'string' && value.trim() !== ''
          ? Number(value)
          : NaN;
    return Number.isNaN(number) ? null : number - wanted;
  }
  if (typeof value !== 'string' || typeof wanted !== 'string') return null;
  return value < wanted ? -1 : value > wanted ? 1 : 0;
};

const isSame = (value: unknown, wanted: unknown) =>
  (value ?? null) === wanted || (typeof wanted === 'number' && compared(value, wanted) === 0);

/** An object has no text: asked for one, `{ "toString": 1 }` in a JSON field would throw. */
const textOf = (value: unknown) =>
  isPresent(value) && typeof value !== 'object' ? String(value) : '';
const listOf = (value: Condition['value']) => (Array.isArray(value) ? value : [value ?? null]);

const isOrdered = (values: unknown[], wanted: unknown, accepts: (order: number) => boolean) =>
  values.some((value) => {
    const order = compared(value, wanted);
    return order !== null && accepts(order);
  });

const isChanged = (field: string, event: Filterable) => {
  const [root, name] = field.split('.');
  return root === 'changes' && name === undefined
    ? event.changes.length > 0
    : event.changes.some((change) => change.field === name);
};

const holds = ({ field, op, value }: Condition, event: Filterable): boolean => {
  const values = fieldValues(field, event);
  const wanted = value ?? null;
  const some = (test: (one: unknown) => boolean) => values.some(test);
  switch (op) {
    case 'eq':
      return values.length === 0 ? wanted === null : some((one) => isSame(one, wanted));
    case 'ne':
      return !holds({ field, op: 'eq', value }, event);
    case 'gt':
      return isOrdered(values, wanted, (order) => order > 0);
    case 'gte':
      return isOrdered(values, wanted, (order) => order >= 0);
    case 'lt':
      return isOrdered(values, wanted, (order) => order < 0);
    case 'lte':
      return isOrdered(values, wanted, (order) => order <= 0);
    case 'in':
      return listOf(value).some((item) => holds({ field, op: 'eq', value: item }, event));
    case 'notIn':
      return !holds({ field, op: 'in', value }, event);
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
};

export const passes = (filter: Filter, event: Filterable): boolean => {
  if (isAnd(filter)) return filter.and.every((part) => passes(part, event));
  if (isOr(filter)) return filter.or.some((part) => passes(part, event));
  if (isNot(filter)) return !passes(filter.not, event);
  return holds(filter, event);
};
