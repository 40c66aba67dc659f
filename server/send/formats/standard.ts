/** The default body: an event as Standard Webhooks 1.0.0 recommends it, `{ type, timestamp, data }`. */
import type { FormatInput, Tree } from './format-input';
import { factsOf } from './facts';

export const standardTree = ({ event }: FormatInput): Tree => ({
  type: event.name,
  timestamp: event.time,
  data: {
    id: event.id,
    uid: event.uid,
    model: event.model,
    documentId: event.documentId,
    locale: event.locale,
    status: event.status,
    entry: event.entry,
    changes: event.changes,
    actor: event.actor,
    ...factsOf(event),
  },
});
