/** The bodies of Sitecore XM Cloud's event handlers and workflow actions, so that their receivers need no change. */
import { traitsOf } from '../../../contract/catalogue';
import type { WebhookEvent } from '../../../contract/event';
import type { FormatInput, Tree } from '../format-input';
import { actionOf, moveOf } from './action';
import { changesOf } from './changes';
import { guidOf } from './guid';
import { deletedItemOf, itemOf, parentId } from './item';
import { scheduleSubject } from './schedule';
import { publisherOptionsOf, replicationOptionsOf } from './publisher-options';

const EVENT_NAMES = new Map([
  ['entry.create', 'item:added'],
  ['entry.update', 'item:saved'],
  ['entry.draft-discard', 'item:saved'],
  ['entry.delete', 'item:deleted'],
  ['entry.publish', 'publish:end'],
  ['entry.unpublish', 'item:versionRemoved'],
  ['media.create', 'item:added'],
  ['media.update', 'item:saved'],
  ['media.delete', 'item:deleted'],
  ['schedule.create', 'item:added'],
  ['schedule.update', 'item:saved'],
  ['schedule.delete', 'item:deleted'],
  ['schedule.publish', 'publish:end'],
  ['schedule.archive', 'item:versionRemoved'],
  ['replication.started', 'publish:begin'],
  ['replication.completed', 'publish:end'],
  ['replication.failed', 'publish:fail'],
]);

/** An event that Sitecore has no name for keeps ours, with a colon for the full stop. */
const sitecoreName = (event: WebhookEvent): string => {
  const traits = traitsOf(event.name);
  // A screen is an item like any other there.
  const name = traits?.group === 'screen' ? `entry.${traits.verb}` : event.name;
  if (name === 'entry.create' && event.isNewLocale) return 'item:versionAdded';
  return EVENT_NAMES.get(name) ?? event.name.replaceAll('.', ':');
};

/** Sitecore writes `ParentId` inside an item, but `ParentID` beside it. */
const subjectOf = (name: string, input: FormatInput): Tree => {
  const { replication } = input.event;
  if (replication) return { PublisherOptions: replicationOptionsOf(replication, input) };
  const ofSchedule = scheduleSubject(name, input);
  if (ofSchedule) return ofSchedule;
  if (name === 'publish:end') return { PublisherOptions: publisherOptionsOf(input) };
  if (name === 'item:saved') return { Item: itemOf(input), Changes: changesOf(input) };
  if (name === 'item:deleted') return { Item: deletedItemOf(input), ParentID: parentId(input) };
  const { documentId, transition } = input.event;
  return documentId === null && !transition ? {} : { Item: itemOf(input) };
};

/** A publication has its document's GUID only, a webhook's event no item, a move no name and a schedule no time there: ours to add. */
const addedTo = (name: string, input: FormatInput): Tree => {
  if (input.event.replication) return { Replication: input.event.replication };
  const { schedule } = input.event;
  const told = schedule ? { Schedule: schedule } : {};
  if (name === 'publish:end') return { Item: itemOf(input), ...told };
  if (schedule) return told;
  if (input.event.transition) return moveOf(input.event.transition, input);
  const { documentId, entry, changes } = input.event;
  const isToldAlready = name === 'item:saved' || changes.length === 0;
  return {
    ...(documentId === null ? { Data: entry } : {}),
    ...(isToldAlready ? {} : { Changes: changesOf(input) }),
  };
};

const eventOf = (input: FormatInput): Tree => {
  const name = sitecoreName(input.event);
  return {
    EventName: name,
    ...subjectOf(name, input),
    WebhookItemId: guidOf('webhook', input.webhook.id),
    WebhookItemName: input.webhook.name,
    User: input.event.actor.name ?? input.event.actor.type,
    Time: input.event.time,
    ...addedTo(name, input),
  };
};

/** Submit and validation webhooks send an action, but for what is no move: a test of the connection. */
export const sitecoreTree = (input: FormatInput): Tree => {
  const { event, webhook } = input;
  return webhook.kind !== 'event' && event.transition
    ? actionOf(event.transition, input)
    : eventOf(input);
};
