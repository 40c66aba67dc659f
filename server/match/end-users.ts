/** Whether a webhook may be sent end users: only if it names their content type, or kept what it sent before. */
import { EVENT_NAMES, isAboutDocument } from '../contract/catalogue';
import type { WebhookEvent } from '../contract/event';
import type { WebhookSettings } from '../contract/webhook';
import { END_USER, type ContentModel, type ModelOf } from '../strapi/model/content-model';
import { identityOf, withRelated } from '../strapi/model/document-tree';
import { isSubscribed, mayHaveEndUsers, type EndUserWish } from './matching';

type Row = Record<string, unknown>;

type Schemas = { modelOf: ModelOf; relatesToEndUsers(uid: string): boolean };

/**
 * An event as a webhook may be sent it: related end users only by their ids, unless the webhook may be sent end users.
 * `changes` names related documents by their ids anyway.
 */
export const createAsSentTo = ({ modelOf, relatesToEndUsers }: Schemas) => {
  const without = (row: Row | null, model: ContentModel): Row | null =>
    row &&
    withRelated(row, model, {
      modelOf,
      replace: ({ uid, row: related }) => (uid === END_USER ? identityOf(related) : related),
    });

  return (event: WebhookEvent, webhook: EndUserWish): WebhookEvent => {
    const { uid, name, entry, previous } = event;
    if (uid === null || !isAboutDocument(name) || mayHaveEndUsers(webhook)) return event;
    const model = relatesToEndUsers(uid) ? modelOf(uid) : undefined;
    return model
      ? { ...event, entry: without(entry, model), previous: without(previous, model) }
      : event;
  };
};

export type AsSentTo = ReturnType<typeof createAsSentTo>;

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
