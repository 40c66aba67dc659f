/** The outgoing request of one attempt: the stored body, addressed, signed and authorized. */
import type { AuthorizationSettings } from '../contract/authorization';
import type { Format, Signing } from '../contract/webhook';
import type { Serialized } from './body';
import { strapiName } from './formats/strapi';
import { withHeaders, type OutgoingRequest } from './outgoing-request';
import { signatureHeaders } from './sign/sign';

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

/** Id and timestamp are sent always, and signed by Standard Webhooks. */
const identityHeaders = ({ eventId, eventName, serialized, target, now }: RequestInput) => {
  const timestamp = Math.floor(now / 1000);
  const { secrets } = target;
  const signed = { id: eventId, event: eventName, timestamp, body: serialized.body, secrets };
  return {
    'webhook-id': eventId,
    'webhook-timestamp': String(timestamp),
    ...signatureHeaders(target.signing, signed),
  };
};

/** Our own headers win over the webhook's: a receiver relies on them. */
const headersOf = (input: RequestInput): Record<string, string> =>
  withHeaders(input.target.headers, {
    'content-type': input.serialized.contentType,
    'user-agent': `strapi-plugin-workflow-webhooks/${input.version}`,
    ...identityHeaders(input),
    ...(input.target.format === 'strapi' ? { 'X-Strapi-Event': strapiName(input.eventName) } : {}),
  });

/** Signed, but without its credentials: those take more than a header. Throws if the webhook signs and has no secret. */
export const requestOf = (input: RequestInput): OutgoingRequest => ({
  method: 'POST',
  url: input.target.url,
  headers: headersOf(input),
  body: input.serialized.body,
});
