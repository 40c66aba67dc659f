/** The body of Strapi's own webhooks, so that their receivers need no change. */
import type { FormatInput, Tree } from './format-input';
import { factsOf } from './facts';

/**
 * Strapi 5 spreads what its event hub emits after `event` and `createdAt` (core, webhook-runner):
 * `model`, `uid` and `entry` from the document service, but only `media` from the upload plugin.
 * `createdAt` is the ISO text of a Date, as our event's time is. A move in a workflow is ours to add.
 */
export const strapiTree = ({ event }: FormatInput): Tree => {
  const head = { event: event.name, createdAt: event.time };
  return event.name.startsWith('media.')
    ? { ...head, media: event.entry }
    : {
        ...head,
        model: event.model,
        uid: event.uid,
        entry: event.entry,
        ...factsOf(event),
      };
};
