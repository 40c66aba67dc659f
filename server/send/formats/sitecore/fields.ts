/** A document's attributes as Sitecore fields: localised ones are versioned, the others shared. */
import type { WebhookEvent } from '../../../contract/event';
import type { FormatInput, Tree } from '../format-input';
import { guidOf } from './guid';
import { languageOf, VERSION } from './language';
import { standardFieldsOf } from './standard-fields';
import { storedText, typesOf } from './values';

/** Said by the item itself, so no fields of it. */
const NO_FIELDS = new Set(['id', 'documentId', 'locale', 'localizations']);

export const fieldId = (event: WebhookEvent, attribute: string) =>
  guidOf('field', event.uid ?? '', attribute);

/** The names of the model's localised attributes; none where the content type is not localised. */
export const versionedNames = (model: FormatInput['model']): Set<string> =>
  new Set(
    model?.isLocalized
      ? model.attributes.filter((attribute) => attribute.isLocalized).map(({ name }) => name)
      : [],
  );

export const fieldsOf = (input: FormatInput) => {
  const { event, model } = input;
  const versioned = versionedNames(model);
  const typeOf = typesOf(model);
  const Language = languageOf(input);
  const SharedFields: Tree[] = [];
  const VersionedFields: Tree[] = [];
  for (const [name, value] of Object.entries(event.entry ?? {})) {
    if (NO_FIELDS.has(name)) continue;
    const field = { Id: fieldId(event, name), Value: storedText(value, typeOf(name)) };
    if (versioned.has(name)) {
      VersionedFields.push({ ...field, Version: VERSION, Language, FieldName: name });
    } else {
      SharedFields.push({ ...field, FieldName: name });
    }
  }
  return {
    SharedFields,
    UnversionedFields: [] as Tree[],
    VersionedFields: [...VersionedFields, ...standardFieldsOf(input)],
  };
};
