/** What every format is made from, and what every format answers. */
import type { ContentTypeInfo } from '../../contract/content-type';
import type { WebhookEvent } from '../../contract/event';
import type { WebhookKind } from '../../contract/webhook';

/** The webhook as a body names it. */
export type BodyWebhook = {
  id: string;
  name: string;
  kind: WebhookKind;
  /** What a submit or validation webhook hangs on; null for an event webhook. */
  on: 'state' | 'command' | null;
};

export type FormatInput = {
  event: WebhookEvent;
  webhook: BodyWebhook;
  /** Null for events without a document, and for a content type that is no longer there. */
  model: ContentTypeInfo | null;
  /** Below is what only some formats need (`needsBackground`). */
  defaultLocale?: string;
  /** Who did it, by a name that no other account has. */
  account?: string;
};

/** What a body tells beside its event, read when the body is made. */
export type Background = Pick<FormatInput, 'model' | 'defaultLocale' | 'account'>;

/** Plain objects, lists and scalars: what JSON can hold. Its keys are sent in their order. */
export type Tree = Record<string, unknown>;
