/** What changed between two versions of a document, field by field. Pure. */
import type { FieldChange } from '../contract/event';
import { isSameJson } from '../json/same-json';
import { SYSTEM_ATTRIBUTES, type Attribute, type ContentModel } from '../schema/content-model';

type Row = Record<string, unknown>;

const isRow = (value: unknown): value is Row =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);

/**
 * The draft and the published version of a related document, and its locales, are rows of one document: it is told
 * once. Without draft & publish, a document is related to all of them.
 */
const unique = (references: unknown[]): unknown[] => {
  const known = new Set<string>();
  return references.filter((reference) => {
    const key = JSON.stringify(reference);
    return known.has(key) ? false : known.add(key);
  });
};

/** A related document by what outlives publishing, which makes its row anew. */
const reference = (value: unknown): unknown => {
  if (Array.isArray(value)) return unique(value.map(reference));
  if (!isRow(value)) return value ?? null;
  const { documentId, id, __type } = value;
  return { ...(documentId ? { documentId } : { id }), ...(__type ? { __type } : {}) };
};

const fileReference = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(fileReference);
  if (!isRow(value)) return value ?? null;
  return { id: value.id, documentId: value.documentId, name: value.name, url: value.url };
};

/** Publishing and saving make component rows anew, so their ids say nothing. */
const withoutIds = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    const items = value.map(withoutIds);
    return value.every((item) => isRow(item) && typeof item.documentId === 'string')
      ? unique(items)
      : items;
  }
  if (!isRow(value)) return value ?? null;
  if (typeof value.documentId === 'string')
    return 'mime' in value ? fileReference(value) : reference(value);
  const result: Row = {};
  for (const name of Object.keys(value)) if (name !== 'id') result[name] = withoutIds(value[name]);
  return result;
};

/** A field's value as `changes` tells it: related documents and files by reference, components without row ids. */
const toldValue = (attribute: Attribute, value: unknown): unknown => {
  switch (attribute.type) {
    case 'relation':
      return reference(value);
    case 'media':
      return fileReference(value);
    case 'component':
    case 'dynamiczone':
      return withoutIds(value);
    default:
      return value ?? null;
  }
};

/** Both rows hold only what may leave; a field that neither has is no field of theirs. */
export const changesOf = (previous: Row, entry: Row, model: ContentModel): FieldChange[] => {
  const changes: FieldChange[] = [];
  for (const [field, attribute] of Object.entries(model.attributes)) {
    if (SYSTEM_ATTRIBUTES.has(field) || !(field in entry || field in previous)) continue;
    if (entry[field] === previous[field]) continue;
    const from = toldValue(attribute, previous[field]);
    const to = toldValue(attribute, entry[field]);
    if (!isSameJson(from, to)) changes.push({ field, from, to });
  }
  return changes;
};
