/** What an event tells beside its document, as the formats of our own say it. */
import type { WebhookEvent } from '../../contract/event';
import type { Tree } from './format-input';

/** In the order in which they are sent. */
const workflowFacts = ({ transition }: WebhookEvent): Tree => {
  if (transition === undefined) return {};
  const { workflow, command, from, to, comment, dryRun, verdicts } = transition;
  return { workflow, command, from, to, comment, dryRun, ...(verdicts ? { verdicts } : {}) };
};

/** A move's facts stand beside the document's; a schedule and a replication are one thing each. */
export const factsOf = (event: WebhookEvent): Tree => ({
  ...workflowFacts(event),
  ...(event.schedule ? { schedule: event.schedule } : {}),
  ...(event.replication ? { replication: event.replication } : {}),
});
