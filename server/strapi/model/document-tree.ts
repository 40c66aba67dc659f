/** Walks a document, or its model, through relations, components and dynamic zones: what is private, and what may leave. */
import type { AttributeInfo, ContentTypeInfo } from '../../contract/content-type';
import {
  END_USER,
  hasDraftAndPublish,
  isHidden,
  isKeptByStrapi,
  isLocalized,
  isRow,
  SYSTEM_ATTRIBUTES,
  type Attribute,
  type ContentModel,
  type ModelOf,
  type TypeContext,
} from './content-model';

type Row = Record<string, unknown>;
type Context = Pick<TypeContext, 'modelOf' | 'privateNames'>;

/** Private and password attributes. */
export function isPrivate(
  name: string,
  { model, privateNames }: Pick<TypeContext, 'model' | 'privateNames'>,
): boolean {
  const attribute = model.attributes[name];
  return (
    attribute?.private === true ||
    attribute?.type === 'password' ||
    privateNames.has(name) ||
    model.options?.privateAttributes?.includes(name) === true
  );
}

/**
 * A copy of a row as it may leave. Keys that are no attributes of the model (`id`, `__component`) stay, relations and
 * components are cleaned by their own models.
 */
export function visible(row: Row, type: TypeContext): Row {
  const result: Row = {};
  for (const name of Object.keys(row)) {
    if (isPrivate(name, type)) continue;
    result[name] = withRows(type.model.attributes[name], row[name], ({ uid, row: below }) => {
      const model = type.modelOf(uid);
      // Without its model, nobody knows which values of the row are secret, so only its identity leaves.
      return model
        ? visible(below, { ...type, model })
        : { id: below.id, documentId: below.documentId };
    });
  }
  return result;
}

export type Related = { uid: string; row: Row };
type Replacing = { modelOf: ModelOf; replace(related: Related): unknown };

/** A copy of a row in which each related document is replaced. Files of media fields belong to the document and stay. */
export function withRelated(row: Row, model: ContentModel, options: Replacing): Row {
  const replaced = ({ uid, row: below }: Related, type: string): unknown => {
    if (type === 'media') return below;
    if (type === 'relation') return options.replace({ uid, row: below });
    const component = options.modelOf(uid);
    return component ? withRelated(below, component, options) : { id: below.id };
  };
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      withRows(model.attributes[name], value, replaced),
    ]),
  );
}

const HOLDS_ROWS: ReadonlySet<string> = new Set(['component', 'dynamiczone', 'media', 'relation']);

/** A value of an attribute, with each row in it replaced: of a component, a related document or a file. */
function withRows(
  attribute: Attribute | undefined,
  value: unknown,
  replace: (below: Related, type: string) => unknown,
): unknown {
  if (!attribute || !HOLDS_ROWS.has(attribute.type)) return value;
  if (Array.isArray(value)) return value.map((item) => withRows(attribute, item, replace));
  if (!isRow(value)) return value ?? null;
  return replace({ uid: modelUidOf(attribute, value), row: value }, attribute.type);
}

/** The model of a row below an attribute. A dynamic zone and a morph relation name it in each row. */
function modelUidOf(attribute: Attribute, row: Row): string {
  switch (attribute.type) {
    case 'component':
      return attribute.component ?? '';
    case 'dynamiczone':
      return String(row.__component ?? '');
    case 'media':
      return 'plugin::upload.file';
    default:
      return attribute.target ?? String(row.__type ?? '');
  }
}

/** Enough to know which document it is, and nothing of its content. */
export const identityOf = ({ id, documentId, __type }: Row): Row => ({
  id,
  documentId,
  ...(__type === undefined ? {} : { __type }),
});

export type Populate = Record<string, unknown>;

/** The `populate` of a query for everything visible, with relations one step deep. */
export function populateOf(model: ContentModel, context: Context): Populate {
  const result: Populate = {};
  for (const [name, attribute] of Object.entries(model.attributes)) {
    if (attribute.unstable_virtual || name === 'localizations') continue;
    if (isPrivate(name, { ...context, model })) continue;
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
 * The Strapi types of a field, by its path below a content type or component: several if a dynamic zone's components
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
function modelsBelow({ type, component, components, target }: Attribute): string[] {
  if (type === 'component') return [component ?? ''];
  if (type === 'dynamiczone') return components ?? [];
  if (type === 'media') return ['plugin::upload.file'];
  return type === 'relation' ? [target ?? ''] : [];
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
      ([name, attribute]) => !isPrivate(name, { model, privateNames }) && leadsThere(attribute),
    );
  }

  function leadsThere({ type, target, component, components }: Attribute): boolean {
    // A relation without a target may lead to any type.
    if (type === 'relation') return target === undefined || target === END_USER;
    if (type === 'component') return reaches(component ?? '');
    return type === 'dynamiczone' && (components ?? []).some(reaches);
  }
}

/** The same models, as if nothing in them were private. */
export function withNothingPrivate(modelOf: ModelOf): ModelOf {
  const known = new Map<string, ContentModel | undefined>();
  return (uid) => {
    if (!known.has(uid)) {
      const model = modelOf(uid);
      known.set(uid, model && opened(model));
    }
    return known.get(uid);
  };
}

/** Strapi's own attributes stay private: nobody compares who edited a document last, and reading it costs a query. */
function opened(model: ContentModel): ContentModel {
  const attributes = Object.entries(model.attributes).map(([name, attribute]) => [
    name,
    {
      ...attribute,
      private: isKeptByStrapi(name, model) && attribute.private === true,
      type: attribute.type === 'password' ? 'string' : attribute.type,
    },
  ]);
  return {
    ...model,
    options: { ...model.options, privateAttributes: [] },
    attributes: Object.fromEntries(attributes),
  };
}

type Described = Pick<TypeContext, 'model' | 'privateNames'> & { mainField: string | null };

/** A content type as the admin panel shows it, and as the formats name things by it. */
export function contentTypeInfo({ model, mainField, privateNames }: Described): ContentTypeInfo {
  const attributes = attributeInfos(model, privateNames);
  const isKnown = attributes.some(({ name }) => name === mainField);
  return {
    uid: model.uid,
    modelName: model.modelName,
    displayName: model.info.displayName,
    kind: model.kind ?? 'collectionType',
    hasDraftAndPublish: hasDraftAndPublish(model),
    isLocalized: isLocalized(model),
    isHidden: isHidden(model),
    mainField: isKnown
      ? mainField
      : (attributes.find(({ type }) => type === 'string')?.name ?? null),
    attributes,
  };
}

function attributeInfos(model: ContentModel, privateNames: ReadonlySet<string>): AttributeInfo[] {
  return Object.entries(model.attributes)
    .filter(([name]) => !SYSTEM_ATTRIBUTES.has(name) && !isPrivate(name, { model, privateNames }))
    .map(([name, attribute]) => ({
      name,
      type: attribute.type,
      // The i18n plugin keeps an attribute per locale unless its model says otherwise.
      isLocalized: isLocalized(model) && attribute.pluginOptions?.i18n?.localized !== false,
      isRepeatable: attribute.repeatable === true || attribute.multiple === true,
    }));
}
