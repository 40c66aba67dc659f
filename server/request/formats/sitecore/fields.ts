/** A document's attributes as Sitecore fields: localised ones are versioned, the others shared. */
import type { WebhookEvent } from '../../../contract/event';
import { strictJson } from '../../../json/json-text';
import type { FormatInput, Tree } from '../format-input';
import { guidOf } from './guid';

/** Strapi's attributes change in place and have no numbered versions. */
export const VERSION = 1;

/** Said by the item itself, so no fields of it. */
const NO_FIELDS = new Set(['id', 'documentId', 'locale', 'localizations']);

/** Sitecore's `Value` is always text: JSON where the attribute is not scalar, empty for null. */
export const fieldText = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  return typeof value === 'object' ? strictJson(value) : String(value);
};

export const fieldId = (event: WebhookEvent, attribute: string) =>
  guidOf('field', event.uid ?? '', attribute);

/** `Language` is text too; the empty one is Sitecore's invariant language. */
export const languageOf = (event: WebhookEvent) => event.locale ?? '';

/** The names of the model's localised attributes; none where the content type is not localised. */
export const versionedNames = (model: FormatInput['model']): Set<string> =>
  new Set(
    model?.isLocalized
      ? model.attributes.filter((attribute) => attribute.isLocalized).map(({ name }) => name)
      : [],
  );

export const fieldsOf = ({ event, model }: FormatInput) => {
  const versioned = versionedNames(model);
  const Language = languageOf(event);
  const SharedFields: Tree[] = [];
  const VersionedFields: Tree[] = [];
  for (const [name, value] of Object.entries(event.entry ?? {})) {
    if (NO_FIELDS.has(name)) continue;
    const field = { Id: fieldId(event, name), Value: fieldText(value) };
    if (versioned.has(name)) {
      VersionedFields.push({ ...field, Version: VERSION, Language, FieldName: name });
    } else {
      SharedFields.push({ ...field, FieldName: name });
    }
  }
  return { SharedFields, UnversionedFields: [] as Tree[], VersionedFields };
};
