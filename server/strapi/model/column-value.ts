/** A column's value as Strapi tells it: the drivers give booleans as numbers, decimals as text, JSON as either. */

/** Strapi 5 before 5.0.0-rc.8 stored JSON as JSON in a string, so a text is read once more. */
const jsonOf = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? JSON.parse(parsed) : parsed;
  } catch {
    return value;
  }
};

const dateOf = (value: unknown): Date | null => {
  const date = value instanceof Date ? value : new Date(value as string | number);
  return Number.isNaN(date.getTime()) ? null : date;
};

const isTrue = (value: unknown) => value === true || String(value) === '1';
const isFalse = (value: unknown) => value === false || String(value) === '0';

/** `type` is the attribute's; the answer is what `strapi.db.query` would give. */
export const columnValue = (type: string, value: unknown): unknown => {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'json':
    case 'blocks':
      return jsonOf(value);
    case 'integer':
    case 'float':
    case 'decimal':
      return Number(value);
    case 'boolean':
      return isTrue(value) ? true : isFalse(value) ? false : null;
    case 'datetime':
      return dateOf(value)?.toISOString() ?? null;
    case 'timestamp':
      return dateOf(value)?.getTime().toString() ?? null;
    case 'increments':
    case 'date':
    case 'time':
      return value;
    default:
      return String(value);
  }
};
