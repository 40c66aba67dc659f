/** Whether a webhook may be sent end users: only where it names their content type, or kept what it sent before. Pure. */
import { EVENT_NAMES, isAboutDocument } from '../contract/catalogue';
import type { WebhookSettings } from '../contract/webhook';
import { END_USER } from '../strapi/model/content-model';
import { isSubscribed } from './pattern';

/** `includesEndUsers`: see content-types/webhook. */
export type EndUserWish = Pick<WebhookSettings, 'contentTypes'> & { includesEndUsers?: boolean };

export const mayHaveEndUsers = ({ contentTypes, includesEndUsers }: EndUserWish): boolean =>
  includesEndUsers === true || contentTypes.includes(END_USER);

type Project = {
  /** Every content type whose documents raise events. */
  uids: readonly string[];
  relatesToEndUsers(uid: string): boolean;
};

const wantsDocuments = ({ kind, events }: Pick<WebhookSettings, 'kind' | 'events'>): boolean =>
  kind !== 'event' ||
  EVENT_NAMES.some((name) => isAboutDocument(name) && isSubscribed(events, name));

/** Whether a webhook sent end users when an empty choice still meant all types, and related end users left whole. */
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
