/** What an edit changed, as Sitecore's `Changes` of a saved item. */
import type { FormatInput, Tree } from '../format-input';
import { fieldId, versionedNames } from './fields';
import { storedText, typesOf } from './values';

export const changesOf = ({ event, model }: FormatInput): Tree => {
  const versioned = versionedNames(model);
  const typeOf = typesOf(model);
  return {
    FieldChanges: event.changes.map(({ field, from, to }) => ({
      FieldId: fieldId(event, field),
      Value: storedText(to, typeOf(field)),
      OriginalValue: storedText(from, typeOf(field)),
      FieldName: field,
    })),
    PropertyChanges: [],
    IsUnversionedFieldChanged: false,
    IsSharedFieldChanged: event.changes.some(({ field }) => !versioned.has(field)),
  };
};
