/** The outgoing request of one attempt: the stored body, addressed, signed and authorized. */
import type { AuthorizationSettings } from '../contract/authorization';
import type { Format, Signing } from '../contract/webhook';
import { authorize } from './authorize/authorize';
import type { Serialized } from './body';
import { withHeaders, type OutgoingRequest } from './outgoing-request';
import { signatureOf } from './sign';

/** Where a request goes and with which credentials. Secrets are in the clear: never log one. */
export type Target = {
  url: string;
  headers: Record<string, string>;
  authorization: AuthorizationSettings | null;
  signing: Signing;
  /** Each `whsec_` and base64, the newest first; older ones only while they are still accepted. */
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

const signatureHeaders = ({ eventId, serialized, target, now }: RequestInput) => {
  const timestamp = Math.floor(now / 1000);
  const headers = { 'webhook-id': eventId, 'webhook-timestamp': String(timestamp) };
  if (target.signing === 'none') return headers;
  if (target.secrets.length === 0) {
    throw new Error('The webhook signs its requests but has no secret. Rotate its secret.');
  }
  const { body } = serialized;
  const { secrets } = target;
  return {
    ...headers,
    'webhook-signature': signatureOf({ id: eventId, timestamp, body, secrets }),
  };
};

/** Our own headers win over the webhook's: a receiver relies on them. */
const headersOf = (input: RequestInput): Record<string, string> =>
  withHeaders(input.target.headers, {
    'content-type': input.serialized.contentType,
    'user-agent': `strapi-plugin-workflow-webhooks/${input.version}`,
    ...signatureHeaders(input),
    ...(input.target.format === 'strapi' ? { 'X-Strapi-Event': input.eventName } : {}),
  });

/** Throws if the webhook signs its requests and has no secret. */
export const requestOf = (input: RequestInput): OutgoingRequest => {
  const { serialized, target } = input;
  const request: OutgoingRequest = {
    method: 'POST',
    url: target.url,
    headers: headersOf(input),
    body: serialized.body,
  };
  return target.authorization ? authorize(request, target.authorization) : request;
};
