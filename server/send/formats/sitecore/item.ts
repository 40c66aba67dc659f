/** A document, a file or a schedule as a Sitecore item. Keys and their order are Sitecore's; our own keys come after. */
import { traitsOf } from '../../../contract/catalogue';
import type { FieldChange, ScheduleFacts, WebhookEvent } from '../../../contract/event';
import type { BodyWebhook, FormatInput, Tree } from '../formats';
import {
  braced,
  EMPTY_GUID,
  fieldText,
  guidOf,
  languageOf,
  storedDate,
  storedText,
  typesOf,
  userName,
  VERSION,
} from './values';

export const itemId = ({ event }: FormatInput) =>
  guidOf('document', event.uid ?? '', event.documentId ?? '');

export const parentId = ({ event }: FormatInput) => guidOf('collection', event.uid ?? '');

/** A document or a file as an item. */
export const itemOf = (input: FormatInput, isDeleted = false): Tree =>
  assembled(input, {
    id: itemId(input),
    parentId: parentId(input),
    templateId: guidOf('template', input.event.uid ?? ''),
    templateName: input.model?.displayName ?? input.event.model ?? '',
    fields: fieldsOf(input),
    path: `/${input.event.uid ?? ''}/${input.event.documentId ?? ''}`,
    isDeleted,
  });

type Parts = {
  id: string;
  parentId: string;
  templateId: string;
  templateName: string;
  fields: Tree;
  path: string;
  isDeleted: boolean;
};

/** Sitecore names no template of a deleted item, so the template comes among our own keys. */
function assembled(input: FormatInput, parts: Parts): Tree {
  const template = { TemplateName: parts.templateName };
  return {
    Language: languageOf(input),
    Version: VERSION,
    Id: parts.id,
    Name: nameOf(input),
    ParentId: parts.parentId,
    TemplateId: parts.templateId,
    ...(parts.isDeleted ? {} : template),
    MasterId: EMPTY_GUID,
    ...parts.fields,
    ...(parts.isDeleted ? template : {}),
    Path: parts.path,
    Url: urlOf(input),
  };
}

/** The document's main field; without one its `name`, which a file has; at last its id. */
function nameOf({ event, model }: FormatInput): string {
  const main = model?.mainField ? event.entry?.[model.mainField] : undefined;
  return fieldText(main) || fieldText(event.entry?.name) || (event.documentId ?? '');
}

/** Where a person finds it: a file's own address, or the document's page below the admin's root. */
function urlOf({ event, model }: FormatInput): string {
  const uid = event.uid ?? '';
  if (traitsOf(event.name)?.group === 'media') return fieldText(event.entry?.url);
  const page =
    model?.kind === 'singleType'
      ? `/content-manager/single-types/${uid}`
      : `/content-manager/collection-types/${uid}/${event.documentId ?? ''}`;
  return event.locale ? `${page}?plugins[i18n][locale]=${encodeURIComponent(event.locale)}` : page;
}

/** The item itself has these, so they are no fields. */
const NO_FIELDS = new Set(['id', 'documentId', 'locale', 'localizations']);

const fieldId = (event: WebhookEvent, attribute: string) =>
  guidOf('field', event.uid ?? '', attribute);

/** The names of the model's localised attributes; none where the content type is not localised. */
const versionedNames = (model: FormatInput['model']): Set<string> =>
  new Set(
    model?.isLocalized
      ? model.attributes.filter((attribute) => attribute.isLocalized).map(({ name }) => name)
      : [],
  );

/** A document's attributes as Sitecore fields: localised ones are versioned, the others shared. */
function fieldsOf(input: FormatInput) {
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
  VersionedFields.push(...standardFields(input, stateId(input), event.entry ?? {}));
  return { SharedFields, UnversionedFields: [] as Tree[], VersionedFields };
}

/** The date of an item that does not say when it was created. */
const NO_DATE = '00010101T000000Z';

/**
 * The fields that every item of Sitecore has, under ids that are the same in every installation, because receivers look
 * them up. `__Updated by` is the actor of the event.
 */
