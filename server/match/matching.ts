/** Which webhooks want an event. Runs before anything is stored, so that nothing is stored for nobody. */
import { traitsOf } from '../contract/catalogue';
import type { WebhookEvent } from '../contract/event';
import type { WebhookSettings } from '../contract/webhook';
import { END_USER } from '../strapi/model/content-model';
import { UNTYPED, type TypesAt } from './compare';
import { mayHaveEndUsers } from './end-users';
import { passes } from './filter';
import { isSubscribed } from './pattern';

export type Subscription = { id: string; includesEndUsers?: boolean } & Pick<
  WebhookSettings,
  'events' | 'contentTypes' | 'locales' | 'filter'
>;

/**
 * Whether an event's content type and locale are among those that a webhook is narrowed to. Without a choice they are
 * all: of a webhook that hangs on a workflow, those that the workflow governs.
 */
export const isInScope = (
  { contentTypes, locales }: Subscription,
  event: Pick<WebhookEvent, 'uid' | 'locale'>,
) =>
  (contentTypes.length === 0 || (event.uid !== null && contentTypes.includes(event.uid))) &&
  (locales.length === 0 || event.locale === null || locales.includes(event.locale));

/** A webhook is never told about itself, or each failing notice would make the next. */
const isAboutItself = (subscription: Subscription, event: WebhookEvent) =>
  traitsOf(event.name)?.group === 'webhook' && event.documentId === subscription.id;

/**
 * End users are sent only where a webhook names their content type; what changed in the type itself is nobody's data.
 * Events of media, replications, releases, components, locales and webhooks belong to no content type, so a choice of
 * content types leaves them alone.
 */
const scopeOf = (
  event: Pick<WebhookEvent, 'name' | 'uid' | 'locale'>,
  subscription: Subscription,
) => {
  const scope = traitsOf(event.name)?.scope;
  if (scope === 'document')
    return (
      isInScope(subscription, event) && (event.uid !== END_USER || mayHaveEndUsers(subscription))
    );
  return scope !== 'content-type' || isInScope(subscription, event);
};

export const wants = (
  subscription: Subscription,
  event: WebhookEvent,
  typesAt: TypesAt = UNTYPED,
): boolean =>
  isSubscribed(subscription.events, event.name) &&
  scopeOf(event, subscription) &&
  !isAboutItself(subscription, event) &&
  (subscription.filter === null || passes(subscription.filter, event, typesAt));

/** What is known of a change before it happens: enough to tell that nobody could want it. */
export type Prospect = { names: readonly string[]; uid: string };

export const couldWant = (subscription: Subscription, { names, uid }: Prospect): boolean =>
  names.some(
    (name) =>
      isSubscribed(subscription.events, name) && scopeOf({ name, uid, locale: null }, subscription),
  );

export const matching = <S extends Subscription>(
  event: WebhookEvent,
  subscriptions: readonly S[],
  typesAt: TypesAt = UNTYPED,
): S[] => subscriptions.filter((subscription) => wants(subscription, event, typesAt));
