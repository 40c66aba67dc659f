/** Which submit and validation webhooks a move in a workflow concerns. */
import type { WebhookEvent, WorkflowFacts } from '../contract/event';
import { PUBLICATION } from '../contract/workflow';
import type { WebhookSettings } from '../contract/webhook';
import { UNTYPED, type TypesAt } from './compare';
import { passes } from './filter';
import { isInScope, matching, type Subscription } from './matching';

/** What a webhook hangs on in a workflow; all null for an event webhook. */
export type Binding = Pick<WebhookSettings, 'kind' | 'workflow' | 'state' | 'command'>;

export type Bound = Subscription & Binding;
export type TransitionEvent = WebhookEvent & { transition: WorkflowFacts };

const isTransition = (event: WebhookEvent): event is TransitionEvent =>
  event.transition !== undefined;

/** What a webhook's request is about: Sitecore tells the two apart in its body. */
export const boundTo = ({ kind, state }: Binding): 'state' | 'command' | null => {
  if (kind === 'event') return null;
  return state === null ? 'command' : 'state';
};

const isConcerned = (webhook: Bound, event: TransitionEvent, typesAt: TypesAt) =>
  webhook.workflow === event.transition.workflow.id &&
  isInScope(webhook, event) &&
  (webhook.filter === null || passes(webhook.filter, event, typesAt));

/** The validations to ask before a command runs. */
export const validating = <W extends Bound>(
  event: TransitionEvent,
  webhooks: readonly W[],
  typesAt: TypesAt = UNTYPED,
): W[] =>
  webhooks.filter(
    (webhook) =>
      webhook.kind === 'validation' &&
      webhook.command === event.transition.command?.key &&
      isConcerned(webhook, event, typesAt),
  );

const isMet = ({ state, command }: Binding, { transition }: TransitionEvent) =>
  state === null ? command === transition.command?.key : state === transition.to?.key;

const submitting = <W extends Bound>(
  event: WebhookEvent,
  webhooks: readonly W[],
  typesAt: TypesAt,
): W[] =>
  event.name === 'workflow.transition' && isTransition(event)
    ? webhooks.filter(
        (webhook) =>
          webhook.kind === 'submit' &&
          isMet(webhook, event) &&
          isConcerned(webhook, event, typesAt),
      )
    : [];

/** Of a publication, event webhooks are told as `entry.publish`: one action is one event. */
const isToldAlready = (event: WebhookEvent) =>
  event.name === 'workflow.transition' && event.transition?.workflow.id === PUBLICATION;

/** Everyone who is to be told of an event: those who subscribe to it, and those who hang on the move. */
export const addresseesOf = <W extends Bound>(
  event: WebhookEvent,
  webhooks: readonly W[],
  typesAt: TypesAt = UNTYPED,
): W[] => [
  ...(isToldAlready(event) ? [] : matching(event, webhooks, typesAt)),
  ...submitting(event, webhooks, typesAt),
];

/** Whether a validation of a command could refuse any document of a content type. */
export const isAnyRefusing = (
  webhooks: readonly (Bound & Pick<WebhookSettings, 'mode'>)[],
  { workflow, command, uid }: { workflow: string; command: string; uid: string },
): boolean =>
  webhooks.some(
    (one) =>
      one.kind === 'validation' &&
      one.mode === 'enforce' &&
      one.workflow === workflow &&
      one.command === command &&
      isInScope(one, { uid, locale: null }),
  );

/** What is known of a workflow before anything happens in it: enough to tell whether anybody could be concerned. */
export const isAnyBound = (
  webhooks: readonly Binding[],
  workflow: string,
  kind: Binding['kind'],
): boolean => webhooks.some((one) => one.kind === kind && one.workflow === workflow);
