/** What every format is made from, and what every format answers. */
import type { ContentTypeInfo } from '../../contract/content-type';
import type { WebhookEvent } from '../../contract/event';

export type FormatInput = {
  event: WebhookEvent;
  webhook: { id: string; name: string };
  /** Null for events without a document, and for a content type that is no longer there. */
  model: ContentTypeInfo | null;
};

/** Plain objects, lists and scalars: what JSON can hold. Its keys are sent in their order. */
export type Tree = Record<string, unknown>;
