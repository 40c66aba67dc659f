/**
 * Which webhooks want an event, and how much of it they may be sent. Runs before anything is stored, so that nothing is
 * stored for nobody.
 */
import { EVENT_NAMES, isAboutDocument, traitsOf } from '../contract/catalogue';
import type { WebhookEvent, WorkflowFacts } from '../contract/event';
import type { WebhookSettings } from '../contract/webhook';
import { PUBLICATION } from '../contract/workflow';
import { END_USER, type ContentModel, type ModelOf } from '../strapi/model/content-model';
import { identityOf, withRelated } from '../strapi/model/document-tree';
import { passes, UNTYPED, type TypesAt } from './filter';

/** `includesEndUsers`: see the webhook in content-types. */
type EndUserWish = Pick<WebhookSettings, 'contentTypes'> & { includesEndUsers?: boolean };

export type Subscription = EndUserWish & { id: string } & Pick<
    WebhookSettings,
    'events' | 'locales' | 'filter'
  >;

/** The place of a webhook in a workflow; all null for an event webhook. */
export type Binding = Pick<WebhookSettings, 'kind' | 'workflow' | 'state' | 'command'>;

export type Bound = Subscription & Binding;
export type TransitionEvent = WebhookEvent & { transition: WorkflowFacts };

/** Every webhook that gets an event: those that subscribe to it, and those that are bound to the transition. */
export const addresseesOf = <W extends Bound>(
  event: WebhookEvent,
  webhooks: readonly W[],
  typesAt: TypesAt = UNTYPED,
): W[] => [
  ...(isPublication(event) ? [] : matching(event, webhooks, typesAt)),
  ...submitting(event, webhooks, typesAt),
];

/** Event webhooks get a publication as `entry.publish`: one action is one event. */
const isPublication = (event: WebhookEvent) =>
  event.name === 'workflow.transition' && event.transition?.workflow.id === PUBLICATION;

export const matching = <S extends Subscription>(
  event: WebhookEvent,
  subscriptions: readonly S[],
  typesAt: TypesAt = UNTYPED,
): S[] =>
  subscribed(subscriptions, event).filter((subscription) => wants(subscription, event, typesAt));

export const wants = (
  subscription: Subscription,
  event: WebhookEvent,
  typesAt: TypesAt = UNTYPED,
): boolean =>
  isSubscribed(subscription.events, event.name) &&
  isInItsScope(event, subscription) &&
  !isAboutItself(subscription, event) &&
  (subscription.filter === null || passes(subscription.filter, event, typesAt));

/** A coming change, as far as it is known: enough to skip everything that no webhook could want. */
export type Prospect = { names: readonly string[]; uid: string };

export const couldAnyWant = (
  subscriptions: readonly Subscription[],
  { names, uid }: Prospect,
): boolean => names.some((name) => subscribed(subscriptions, { name, uid }).length > 0);

/** Those that name the event and its content type. */
function subscribed<S extends Subscription>(
  subscriptions: readonly S[],
  { name, uid }: Pick<WebhookEvent, 'name' | 'uid'>,
): readonly S[] {
  return chosen(subscriptions, `${name} ${uid}`, (one) => {
    return isSubscribed(one.events, name) && isInItsScope({ name, uid, locale: null }, one);
  });
}

/** Those that are bound to a workflow as one kind. */
function bound<W extends Binding>(
  webhooks: readonly W[],
  { kind, workflow }: Pick<Binding, 'kind' | 'workflow'>,
): readonly W[] {
  const isBound = (one: W) => one.kind === kind && one.workflow === workflow;
  return chosen(webhooks, `${kind} ${workflow}`, isBound);
}

const choices = new WeakMap<readonly unknown[], Map<string, readonly unknown[]>>();

/**
 * Walks the list once for each key, so that an event costs by the webhooks that could want it, and not by all. The list
 * is the one that is in memory until a webhook changes. Nobody may change it.
 */
function chosen<T>(all: readonly T[], key: string, isChosen: (one: T) => boolean): readonly T[] {
  const known = choices.get(all) ?? new Map<string, readonly unknown[]>();
  choices.set(all, known);
  const found = (known.get(key) as readonly T[] | undefined) ?? all.filter(isChosen);
  known.set(key, found);
  return found;
}

/** No patterns match nothing, as in Sitecore. */
export const isSubscribed = (patterns: readonly string[], name: string) =>
  patterns.some((pattern) => isMatch(pattern, name));

/** `*` is every event, `entry.*` every event of that prefix; anything else is one event's name. */
const isMatch = (pattern: string, name: string) =>
  pattern === '*' ||
  pattern === name ||
  (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)));

/**
 * End users are sent only to webhooks that name their content type; a change of the type itself is nobody's data. Events
 * whose scope is neither documents nor content types belong to no content type, so a choice of content types does not
 * concern them.
 */
function isInItsScope(
  event: Pick<WebhookEvent, 'name' | 'uid' | 'locale'>,
  subscription: Subscription,
): boolean {
  const scope = traitsOf(event.name)?.scope;
  if (scope === 'document')
    return (
      isInScope(subscription, event) && (event.uid !== END_USER || mayHaveEndUsers(subscription))
    );
  return scope !== 'content-type' || isInScope(subscription, event);
}

const mayHaveEndUsers = ({ contentTypes, includesEndUsers }: EndUserWish): boolean =>
  includesEndUsers === true || contentTypes.includes(END_USER);

/**
 * Whether an event's content type and locale are among those that a webhook is narrowed to. Without a choice, a webhook
 * is about all of them, or, if it is bound to a workflow, about those that the workflow governs.
 */
