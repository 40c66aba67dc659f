/** The related documents inside a document, however deep in components and dynamic zones. Pure. */
import type { Attribute, ContentModel, ModelOf } from '../model/content-model';

type Row = Record<string, unknown>;
export type Related = { uid: string; row: Row };

type Options = { modelOf: ModelOf; replace(related: Related): unknown };

const isRow = (value: unknown): value is Row =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);

/** A copy of a row in which each related document is replaced. Files of media fields belong to the document and stay. */
export function withRelated(row: Row, model: ContentModel, options: Options): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const attribute = model.attributes[name];
      return [name, attribute ? replaced(attribute, value, options) : value];
    }),
  );
}

function replaced(attribute: Attribute, value: unknown, options: Options): unknown {
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

const HOLDS_ROWS: ReadonlySet<string> = new Set(['relation', 'component', 'dynamiczone']);

/** A morph relation names the type in each row. */
function targetOf({ target }: Attribute, row: Row): string {
  return target ?? (typeof row.__type === 'string' ? row.__type : '');
}

function inside(row: Row, component: string | undefined, options: Options): Row {
  const model = options.modelOf(component ?? '');
  return model ? withRelated(row, model, options) : { id: row.id };
}
