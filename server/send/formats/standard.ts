/** The default body: an event as Standard Webhooks 1.0.0 recommends it, `{ type, timestamp, data }`. */
import type { WebhookEvent } from '../../contract/event';
import type { BodyFormat, FormatInput, Tree } from './formats';

export const standard: BodyFormat = {
  tree: standardTree,
  needsBackground: false,
  needsWorkflowState: false,
};

export function standardTree({ event }: FormatInput): Tree {
  const { id, uid, model, documentId, locale, status, entry, changes, actor } = event;
  return {
    type: event.name,
    timestamp: event.time,
    data: {
      ...{ id, uid, model, documentId, locale, status, entry, changes, actor },
      ...factsOf(event),
    },
  };
}

/**
 * The facts of an event besides its document, in the order in which they are sent: those of a transition one by one, a
 * schedule and a replication under one key each.
 */
export function factsOf({ transition, schedule, replication }: WebhookEvent): Tree {
  return {
    ...(transition ? transitionFacts(transition) : {}),
    ...(schedule ? { schedule } : {}),
    ...(replication ? { replication } : {}),
  };
}

function transitionFacts(transition: NonNullable<WebhookEvent['transition']>): Tree {
  const { workflow, command, from, to, comment, dryRun, verdicts } = transition;
  return { workflow, command, from, to, comment, dryRun, ...(verdicts ? { verdicts } : {}) };
}
