/** The body of Strapi's own webhooks, so that their receivers need no change. */
import { traitsOf } from '../../contract/catalogue';
import type { BodyFormat, FormatInput, Tree } from './formats';
import { factsOf } from './standard';

export const strapi: BodyFormat = {
  tree: strapiTree,
  headers: (eventName) => ({ 'X-Strapi-Event': strapiName(eventName) }),
  needsBackground: false,
  needsWorkflowState: false,
};

/** Strapi's names where they differ: of releases it sends the publication alone, and its own test of a webhook. */
const STRAPI_NAMES = new Map([
  ['release.publish', 'releases.publish'],
  ['webhook.test', 'trigger-test'],
]);

const strapiName = (name: string): string => STRAPI_NAMES.get(name) ?? name;

/**
 * Strapi 5 spreads what its event hub emits after `event` and `createdAt` (core, webhook-runner):
 * `model`, `uid` and `entry` from the document service, but only `media` from the upload plugin.
 * `createdAt` is the ISO text of a Date, as our event's time is. The facts of a workflow are our addition.
 */
export function strapiTree({ event }: FormatInput): Tree {
  const { name, time, model, uid, entry } = event;
  const head = { event: strapiName(name), createdAt: time };
  if (traitsOf(name)?.group === 'media') return { ...head, media: entry };
  if (name === 'webhook.test') return head;
  if (name === 'release.publish') return { ...head, isPublished: true, release: entry };
  return { ...head, model, uid, entry, ...factsOf(event) };
}
