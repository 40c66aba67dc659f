/**
 * The list of body formats, and what each of them is. A new format is a file with one object, a line in this list, and a
 * name in the contract.
 */
import type { ContentTypeInfo } from '../../contract/content-type';
import type { WebhookEvent } from '../../contract/event';
import type { Format, Serialization, WebhookKind } from '../../contract/webhook';
import { cloudevents } from './cloudevents';
import { sitecore } from './sitecore/sitecore';
import { standard } from './standard';
import { strapi } from './strapi';
import { vee } from './vee';

export const BODY_FORMATS: Record<Format, BodyFormat> = {
  standard,
  strapi,
  sitecore,
  vee,
  cloudevents,
};

export type BodyFormat = {
  tree(input: FormatInput): Tree;
  /** The media type, where it is not the usual one of the serialization. */
  contentType?: Partial<Record<Serialization, string>>;
  /** Headers that it sends besides the usual ones. */
  headers?(eventName: string): Record<string, string>;
  /** Whether it names the content type, the project's locale or the account, and not only the event. */
  needsBackground: boolean;
  /** Whether it names the state of a document in its workflow, which has to be read when the event is stored. */
  needsWorkflowState: boolean;
};

export type FormatInput = Background & { event: WebhookEvent; webhook: BodyWebhook };

/** The webhook as a body names it. */
export type BodyWebhook = {
  id: string;
  name: string;
  kind: WebhookKind;
  /** Whether a submit or validation webhook belongs to a state or to a command; null for an event webhook. */
  on: 'state' | 'command' | null;
};

/** The facts that a body holds besides its event, read when the body is made. */
export type Background = {
  /** Null for events without a document, and for a content type that is no longer there. */
  model: ContentTypeInfo | null;
  defaultLocale?: string;
  /** The account behind the event, by a name that no other account has. */
  account?: string;
};

/** Plain objects, lists and scalars: what JSON can hold. Its keys are sent in their order. */
export type Tree = Record<string, unknown>;
