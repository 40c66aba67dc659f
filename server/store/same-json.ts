/** Whether two JSON values are the same. `isDeepStrictEqual` calls itself and ends at 2,000 levels; this does not. */
import { isDeepStrictEqual } from 'node:util';

type Row = Record<string, unknown>;

function isHolder(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

/** Null where the two differ in which keys they have. */
function pairsOf(one: object, other: object): [unknown, unknown][] | null {
  if (Array.isArray(one) !== Array.isArray(other)) return null;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return null;
  if (!keys.every((key) => Object.hasOwn(other, key))) return null;
  return keys.map((key) => [(one as Row)[key], (other as Row)[key]]);
}

/** The order of an object's keys does not count. A Date is compared by its time. */
export function isSameJson(one: unknown, other: unknown): boolean {
  const waiting: [unknown, unknown][] = [[one, other]];
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const [left, right] = pair;
    if (Object.is(left, right)) continue;
    if (!isHolder(left) || !isHolder(right)) {
      // Dates and their like; what is a plain value or a holder on one side only is never the same.
      if (!isDeepStrictEqual(left, right)) return false;
      continue;
    }
    const inner = pairsOf(left, right);
    if (inner === null) return false;
    for (const one of inner) waiting.push(one);
  }
  return true;
}
