/** The bodies of Sitecore XM Cloud's event handlers and workflow actions, so that their receivers need no change. */
import { traitsOf } from '../../../contract/catalogue';
import type {
  NamedState,
  ReplicationFacts,
  WebhookEvent,
  WorkflowFacts,
} from '../../../contract/event';
import type { Verdict } from '../../../contract/document';
import type { BodyFormat, FormatInput, Tree } from '../formats';
import { changesOf, itemId, itemOf, parentId, scheduleSubject } from './item';
import { braced, EMPTY_GUID, fieldText, guidOf, languageOf, userName } from './values';

export const sitecore: BodyFormat = {
  tree: sitecoreTree,
  needsBackground: true,
  needsWorkflowState: true,
};

/** Submit and validation webhooks send an action, except for events without a transition: a test of the connection. */
export function sitecoreTree(input: FormatInput): Tree {
  const { event, webhook } = input;
  return webhook.kind !== 'event' && event.transition
    ? actionOf(event.transition, input)
    : eventOf(input);
}

function eventOf(input: FormatInput): Tree {
  const name = sitecoreName(input.event);
  return {
    EventName: name,
    ...subjectOf(name, input),
    WebhookItemId: guidOf('webhook', input.webhook.id),
    WebhookItemName: input.webhook.name,
    User: input.event.actor.name ?? input.event.actor.type,
    Time: input.event.time,
    ...additionsTo(name, input),
  };
}

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
function sitecoreName(event: WebhookEvent): string {
  const traits = traitsOf(event.name);
  // To Sitecore, a screen is an item like any other.
  const name = traits?.group === 'screen' ? `entry.${traits.verb}` : event.name;
  if (name === 'entry.create' && event.isNewLocale) return 'item:versionAdded';
  return EVENT_NAMES.get(name) ?? event.name.replaceAll('.', ':');
}

/** Sitecore writes `ParentId` inside an item, but `ParentID` beside it. */
function subjectOf(name: string, input: FormatInput): Tree {
  const { replication, documentId, transition } = input.event;
  if (replication) return { PublisherOptions: replicationOptionsOf(replication, input) };
  const scheduled = scheduleSubject(name, input);
  if (scheduled) return scheduled;
  if (name === 'publish:end') return { PublisherOptions: publisherOptionsOf(input) };
  if (name === 'item:saved') return { Item: itemOf(input), Changes: changesOf(input) };
  if (name === 'item:deleted') return { Item: itemOf(input, true), ParentID: parentId(input) };
  return documentId === null && !transition ? {} : { Item: itemOf(input) };
}

/**
 * Our keys for facts that Sitecore's keys leave out: a publication has its document's GUID only, a webhook's event no item,
 * a transition no name and a schedule no time.
 */
function additionsTo(name: string, input: FormatInput): Tree {
  const { replication, schedule, transition, documentId, entry, changes } = input.event;
  if (replication) return { Replication: replication };
  const scheduled = schedule ? { Schedule: schedule } : {};
  if (name === 'publish:end') return { Item: itemOf(input), ...scheduled };
  if (schedule) return scheduled;
  if (transition) return transitionOf(transition, input);
  const hasNoMoreChanges = name === 'item:saved' || changes.length === 0;
  return {
    ...(documentId === null ? { Data: entry } : {}),
    ...(hasNoMoreChanges ? {} : { Changes: changesOf(input) }),
  };
}

/** A publication of one document in one locale, as the options of Sitecore's publisher. */
const publisherOptionsOf = (input: FormatInput): Tree => ({
  CompareRevisions: false,
  Deep: false,
  FromDate: fromDate(input),
  Mode: 'SingleItem',
  PublishDate: input.event.time,
  PublishingTargets: [braced(guidOf('target', 'web'))],
  RepublishAll: false,
  RecoveryId: guidOf('event', input.event.id),
  SourceDatabaseName: 'master',
  TargetDatabaseName: 'web',
  RootItemId: itemId(input),
  UserName: userName(input),
  WillBeQueued: false,
  Languages: [languageOf(input)],
});

/** The time of the publication before this one, or of the document's creation. */
const fromDate = ({ event }: FormatInput) =>
  fieldText(event.previous?.publishedAt) || fieldText(event.entry?.createdAt) || event.time;

/** Sitecore's counterpart of a replication: the whole site is published to another target. Source and target are databases. */
const replicationOptionsOf = (facts: ReplicationFacts, input: FormatInput): Tree => ({
  CompareRevisions: false,
  Deep: true,
  FromDate: facts.startedAt,
  Mode: 'Full',
  PublishDate: input.event.time,
  PublishingTargets: [braced(guidOf('target', facts.destination))],
  RepublishAll: true,
  RecoveryId: guidOf('event', facts.id),
  SourceDatabaseName: facts.source,
  TargetDatabaseName: facts.destination,
  // No single item, but still a GUID, because receivers type it so.
  RootItemId: EMPTY_GUID,
  UserName: userName(input),
  WillBeQueued: false,
  Languages: [],
});

/**
 * A transition in a workflow: the body of Sitecore's submit and validation actions. It has no `EventName`, by which a
 * receiver of both tells an event from an action.
 */
function actionOf(transition: WorkflowFacts, input: FormatInput): Tree {
  const { event, webhook } = input;
  const id = guidOf('webhook', webhook.id);
  return {
    ActionID: id,
    ActionName: webhook.name,
    Comments: commentsOf(transition),
    DataItem: itemOf(input),
    Message: '',
    NextState: nextState(transition, input),
    PreviousState: stateOf(transition.from, transition),
    UserName: userName(input),
    WorkflowName: transition.workflow.name,
    WebhookItemId: id,
    WebhookItemName: webhook.name,
    EventId: event.id,
    Time: event.time,
    ...commandOf(transition),
  };
}

/** A transition in an event: Sitecore has no such event. */
const transitionOf = (transition: WorkflowFacts, input: FormatInput): Tree => ({
  Comments: commentsOf(transition),
  NextState: nextState(transition, input),
  PreviousState: stateOf(transition.from, transition),
  WorkflowName: transition.workflow.name,
  ...commandOf(transition),
  ...(transition.verdicts ? { Verdicts: transition.verdicts.map(verdictOf) } : {}),
});

/** Sitecore has a list of comments; an editor writes at most one. */
const commentsOf = ({ comment }: WorkflowFacts): Tree[] =>
  comment === null || comment === '' ? [] : [{ Key: 'Comments', Value: comment }];

/** An action of a state has no next state: the document is there already. */
const nextState = (transition: WorkflowFacts, { webhook }: FormatInput) =>
  webhook.on === 'state' || transition.to === null ? null : stateOf(transition.to, transition);

const stateOf = (state: NamedState, { workflow }: WorkflowFacts): Tree => ({
  DisplayName: state.name,
  FinalState: state.final,
  Icon: '',
  StateID: braced(guidOf('state', workflow.id, state.key)),
  PreviewPublishingTargets: [],
  StateKey: state.key,
});

const commandOf = ({ workflow, command, dryRun }: WorkflowFacts): Tree => ({
  WorkflowId: workflow.id,
  CommandName: command?.name ?? null,
  CommandKey: command?.key ?? null,
  DryRun: dryRun,
});

const verdictOf = ({ webhook, kind, message, errors, warnings }: Verdict): Tree => ({
  WebhookItemId: guidOf('webhook', webhook.id),
  WebhookItemName: webhook.name,
  Kind: kind,
  Message: message,
  Errors: errors.map(({ path, message: text }) => ({ Path: path, Message: text })),
  Warnings: warnings,
});
