/** The body of Strapi's own webhooks, so that their receivers need no change. */
import { traitsOf } from '../../contract/catalogue';
import type { FormatInput, Tree } from './format-input';
import { factsOf } from './facts';

/** Where Strapi has another name: of releases it sends the publication alone, and its own test of a webhook. */
const STRAPI_NAMES = new Map([
  ['release.publish', 'releases.publish'],
  ['webhook.test', 'trigger-test'],
]);

/** As `X-Strapi-Event` and the body name it. */
export const strapiName = (name: string): string => STRAPI_NAMES.get(name) ?? name;

/**
 * Strapi 5 spreads what its event hub emits after `event` and `createdAt` (core, webhook-runner):
 * `model`, `uid` and `entry` from the document service, but only `media` from the upload plugin.
 * `createdAt` is the ISO text of a Date, as our event's time is. A move in a workflow is ours to add.
 */
export const strapiTree = ({ event }: FormatInput): Tree => {
  const head = { event: strapiName(event.name), createdAt: event.time };
  if (traitsOf(event.name)?.group === 'media') return { ...head, media: event.entry };
  if (event.name === 'webhook.test') return head;
  if (event.name === 'release.publish') return { ...head, isPublished: true, release: event.entry };
  return {
    ...head,
    model: event.model,
    uid: event.uid,
    entry: event.entry,
    ...factsOf(event),
  };
};
