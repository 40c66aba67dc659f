/** An event as the text of a request's body, in the webhook's format and serialization. */
import type { Format, Serialization } from '../contract/webhook';
import { strictJson } from '../store/json';
import { CLOUDEVENTS_MEDIA_TYPE } from './formats/cloudevents';
import type { FormatInput } from './formats/format-input';
import { treeOf } from './formats/tree-of';
import { xmlOf } from './xml';

/** `body` is stored and the same on every attempt; `contentType` follows from the serialization. */
export type Serialized = { contentType: string; body: string };

export type BodyInput = Omit<FormatInput, 'webhook'> & {
  webhook: FormatInput['webhook'] & { format: Format; serialization: Serialization };
};

/**
 * JSON is UTF-8 by definition and knows no charset parameter (RFC 8259, 11). XML says it, since
 * some receivers believe the header only (RFC 7303, 3.2).
 */
const CONTENT_TYPES: Record<Serialization, string> = {
  json: 'application/json',
  xml: 'application/xml; charset=utf-8',
};

type Written = { format: Format; serialization: Serialization };

/** For a body that is stored already. By its media type a receiver knows a CloudEvent (HTTP Protocol Binding 1.0.2, 3.2). */
export const contentTypeOf = ({ format, serialization }: Written): string =>
  format === 'cloudevents' && serialization === 'json'
    ? CLOUDEVENTS_MEDIA_TYPE
    : CONTENT_TYPES[serialization];

const textOf = (tree: object, serialization: Serialization): string => {
  switch (serialization) {
    case 'json':
      return strictJson(tree);
    case 'xml':
      return xmlOf(tree);
    default:
      return serialization satisfies never;
  }
};

export const bodyOf = ({ webhook, ...input }: BodyInput): Serialized => {
  const { format, serialization, ...named } = webhook;
  const tree = treeOf(format, { ...input, webhook: named });
  return { contentType: contentTypeOf(webhook), body: textOf(tree, serialization) };
};