const isInScope = (
  { contentTypes, locales }: Subscription,
  event: Pick<WebhookEvent, 'uid' | 'locale'>,
) =>
  (contentTypes.length === 0 || (event.uid !== null && contentTypes.includes(event.uid))) &&
  (locales.length === 0 || event.locale === null || locales.includes(event.locale));

/** A webhook never receives notices about itself: each failed one would make the next. */
const isAboutItself = (subscription: Subscription, event: WebhookEvent) =>
  traitsOf(event.name)?.group === 'webhook' && event.documentId === subscription.id;

function submitting<W extends Bound>(
  event: WebhookEvent,
  webhooks: readonly W[],
  typesAt: TypesAt,
): W[] {
  if (event.name !== 'workflow.transition' || !isTransition(event)) return [];
  const workflow = event.transition.workflow.id;
  return bound(webhooks, { kind: 'submit', workflow }).filter(
    (webhook) => isBoundTo(webhook, event) && isConcerned(webhook, event, typesAt),
  );
}

const isTransition = (event: WebhookEvent): event is TransitionEvent =>
  event.transition !== undefined;

const isBoundTo = ({ state, command }: Binding, { transition }: TransitionEvent) =>
  state === null ? command === transition.command?.key : state === transition.to?.key;

const isConcerned = (webhook: Bound, event: TransitionEvent, typesAt: TypesAt) =>
  isInScope(webhook, event) && (webhook.filter === null || passes(webhook.filter, event, typesAt));

/** The validation webhooks to call before a command runs. */
export const validating = <W extends Bound>(
  event: TransitionEvent,
  webhooks: readonly W[],
  typesAt: TypesAt = UNTYPED,
): W[] =>
  bound(webhooks, { kind: 'validation', workflow: event.transition.workflow.id }).filter(
    (webhook) =>
      webhook.command === event.transition.command?.key && isConcerned(webhook, event, typesAt),
  );

/** Whether a webhook is bound to a state or to a command: Sitecore's body names either. */
export function boundTo({ kind, state }: Binding): 'state' | 'command' | null {
  if (kind === 'event') return null;
  return state === null ? 'command' : 'state';
}

/** Whether a validation of a command could refuse any document of a content type. */
export const isAnyRefusing = (
  webhooks: readonly (Bound & Pick<WebhookSettings, 'mode'>)[],
  { workflow, command, uid }: { workflow: string; command: string; uid: string },
): boolean =>
  bound(webhooks, { kind: 'validation', workflow }).some(
    (one) =>
      one.mode === 'enforce' && one.command === command && isInScope(one, { uid, locale: null }),
  );

/** Whether any webhook of a kind is bound to a workflow: without one, nothing in it needs to be prepared. */
export const isAnyBound = (
  webhooks: readonly Binding[],
  workflow: string,
  kind: Binding['kind'],
): boolean => bound(webhooks, { kind, workflow }).length > 0;

type Row = Record<string, unknown>;

type EndUserModels = { modelOf: ModelOf; relatesToEndUsers(uid: string): boolean };

/**
 * An event as a webhook may be sent it: related end users only by their ids, unless the webhook may be sent end users.
 * `changes` names related documents by their ids anyway.
 */
export function createAsSentTo({ modelOf, relatesToEndUsers }: EndUserModels) {
  const without = (row: Row | null, model: ContentModel): Row | null =>
    row &&
    withRelated(row, model, {
      modelOf,
      replace: ({ uid, row: related }) => (uid === END_USER ? identityOf(related) : related),
    });

  /** Whether such an event may hold end users that the webhook may not be sent. */
  const mayHideUsers = (
    { uid, name }: Pick<WebhookEvent, 'uid' | 'name'>,
    webhook: EndUserWish,
  ): boolean =>
    uid !== null && isAboutDocument(name) && !mayHaveEndUsers(webhook) && relatesToEndUsers(uid);

  const asSentTo = (event: WebhookEvent, webhook: EndUserWish): WebhookEvent => {
    const { uid, entry, previous } = event;
    const model = uid !== null && mayHideUsers(event, webhook) ? modelOf(uid) : undefined;
    return model
      ? { ...event, entry: without(entry, model), previous: without(previous, model) }
      : event;
  };

  return { asSentTo, mayHideUsers };
}

export type AsSentTo = ReturnType<typeof createAsSentTo>['asSentTo'];
export type MayHideUsers = ReturnType<typeof createAsSentTo>['mayHideUsers'];

type Project = {
  /** Every content type whose documents raise events. */
  uids: readonly string[];
  relatesToEndUsers(uid: string): boolean;
};

/** Whether a webhook sent end users when an empty choice still meant all types, and related end users were sent whole. */
export function sentEndUsers(
  webhook: Pick<WebhookSettings, 'kind' | 'events' | 'contentTypes'>,
  { uids, relatesToEndUsers: relates }: Project,
): boolean {
  const { kind, contentTypes } = webhook;
  if (!uids.includes(END_USER) || !wantsDocuments(webhook) || contentTypes.includes(END_USER))
    return false;
  const isOfAll = contentTypes.length === 0;
  return (isOfAll && kind === 'event') || (isOfAll ? uids : contentTypes).some(relates);
}

const wantsDocuments = ({ kind, events }: Pick<WebhookSettings, 'kind' | 'events'>): boolean =>
  kind !== 'event' ||
  EVENT_NAMES.some((name) => isAboutDocument(name) && isSubscribed(events, name));
