/** What may leave: a document without its private and password attributes, however deep they sit. */
import { isKeptByStrapi, type Attribute, type ContentModel, type ModelOf } from './content-model';

type Row = Record<string, unknown>;
type Context = { modelOf: ModelOf; privateNames: ReadonlySet<string> };

const isRow = (value: unknown): value is Row =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);

export const isPrivate = (input: {
  model: ContentModel;
  name: string;
  privateNames: ReadonlySet<string>;
}): boolean => {
  const attribute = input.model.attributes[input.name];
  return (
    attribute?.private === true ||
    attribute?.type === 'password' ||
    input.privateNames.has(input.name) ||
    input.model.options?.privateAttributes?.includes(input.name) === true
  );
};

/** What Strapi keeps for itself stays as it is: nobody compares who edited a document last, and it costs a query. */
const opened = (model: ContentModel): ContentModel => ({
  ...model,
  options: { ...model.options, privateAttributes: [] },
  attributes: Object.fromEntries(
    Object.entries(model.attributes).map(([name, attribute]) => [
      name,
      {
        ...attribute,
        private: isKeptByStrapi(name, model) && attribute.private === true,
        type: attribute.type === 'password' ? 'string' : attribute.type,
      },
    ]),
  ),
});

/** The same models, as if nothing in them were private. */
export const withNothingPrivate = (modelOf: ModelOf): ModelOf => {
  const known = new Map<string, ContentModel | undefined>();
  return (uid) => {
    if (!known.has(uid)) {
      const model = modelOf(uid);
      known.set(uid, model && opened(model));
    }
    return known.get(uid);
  };
};

const modelUidOf = (attribute: Attribute, value: Row): string | undefined => {
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
};

const HOLDS_ROWS: ReadonlySet<string> = new Set(['component', 'dynamiczone', 'media', 'relation']);

const visibleValue = (attribute: Attribute, value: unknown, context: Context): unknown => {
  if (!HOLDS_ROWS.has(attribute.type)) return value;
  if (Array.isArray(value)) return value.map((item) => visibleValue(attribute, item, context));
  if (!isRow(value)) return value ?? null;
  const model = context.modelOf(modelUidOf(attribute, value) ?? '');
  // A row whose model is unknown cannot be told apart from a secret, so only its identity leaves.
  if (!model) return { id: value.id, documentId: value.documentId };
  return visible(value, model, context);
};

/**
 * A copy of a row as it may leave. Keys that are no attributes of the model (`id`, `__component`) stay,
 * relations and components are cleaned by their own models.
 */
export const visible = (row: Row, model: ContentModel, context: Context): Row => {
  const result: Row = {};
  for (const name of Object.keys(row)) {
    if (isPrivate({ model, name, privateNames: context.privateNames })) continue;
    const attribute = model.attributes[name];
    result[name] = attribute ? visibleValue(attribute, row[name], context) : row[name];
  }
  return result;
};
