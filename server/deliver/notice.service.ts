/** The event that tells other webhooks how one of them is doing. */
import { eventId } from '../store/outbox/events.service';
import { PLUGIN_ID } from '../contract/names';
import type { WebhookEvent } from '../contract/event';
import { noticeReason, type Notice } from '../store/health';

export const noticeEvent = (input: {
  webhookId: string;
  name: string;
  notice: Notice;
  /** ISO 8601. */
  time: string;
}): WebhookEvent => ({
  id: eventId(),
  name: `webhook.${input.notice.kind}`,
  time: input.time,
  uid: `plugin::${PLUGIN_ID}.webhook`,
  model: 'webhook',
  documentId: input.webhookId,
  locale: null,
  status: null,
  entry: {
    id: input.webhookId,
    name: input.name,
    state: input.notice.kind,
    reason: noticeReason(input.notice),
  },
  previous: null,
  changes: [],
  actor: { type: 'system', id: null, name: null },
});
