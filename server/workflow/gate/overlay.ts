/** A draft as it will be once a form is saved over it: what is asked about is what will be published. Pure. */
import type { Attribute, ContentModel } from '../../schema/content-model';
import { SYSTEM_ATTRIBUTES } from '../../schema/content-model';

type Row = Record<string, unknown>;
type Reference = Row | string | number;

const isRow = (value: unknown): value is Row =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const list = (value: unknown): Reference[] => {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as Reference[];
};

const identity = (reference: unknown): string => {
  if (!isRow(reference)) return String(reference);
  return String(reference.documentId ?? reference.id);
};

const rowOf = (reference: Reference): Row => {
  if (isRow(reference)) return reference;
  return typeof reference === 'number' ? { id: reference } : { documentId: reference };
};

/** `{ connect, disconnect }` over what is there, `{ set }` or a plain list in place of it. */
const related = (before: unknown, given: unknown): Row[] => {
  const order = isRow(given) ? given : {};
  if (!('connect' in order || 'disconnect' in order)) {
    const set = 'set' in order ? order.set : given;
    return list(set).map(rowOf);
  }
  const gone = new Set([...list(order.disconnect), ...list(order.connect)].map(identity));
  const kept = list(before)
    .map(rowOf)
    .filter((row) => !gone.has(identity(row)));
  return [...kept, ...list(order.connect).map(rowOf)];
};

const isMany = ({ relation }: Attribute) => relation?.endsWith('Many') === true;

const overlaid = (attribute: Attribute, before: unknown, given: unknown): unknown => {
  if (attribute.type !== 'relation') return given;
  const rows = related(before, given);
  return isMany(attribute) ? rows : (rows.at(-1) ?? null);
};

/** Only attributes of the type; whether one may leave is decided by whoever sends it. */
export const overlay = (draft: Row, form: Row, model: ContentModel): Row => {
  const result = { ...draft };
  for (const [name, attribute] of Object.entries(model.attributes)) {
    if (SYSTEM_ATTRIBUTES.has(name) || !(name in form)) continue;
    result[name] = overlaid(attribute, draft[name], form[name]);
  }
  return result;
};
