/** What an event tells of a move in a workflow, as the formats of our own say it. */
import type { WebhookEvent } from '../../contract/event';
import type { Tree } from './format-input';

/** In the order in which they are sent; nothing for every other event. */
export const workflowFacts = ({ transition }: WebhookEvent): Tree => {
  if (transition === undefined) return {};
  const { workflow, command, from, to, comment, dryRun, verdicts } = transition;
  return { workflow, command, from, to, comment, dryRun, ...(verdicts ? { verdicts } : {}) };
};
