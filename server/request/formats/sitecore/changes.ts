/** What an edit changed, as Sitecore's `Changes` of a saved item. */
import type { FormatInput, Tree } from '../format-input';
import { fieldId, fieldText, versionedNames } from './fields';

export const changesOf = ({ event, model }: FormatInput): Tree => {
  const versioned = versionedNames(model);
  return {
    FieldChanges: event.changes.map(({ field, from, to }) => ({
      FieldId: fieldId(event, field),
      Value: fieldText(to),
      OriginalValue: fieldText(from),
      FieldName: field,
    })),
    PropertyChanges: [],
    IsUnversionedFieldChanged: false,
    IsSharedFieldChanged: event.changes.some(({ field }) => !versioned.has(field)),
  };
};
