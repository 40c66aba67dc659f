/** Fields that every item of Sitecore has, under ids that are the same in every installation. Receivers look them up. */
import type { WebhookEvent } from '../../../contract/event';
import type { BodyWebhook, FormatInput, Tree } from '../format-input';
import { userName } from './account';
import { braced, guidOf } from './guid';
import { languageOf, VERSION } from './language';
import { storedDate } from './values';

/** The date of an item that does not say when it was created. */
const NO_DATE = '00010101T000000Z';

/**
 * While an action of a command runs, the document is still in the state before, as in Sitecore; a refused one stays
 * there. An action of a state, and an event, find it in the state after.
 */
function transitionState(event: WebhookEvent, on: BodyWebhook['on']) {
  if (!event.transition) return null;
  const { workflow, from, to } = event.transition;
  const isBefore = on === 'command' || event.name === 'workflow.refused' || to === null;
  return { workflow: workflow.id, state: isBefore ? from.key : to.key };
}

function stateId({ event, webhook }: FormatInput): string {
  const at = transitionState(event, webhook.on) ?? event.workflowState;
  return at ? braced(guidOf('state', at.workflow, at.state)) : '';
}

function dateOf(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? storedDate(value) : fallback;
}

export type Dates = { createdAt?: unknown; updatedAt?: unknown };

function fieldsOf(input: FormatInput, state: string, { createdAt, updatedAt }: Dates): Tree[] {
  const fields = [
    ['3e431de1-525e-47a3-b6b0-1ccbec3a8c98', '__Workflow state', state],
    ['badd9cf9-53e0-4d0c-bcc0-2d784c282f6a', '__Updated by', userName(input)],
    ['25bed78c-4957-4165-998a-ca1b52f67497', '__Created', dateOf(createdAt, NO_DATE)],
    [
      'd9cf14b1-fa16-4ba6-9288-e8a174d4d522',
      '__Updated',
      dateOf(updatedAt, storedDate(input.event.time)),
    ],
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

/** Of a document or a file. `__Updated by` is who caused the event. */
export function standardFieldsOf(input: FormatInput): Tree[] {
  return fieldsOf(input, stateId(input), input.event.entry ?? {});
}

/** Of an item that no workflow governs. */
export function standardFieldsWithoutState(input: FormatInput, dates: Dates): Tree[] {
  return fieldsOf(input, '', dates);
}
