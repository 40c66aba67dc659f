/** A content type as the admin panel shows it, and as the formats name things by it. */
import type { AttributeInfo, ContentTypeInfo } from '../../contract/content-type';
import {
  hasDraftAndPublish,
  isHidden,
  isLocalized,
  SYSTEM_ATTRIBUTES,
  type ContentModel,
} from './content-model';
import { isPrivate } from './visible';

type Input = { model: ContentModel; mainField: string | null; privateNames: ReadonlySet<string> };

const attributesOf = ({ model, privateNames }: Input): AttributeInfo[] =>
  Object.entries(model.attributes)
    .filter(([name]) => !SYSTEM_ATTRIBUTES.has(name))
    .filter(([name]) => !isPrivate({ model, name, privateNames }))
    .map(([name, attribute]) => ({
      name,
      type: attribute.type,
      // The i18n plugin keeps an attribute per locale unless it is told not to.
      isLocalized: isLocalized(model) && attribute.pluginOptions?.i18n?.localized !== false,
      isRepeatable: attribute.repeatable === true || attribute.multiple === true,
    }));

export const contentTypeInfo = (input: Input): ContentTypeInfo => {
  const attributes = attributesOf(input);
  const isKnown = attributes.some(({ name }) => name === input.mainField);
  return {
    uid: input.model.uid,
    modelName: input.model.modelName,
    displayName: input.model.info.displayName,
    kind: input.model.kind ?? 'collectionType',
    hasDraftAndPublish: hasDraftAndPublish(input.model),
    isLocalized: isLocalized(input.model),
    isHidden: isHidden(input.model),
    mainField: isKnown
      ? input.mainField
      : (attributes.find(({ type }) => type === 'string')?.name ?? null),
    attributes,
  };
};