function standardFields(
  input: FormatInput,
  state: string,
  dates: { createdAt?: unknown; updatedAt?: unknown },
): Tree[] {
  const created = dateOf(dates.createdAt, NO_DATE);
  const updated = dateOf(dates.updatedAt, storedDate(input.event.time));
  const fields = [
    ['3e431de1-525e-47a3-b6b0-1ccbec3a8c98', '__Workflow state', state],
    ['badd9cf9-53e0-4d0c-bcc0-2d784c282f6a', '__Updated by', userName(input)],
    ['25bed78c-4957-4165-998a-ca1b52f67497', '__Created', created],
    ['d9cf14b1-fa16-4ba6-9288-e8a174d4d522', '__Updated', updated],
  ];
  const Language = languageOf(input);
  return fields.map(([Id, FieldName, Value]) => ({
    Id,
    Value,
    Version: VERSION,
    Language,
    FieldName,
  }));
}

function dateOf(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? storedDate(value) : fallback;
}

function stateId({ event, webhook }: FormatInput): string {
  const at = transitionState(event, webhook.on) ?? event.workflowState;
  return at ? braced(guidOf('state', at.workflow, at.state)) : '';
}

/**
 * While an action of a command runs, the document is still in the state before, as in Sitecore; a refused one stays
 * there. An action of a state, and an event, find the document in the state after.
 */
function transitionState(event: WebhookEvent, on: BodyWebhook['on']) {
  if (!event.transition) return null;
  const { workflow, from, to } = event.transition;
  const isBefore = on === 'command' || event.name === 'workflow.refused' || to === null;
  return { workflow: workflow.id, state: isBefore ? from.key : to.key };
}

/** The changes of an edit, as Sitecore's `Changes` of a saved item. */
export function changesOf({ event, model }: FormatInput): Tree {
  const versioned = versionedNames(model);
  const typeOf = typesOf(model);
  return {
    FieldChanges: event.changes.map((change) =>
      fieldChange(change, { id: fieldId(event, change.field), type: typeOf(change.field) }),
    ),
    PropertyChanges: [],
    IsUnversionedFieldChanged: false,
    IsSharedFieldChanged: event.changes.some(({ field }) => !versioned.has(field)),
  };
}

const fieldChange = (
  { field, from, to }: FieldChange,
  { id, type }: { id: string; type: string | undefined },
): Tree => ({
  FieldId: id,
  Value: storedText(to, type),
  OriginalValue: storedText(from, type),
  FieldName: field,
});

/**
 * A schedule as an item of its own, below the document that it publishes or archives: an item that is added, saved and
 * deleted. Null for a step of a schedule, which is an event of the document, and for a failure, which Sitecore has no
 * event for.
 */
export function scheduleSubject(name: string, input: FormatInput): Tree | null {
  const { schedule } = input.event;
  if (!schedule) return null;
  if (name === 'item:added') return { Item: scheduleItem(schedule, input) };
  if (name === 'item:saved')
    return { Item: scheduleItem(schedule, input), Changes: scheduleChanges(input) };
  if (name === 'item:deleted')
    return { Item: scheduleItem(schedule, input, true), ParentID: itemId(input) };
  return null;
}

function scheduleItem(schedule: ScheduleFacts, input: FormatInput, isDeleted = false): Tree {
  const { name, time } = input.event;
  return assembled(input, {
    id: guidOf('schedule', schedule.id),
    parentId: itemId(input),
    templateId: guidOf('template', 'schedule'),
    templateName: 'Schedule',
    fields: {
      SharedFields: SCHEDULE_FIELDS.map((field) => ({
        Id: scheduleFieldId(field),
        Value: storedText(schedule[field], scheduleFieldType(field)),
        FieldName: field,
      })),
      UnversionedFields: [],
      // No workflow governs a schedule, so its state is empty.
      VersionedFields: standardFields(
        input,
        '',
        name === 'schedule.create' ? { createdAt: time } : {},
      ),
    },
    path: `/${schedule.uid}/${schedule.documentId}/schedules/${schedule.id}`,
    isDeleted,
  });
}

const scheduleChanges = ({ event }: FormatInput): Tree => ({
  FieldChanges: event.changes.map((change) =>
    fieldChange(change, {
      id: scheduleFieldId(change.field),
      type: scheduleFieldType(change.field),
    }),
  ),
  PropertyChanges: [],
  IsUnversionedFieldChanged: false,
  IsSharedFieldChanged: event.changes.length > 0,
});

const SCHEDULE_FIELDS = ['publishAt', 'archiveAt', 'timezone', 'state', 'error'] as const;

const scheduleFieldId = (name: string) => guidOf('field', 'schedule', name);

/** Its times are dates, as those of Sitecore's publishing restrictions are. */
const scheduleFieldType = (name: string) =>
  name === 'publishAt' || name === 'archiveAt' ? 'datetime' : 'string';
