/** The event that tells other webhooks how one of them is doing. */
import { eventId } from '../capture/event-id.service';
import { PLUGIN_ID } from '../contract/names';
import type { WebhookEvent } from '../contract/event';
import { FAILURES_BEFORE_NOTICE, type Notice } from './health';

const reasonOf = (notice: Notice) =>
  notice.kind === 'disabled'
    ? notice.reason
    : `${FAILURES_BEFORE_NOTICE} attempts in a row failed.`;

export const noticeEvent = (input: {
  webhookId: string;
  name: string;
  notice: Notice;
  now: number;
}): WebhookEvent => ({
  id: eventId(),
  name: `webhook.${input.notice.kind}`,
  time: new Date(input.now).toISOString(),
  uid: `plugin::${PLUGIN_ID}.webhook`,
  model: 'webhook',
  documentId: input.webhookId,
  locale: null,
  status: null,
  entry: {
    id: input.webhookId,
    name: input.name,
    state: input.notice.kind,
    reason: reasonOf(input.notice),
  },
  previous: null,
  changes: [],
  actor: { type: 'system', id: null, name: null },
});
