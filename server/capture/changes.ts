/** The changes between two versions of a document, field by field. */
import type { FieldChange } from '../contract/event';
import { isSameJson } from '../store/json';
import {
  isRow,
  SYSTEM_ATTRIBUTES,
  type Attribute,
  type TypeContext,
} from '../strapi/model/content-model';
import { isPrivate } from '../strapi/model/visible';

type Row = Record<string, unknown>;

/**
 * The draft, the published version and the locales of a related document are rows of one document: the document is named
 * once. A document without draft & publish is related to all of them.
 */
const unique = (references: unknown[]): unknown[] => {
  const known = new Set<string>();
  return references.filter((reference) => {
    const key = JSON.stringify(reference);
    return known.has(key) ? false : known.add(key);
  });
};

/** A related document without its row id: publishing makes a new row. */
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

/** `isWhole`: with private values, to find their changes; they are compared and never shown. */
type View = Pick<TypeContext, 'modelOf' | 'privateNames'> & { isWhole: boolean };

/**
 * A component as its model describes it. Its row id is left out, because publishing and saving make a new row. The type
 * of an attribute is never guessed from its value: JSON may hold an `id`, a `documentId` or a `mime` of its own.
 */
function componentValue(attribute: Attribute, value: unknown, view: View): unknown {
  if (Array.isArray(value)) return value.map((item) => componentValue(attribute, item, view));
  if (!isRow(value)) return value ?? null;
  const { id: _rowId, ...fields } = value;
  const { modelOf, privateNames, isWhole } = view;
  const model = modelOf(attribute.component ?? String(value.__component ?? ''));
  if (!model) return isWhole ? fields : null;
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, inner]) => {
      if (name === '__component') return [[name, inner]];
      const known = model.attributes[name];
      const isShown = isWhole || !isPrivate({ model, name, privateNames });
      return known && isShown ? [[name, comparedValue(known, inner, view)]] : [];
    }),
  );
}

/** A field's value as `changes` shows it: related documents and files by reference, components without row ids. */
function comparedValue(attribute: Attribute, value: unknown, view: View): unknown {
  switch (attribute.type) {
    case 'relation':
      return reference(value);
    case 'media':
      return fileReference(value);
    case 'component':
    case 'dynamiczone':
      return componentValue(attribute, value, view);
    default:
      return value ?? null;
  }
}

/** Both rows are whole. Fields that neither of them has are ignored. */
export function changesOf(previous: Row, entry: Row, type: TypeContext): FieldChange[] {
  return Object.keys(type.model.attributes).flatMap((field) => {
    const isCompared = !SYSTEM_ATTRIBUTES.has(field) && (field in entry || field in previous);
    if (!isCompared || entry[field] === previous[field]) return [];
    const change = changeOf(field, [previous[field], entry[field]], type);
    return change ? [change] : [];
  });
}

function changeOf(field: string, values: [unknown, unknown], type: TypeContext) {
  const { model, modelOf, privateNames } = type;
  const attribute = model.attributes[field] as Attribute;
  const seen = (isWhole: boolean) =>
    values.map((value) => comparedValue(attribute, value, { modelOf, privateNames, isWhole }));
  const [before, after] = seen(true);
  if (isSameJson(before, after)) return null;
  if (isPrivate({ model, name: field, privateNames })) return { field };
  const [from, to] = seen(false);
  return isSameJson(from, to) ? { field } : { field, from, to };
}
