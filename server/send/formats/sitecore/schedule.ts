/**
 * A schedule as an item of its own, below the document that it publishes or archives: it is added, saved and deleted.
 * What it does to the document is told as of the document.
 */
import type { ScheduleFacts } from '../../../contract/event';
import type { FormatInput, Tree } from '../format-input';
import { EMPTY_GUID, guidOf } from './guid';
import { itemId, nameOf, urlOf } from './item';
import { languageOf, VERSION } from './language';
import { standardFieldsWithoutState } from './standard-fields';
import { storedText } from './values';

const TEMPLATE = 'Schedule';
const FIELDS = ['publishAt', 'archiveAt', 'timezone', 'state', 'error'] as const;

/** Its times are dates, as those of Sitecore's publishing restrictions are. */
const typeOf = (name: string) =>
  name === 'publishAt' || name === 'archiveAt' ? 'datetime' : 'string';

const idOfField = (name: string) => guidOf('field', 'schedule', name);

const headOf = (schedule: ScheduleFacts, input: FormatInput): Tree => ({
  Language: languageOf(input),
  Version: VERSION,
  Id: guidOf('schedule', schedule.id),
  Name: nameOf(input),
  ParentId: itemId(input),
  TemplateId: guidOf('template', 'schedule'),
});

const bodyOf = (schedule: ScheduleFacts, input: FormatInput): Tree => ({
  MasterId: EMPTY_GUID,
  SharedFields: FIELDS.map((name) => ({
    Id: idOfField(name),
    Value: storedText(schedule[name], typeOf(name)),
    FieldName: name,
  })),
  UnversionedFields: [],
  VersionedFields: standardFieldsWithoutState(
    input,
    input.event.name === 'schedule.create' ? { createdAt: input.event.time } : {},
  ),
});

const ours = ({ uid, documentId, id }: ScheduleFacts, input: FormatInput): Tree => ({
  Path: `/${uid}/${documentId}/schedules/${id}`,
  Url: urlOf(input),
});

const changesOf = ({ event }: FormatInput): Tree => ({
  FieldChanges: event.changes.map(({ field, from, to }) => ({
    FieldId: idOfField(field),
    Value: storedText(to, typeOf(field)),
    OriginalValue: storedText(from, typeOf(field)),
    FieldName: field,
  })),
  PropertyChanges: [],
  IsUnversionedFieldChanged: false,
  IsSharedFieldChanged: event.changes.length > 0,
});

const itemOf = (schedule: ScheduleFacts, input: FormatInput): Tree => ({
  ...headOf(schedule, input),
  TemplateName: TEMPLATE,
  ...bodyOf(schedule, input),
  ...ours(schedule, input),
});

/** As with any deleted item, the template's name is none of theirs. */
const deletedItemOf = (schedule: ScheduleFacts, input: FormatInput): Tree => ({
  ...headOf(schedule, input),
  ...bodyOf(schedule, input),
  TemplateName: TEMPLATE,
  ...ours(schedule, input),
});

/** Null for a step, which is the document's, and for a failure, which Sitecore has no event for. */
export const scheduleSubject = (name: string, input: FormatInput): Tree | null => {
  const { schedule } = input.event;
  if (!schedule) return null;
  if (name === 'item:added') return { Item: itemOf(schedule, input) };
  if (name === 'item:saved') return { Item: itemOf(schedule, input), Changes: changesOf(input) };
  if (name === 'item:deleted')
    return { Item: deletedItemOf(schedule, input), ParentID: itemId(input) };
  return null;
};
