/** Walks a document, or its model, down through relations, components and dynamic zones. */
import { END_USER, isRow, type Attribute, type ContentModel, type ModelOf } from './content-model';
import { isPrivate } from './visible';

type Row = Record<string, unknown>;
type Context = { modelOf: ModelOf; privateNames: ReadonlySet<string> };

export type Populate = Record<string, unknown>;

/** The `populate` of a query for everything visible, with relations one step deep. */
export function populateOf(model: ContentModel, context: Context): Populate {
  const result: Populate = {};
  for (const [name, attribute] of Object.entries(model.attributes)) {
    if (attribute.unstable_virtual || name === 'localizations') continue;
    if (isPrivate({ model, name, privateNames: context.privateNames })) continue;
    const populate = attributePopulate(attribute, context);
    if (populate !== undefined) result[name] = populate;
  }
  return result;
}

function attributePopulate(attribute: Attribute, context: Context): unknown {
  const componentPopulate = (uid: string) => {
    const model = context.modelOf(uid);
    return { populate: model ? populateOf(model, context) : {} };
  };
  switch (attribute.type) {
    case 'relation':
    case 'media':
      return true;
    case 'component':
      return componentPopulate(attribute.component ?? '');
    case 'dynamiczone':
      return {
        on: Object.fromEntries(
          (attribute.components ?? []).map((uid) => [uid, componentPopulate(uid)]),
        ),
      };
    default:
      return undefined;
  }
}

/** Keys of every row that a schema does not name. */
const UNNAMED: Record<string, string> = { documentId: 'string', locale: 'string' };

/**
 * The Strapi types of a field, by its path below a content type or component: several where a dynamic zone's components
 * differ, none for a path that leads nowhere or into JSON.
 */
export function typesAt(uid: string, path: readonly string[], modelOf: ModelOf): string[] {
  const [name = '', ...deeper] = path;
  const attribute = modelOf(uid)?.attributes[name];
  if (deeper.length === 0) {
    const type = attribute?.type ?? UNNAMED[name];
    return type === undefined ? [] : [type];
  }
  const below = attribute ? modelsBelow(attribute) : [];
  return [...new Set(below.flatMap((model) => typesAt(model, deeper, modelOf)))];
}

/** The models that a value of this attribute can have. */
function modelsBelow(attribute: Attribute): string[] {
  switch (attribute.type) {
    case 'component':
      return [attribute.component ?? ''];
    case 'dynamiczone':
      return attribute.components ?? [];
    case 'media':
      return ['plugin::upload.file'];
    case 'relation':
      return [attribute.target ?? ''];
    default:
      return [];
  }
}

/** Whether a document of a type can hold related end users, however deep in its components. */
export function relatesToEndUsers(uid: string, { modelOf, privateNames }: Context): boolean {
  const seen = new Set<string>();
  return reaches(uid);

  function reaches(at: string): boolean {
    const model = modelOf(at);
    if (!model || seen.has(at)) return false;
    seen.add(at);
    return Object.entries(model.attributes).some(
      ([name, attribute]) => !isPrivate({ model, name, privateNames }) && leadsThere(attribute),
    );
  }

  function leadsThere({ type, target, component, components }: Attribute): boolean {
    // A relation without a target may lead to any type.
    if (type === 'relation') return target === undefined || target === END_USER;
    if (type === 'component') return reaches(component ?? '');
    return type === 'dynamiczone' && (components ?? []).some(reaches);
  }
}

export type Related = { uid: string; row: Row };
type Replacing = { modelOf: ModelOf; replace(related: Related): unknown };

/** A copy of a row in which each related document is replaced. Files of media fields belong to the document and stay. */
export function withRelated(row: Row, model: ContentModel, options: Replacing): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const attribute = model.attributes[name];
      return [name, attribute ? replaced(attribute, value, options) : value];
    }),
  );
}

const HOLDS_ROWS: ReadonlySet<string> = new Set(['relation', 'component', 'dynamiczone']);

function replaced(attribute: Attribute, value: unknown, options: Replacing): unknown {
  if (Array.isArray(value) && HOLDS_ROWS.has(attribute.type))
    return value.map((item) => replaced(attribute, item, options));
  if (!isRow(value)) return value;
  switch (attribute.type) {
    case 'relation':
      return options.replace({ uid: targetOf(attribute, value), row: value });
    case 'component':
      return inside(value, attribute.component, options);
    case 'dynamiczone':
      return inside(value, value.__component as string | undefined, options);
    default:
      return value;
  }
}

/** A morph relation names the type in each row. */
function targetOf({ target }: Attribute, row: Row): string {
  return target ?? (typeof row.__type === 'string' ? row.__type : '');
}

function inside(row: Row, component: string | undefined, options: Replacing): Row {
  const model = options.modelOf(component ?? '');
  return model ? withRelated(row, model, options) : { id: row.id };
}

/** Enough to know which document it is, and nothing of its content. */
export const identityOf = ({ id, documentId, __type }: Row): Row => ({
  id,
  documentId,
  ...(__type === undefined ? {} : { __type }),
});
