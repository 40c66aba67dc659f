/** Applies a form to a draft, so that validations receive the content that will be published. Pure. */
import {
  isKeptByStrapi,
  type Attribute,
  type ContentModel,
  type ModelOf,
} from '../../strapi/model/content-model';

type Row = Record<string, unknown>;
type Reference = Row | string | number;
type Models = { model: ContentModel; modelOf: ModelOf };
type Place = { attribute: Attribute; modelOf: ModelOf };

const isRow = (value: unknown): value is Row =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function listOf(value: unknown): Reference[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]) as Reference[];
}

function relatedRows(value: unknown): Row[] {
  return listOf(value).map((reference) => {
    if (isRow(reference)) return reference;
    return typeof reference === 'number' ? { id: reference } : { documentId: reference };
  });
}

function identityOf({ documentId, id }: Row): string {
  return String(documentId ?? id);
}

/** `{ connect, disconnect }` changes the present relations; `{ set }` or a plain list replaces them. */
function related(before: unknown, given: unknown): Row[] {
  const order = isRow(given) ? given : {};
  if (!('connect' in order || 'disconnect' in order))
    return relatedRows('set' in order ? order.set : given);
  const connected = relatedRows(order.connect);
  const gone = new Set([...relatedRows(order.disconnect), ...connected].map(identityOf));
  return [...relatedRows(before).filter((row) => !gone.has(identityOf(row))), ...connected];
}

function isMany({ relation, repeatable, multiple, type }: Attribute): boolean {
  return Boolean(relation?.endsWith('Many') || repeatable || multiple || type === 'dynamiczone');
}

/** A form names a file by its id, or contains it whole; the stored file is the one that will be read back. */
function fileOf(before: unknown, given: unknown): unknown {
  if (given === null || given === undefined || given === '') return null;
  const id = isRow(given) ? given.id : given;
  const stored = listOf(before).find((file) => isRow(file) && String(file.id) === String(id));
  return stored ?? (isRow(given) ? given : { id });
}

/** A new component has every attribute, like a stored one. */
function blank({ attributes }: ContentModel): Row {
  const names = Object.entries(attributes);
  return Object.fromEntries(names.map(([name, one]) => [name, isMany(one) ? [] : null]));
}

/** The form means the stored component with the same row id; Strapi creates any other one. */
function componentOf(before: unknown, given: unknown, place: Place): unknown {
  if (!isRow(given)) return given ?? null;
  const model = place.modelOf(place.attribute.component ?? String(given.__component ?? ''));
  if (!model) return given;
  const stored = listOf(before).find(
    (item): item is Row =>
      isRow(item) &&
      given.id !== undefined &&
      String(item.id) === String(given.id) &&
      item.__component === given.__component,
  );
  const component = given.__component ? { __component: given.__component } : {};
  return overlay(stored ?? { ...component, ...blank(model) }, given, {
    model,
    modelOf: place.modelOf,
  });
}

function overlaid(before: unknown, given: unknown, place: Place): unknown {
  const { attribute } = place;
  const each = (value: (given: unknown) => unknown) =>
    Array.isArray(given) ? given.map(value) : value(given);
  switch (attribute.type) {
    case 'relation': {
      const rows = related(before, given);
      return isMany(attribute) ? rows : (rows.at(-1) ?? null);
    }
    case 'media':
      return each((one) => fileOf(before, one));
    case 'component':
    case 'dynamiczone':
      return each((one) => componentOf(before, one, place));
    default:
      return given;
  }
}

/** Takes attributes of the model only. The caller removes those that may not leave. */
export function overlay(draft: Row, form: Row, { model, modelOf }: Models): Row {
  const result = { ...draft };
  for (const [name, attribute] of Object.entries(model.attributes))
    if (name in form && !isKeptByStrapi(name, model))
      result[name] = overlaid(draft[name], form[name], { attribute, modelOf });
  return result;
}
