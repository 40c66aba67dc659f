/** A move in a workflow: the body of Sitecore's submit and validation actions, and what its events tell of one. */
import type { NamedState, WorkflowFacts } from '../../../contract/event';
import type { Verdict } from '../../../contract/document';
import type { FormatInput, Tree } from '../format-input';
import { userName } from './account';
import { braced, guidOf } from './guid';
import { itemOf } from './item';

const stateOf = (state: NamedState, { workflow }: WorkflowFacts): Tree => ({
  DisplayName: state.name,
  FinalState: state.final,
  Icon: '',
  StateID: braced(guidOf('state', workflow.id, state.key)),
  PreviewPublishingTargets: [],
  StateKey: state.key,
});

/** Sitecore has a list here, of the one comment that an editor may write. */
const commentsOf = ({ comment }: WorkflowFacts): Tree[] =>
  comment === null || comment === '' ? [] : [{ Key: 'Comments', Value: comment }];

/** An action of a state tells no next one: the document is there already. */
const nextState = (transition: WorkflowFacts, { webhook }: FormatInput) =>
  webhook.on === 'state' || transition.to === null ? null : stateOf(transition.to, transition);

const ours = ({ workflow, command, dryRun }: WorkflowFacts): Tree => ({
  WorkflowId: workflow.id,
  CommandName: command?.name ?? null,
  CommandKey: command?.key ?? null,
  DryRun: dryRun,
});

/** There is no `EventName`, by which a receiver of both tells an event from an action. */
export const actionOf = (transition: WorkflowFacts, input: FormatInput): Tree => {
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
    ...ours(transition),
  };
};

const verdictOf = ({ webhook, kind, message, errors, warnings }: Verdict): Tree => ({
  WebhookItemId: guidOf('webhook', webhook.id),
  WebhookItemName: webhook.name,
  Kind: kind,
  Message: message,
  Errors: errors.map(({ path, message: text }) => ({ Path: path, Message: text })),
  Warnings: warnings,
});

/** What an event handler is told of a move, which Sitecore has no event for. */
export const moveOf = (transition: WorkflowFacts, input: FormatInput): Tree => ({
  Comments: commentsOf(transition),
  NextState: nextState(transition, input),
  PreviousState: stateOf(transition.from, transition),
  WorkflowName: transition.workflow.name,
  ...ours(transition),
  ...(transition.verdicts ? { Verdicts: transition.verdicts.map(verdictOf) } : {}),
});
