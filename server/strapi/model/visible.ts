/** Private and password attributes, however deep they sit: what may leave of a document, and of its model. */
import type { AttributeInfo, ContentTypeInfo } from '../../contract/content-type';
import {
  hasDraftAndPublish,
  isHidden,
  isKeptByStrapi,
  isLocalized,
  isRow,
  SYSTEM_ATTRIBUTES,
  type Attribute,
  type ContentModel,
  type ModelOf,
} from './content-model';

type Row = Record<string, unknown>;
type Context = { modelOf: ModelOf; privateNames: ReadonlySet<string> };

export function isPrivate(input: {
  model: ContentModel;
  name: string;
  privateNames: ReadonlySet<string>;
}): boolean {
  const { model, name, privateNames } = input;
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
export function visible(row: Row, model: ContentModel, context: Context): Row {
  const result: Row = {};
  for (const name of Object.keys(row)) {
    if (isPrivate({ model, name, privateNames: context.privateNames })) continue;
    const attribute = model.attributes[name];
    result[name] = attribute ? visibleValue(attribute, row[name], context) : row[name];
  }
  return result;
}

const HOLDS_ROWS: ReadonlySet<string> = new Set(['component', 'dynamiczone', 'media', 'relation']);

function visibleValue(attribute: Attribute, value: unknown, context: Context): unknown {
  if (!HOLDS_ROWS.has(attribute.type)) return value;
  if (Array.isArray(value)) return value.map((item) => visibleValue(attribute, item, context));
  if (!isRow(value)) return value ?? null;
  const model = context.modelOf(modelUidOf(attribute, value) ?? '');
  // Without its model, nobody knows which values of the row are secret, so only its identity leaves.
  if (!model) return { id: value.id, documentId: value.documentId };
  return visible(value, model, context);
}

function modelUidOf(attribute: Attribute, value: Row): string | undefined {
  switch (attribute.type) {
    case 'component':
      return attribute.component;
    case 'dynamiczone':
      return value.__component as string | undefined;
    case 'media':
      return 'plugin::upload.file';
    case 'relation':
      return attribute.target ?? (value.__type as string | undefined);
    default:
      return undefined;
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

type Described = {
  model: ContentModel;
  mainField: string | null;
  privateNames: ReadonlySet<string>;
};

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
    .filter(([name]) => !SYSTEM_ATTRIBUTES.has(name) && !isPrivate({ model, name, privateNames }))
    .map(([name, attribute]) => ({
      name,
      type: attribute.type,
      // The i18n plugin keeps an attribute per locale unless its model says otherwise.
      isLocalized: isLocalized(model) && attribute.pluginOptions?.i18n?.localized !== false,
      isRepeatable: attribute.repeatable === true || attribute.multiple === true,
    }));
}
