/** The Strapi types of a field, by its path below a document: several where a dynamic zone's components differ. */
import type { Attribute, ModelOf } from './content-model';

/** Keys of every row that a schema does not name. */
const UNNAMED: Record<string, string> = { documentId: 'string', locale: 'string' };

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

/** @param uid a content type or a component; empty for a path that leads nowhere, or into JSON. */
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
