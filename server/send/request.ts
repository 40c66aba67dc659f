/** An event becomes the text of a body, and a body the outgoing request of one attempt: addressed and signed. */
import type { AuthorizationSettings } from '../contract/authorization';
import type { Format, Serialization, Signing } from '../contract/webhook';
import { strictJson } from '../store/json';
import { BODY_FORMATS, type FormatInput } from './formats/formats';
import { signatureHeaders } from './sign/sign';
import { xmlOf } from './xml';

/** `body` is stored and the same on every attempt; `contentType` follows from the format and the serialization. */
export type Serialized = { contentType: string; body: string };

type Written = { format: Format; serialization: Serialization };

type BodyInput = Omit<FormatInput, 'webhook'> & {
  webhook: FormatInput['webhook'] & Written;
};

export function bodyOf({ webhook, ...input }: BodyInput): Serialized {
  const { format, serialization, ...named } = webhook;
  const tree = BODY_FORMATS[format].tree({ ...input, webhook: named });
  const body = serialization === 'json' ? strictJson(tree) : xmlOf(tree);
  return { contentType: contentTypeOf(webhook), body };
}

/** The content type of a body, also of one that is stored already. */
export const contentTypeOf = ({ format, serialization }: Written): string =>
  BODY_FORMATS[format].contentType?.[serialization] ?? CONTENT_TYPE[serialization];

/**
 * JSON is UTF-8 by definition and has no charset parameter (RFC 8259, 11). XML names it, because
 * some receivers read the header only (RFC 7303, 3.2).
 */
const CONTENT_TYPE: Record<Serialization, string> = {
  json: 'application/json',
  xml: 'application/xml; charset=utf-8',
};

/** The request on the wire, and nothing about its reason. */
export type OutgoingRequest = {
  method: 'POST';
  url: string;
  headers: Record<string, string>;
  body: string;
};

/** Where a request goes and with which credentials. Secrets are in the clear: never log one. */
export type Target = {
  url: string;
  headers: Record<string, string>;
  authorization: AuthorizationSettings | null;
  signing: Signing;
  /** Each `whsec_` (or `whsk_`) and base64, the newest first; older ones only while they are still accepted. */
  secrets: string[];
  format: Format;
};

export type RequestInput = {
  /** Sent as `webhook-id`, the same on every attempt, so that receivers can tell duplicates. */
  eventId: string;
  eventName: string;
  serialized: Serialized;
  target: Target;
  /** Milliseconds since 1970. */
  now: number;
  /** This plugin's version. */
  version: string;
};

/**
 * Signed, but without its credentials: some kinds need more than a header. Throws if the webhook signs and has no secret.
 */
export const requestOf = (input: RequestInput): OutgoingRequest => ({
  method: 'POST',
  url: input.target.url,
  headers: headersOf(input),
  body: input.serialized.body,
});

/** Our own headers win over the webhook's, because receivers rely on them. Id and timestamp are sent always. */
function headersOf(input: RequestInput): Record<string, string> {
  const { eventId: id, eventName: event, serialized, target, now, version } = input;
  const timestamp = Math.floor(now / 1000);
  const signed = { id, event, timestamp, body: serialized.body, secrets: target.secrets };
  return withHeaders(target.headers, {
    'content-type': serialized.contentType,
    'user-agent': `strapi-plugin-workflow-webhooks/${version}`,
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    ...signatureHeaders(target.signing, signed),
    ...BODY_FORMATS[target.format].headers?.(event),
  });
}

/**
 * Adds headers without regard to case: a header of the same name, however written, is replaced.
 * HTTP field names are case-insensitive (RFC 9110, 5.1), but an object's keys are not, and two
 * keys for one field would be sent as two values.
 */
export function withHeaders(
  headers: Record<string, string>,
  added: Record<string, string>,
): Record<string, string> {
  const replaced = new Set(Object.keys(added).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...added };
}
