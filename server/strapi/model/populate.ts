/** What to load of a document so that an event can carry it: everything visible, relations one step deep. */
import type { Attribute, ContentModel, ModelOf } from './content-model';
import { isPrivate } from './visible';

export type Populate = Record<string, unknown>;
type Context = { modelOf: ModelOf; privateNames: ReadonlySet<string> };

const componentPopulate = (uid: string, context: Context): Populate => {
  const model = context.modelOf(uid);
  return { populate: model ? populateOf(model, context) : {} };
};

const attributePopulate = (attribute: Attribute, context: Context): unknown => {
  switch (attribute.type) {
    case 'relation':
    case 'media':
      return true;
    case 'component':
      return componentPopulate(attribute.component ?? '', context);
    case 'dynamiczone':
      return {
        on: Object.fromEntries(
          (attribute.components ?? []).map((uid) => [uid, componentPopulate(uid, context)]),
        ),
      };
    default:
      return undefined;
  }
};

/** The `populate` parameter of `strapi.db.query`; empty for a type of plain fields only. */
export const populateOf = (model: ContentModel, context: Context): Populate => {
  const result: Populate = {};
  for (const [name, attribute] of Object.entries(model.attributes)) {
    if (attribute.unstable_virtual || name === 'localizations') continue;
    if (isPrivate({ model, name, privateNames: context.privateNames })) continue;
    const populate = attributePopulate(attribute, context);
    if (populate !== undefined) result[name] = populate;
  }
  return result;
};
