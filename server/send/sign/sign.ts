/** The signatures by which a receiver knows that a request is ours, one object each, in a manner that it already knows. */
import { createHmac, sign } from 'node:crypto';
import type { Signing } from '../../contract/webhook';
import { secretBytesOf, privateKeyOf, SECRET_PREFIX } from '../../store/secrets/webhook-secrets';

export type Signed = {
  /** The value of `webhook-id`. */
  id: string;
  /** The event's name. */
  event: string;
  /** The value of `webhook-timestamp`: whole seconds since 1970. */
  timestamp: number;
  body: string;
  /** `whsec_` or, for Ed25519, `whsk_`; the one in use first, then the one of a rotation's overlap. */
  secrets: readonly string[];
};

type Signature = {
  /** The header that holds the signature. */
  header: string;
  headersOf(signed: Signed): Record<string, string>;
};

/** Standard Webhooks 1.0.0, symmetric: keyed with the bytes that the secret encodes. */
const standard: Signature = {
  header: 'webhook-signature',
  headersOf: (signed) => ({
    'webhook-signature': signed.secrets
      .map((secret) => createHmac('sha256', secretBytesOf(secret, SECRET_PREFIX)))
      .map((hmac) => `v1,${hmac.update(contentOf(signed)).digest('base64')}`)
      .join(' '),
  }),
};

/** Standard Webhooks 1.0.0, asymmetric. */
const standardEd25519: Signature = {
  header: 'webhook-signature',
  headersOf(signed) {
    const content = Buffer.from(contentOf(signed));
    return {
      'webhook-signature': signed.secrets
        .map((secret) => `v1a,${ed25519Of(secret, content).toString('base64')}`)
        .join(' '),
    };
  },
};

/**
 * GitHub, "Validating webhook deliveries". Its header has room for one signature, and its libraries read no other: the
 * one of the secret in use. The old secret signs a header of its own (docs/decisions/0015).
 */
const github: Signature = {
  header: 'X-Hub-Signature-256',
  headersOf: ({ id, event, body, secrets: [current = '', previous] }) => ({
    // Octokit's middleware answers 400 without these two. GitHub keeps a delivery's id when it sends it again.
    'X-GitHub-Event': event,
    'X-GitHub-Delivery': id,
    'X-Hub-Signature-256': `sha256=${hexOf(current, body)}`,
    ...(previous === undefined
      ? {}
      : { 'X-Hub-Signature-256-Previous': `sha256=${hexOf(previous, body)}` }),
  }),
};

/** Stripe, "Verify webhook signatures manually"; it signs with two secrets itself while one is rolled. */
const stripe: Signature = {
  header: 'Stripe-Signature',
  headersOf: ({ timestamp, body, secrets }) => ({
    'Stripe-Signature': [
      `t=${timestamp}`,
      ...secrets.map((secret) => `v1=${hexOf(secret, `${timestamp}.${body}`)}`),
    ].join(','),
  }),
};

export const SIGNATURES: Record<Exclude<Signing, 'none'>, Signature> = {
  standard,
  'standard-ed25519': standardEd25519,
  github,
  stripe,
};

/** No headers for `none`. Throws where a signature has no secret to sign with. */
export function signatureHeaders(signing: Signing, signed: Signed): Record<string, string> {
  if (signing === 'none') return {};
  if (signed.secrets.length === 0)
    throw new Error('The webhook signs its requests but has no secret. Rotate its secret.');
  return SIGNATURES[signing].headersOf(signed);
}

/**
 * The 64 bytes of an Ed25519 signature (RFC 8032), by a `whsk_` text. OpenSSL takes 0.6 to 0.8 ms to read the key, and
 * the key is read each time: the sending thread keeps no signing key.
 */
export const ed25519Of = (secret: string, content: Uint8Array): Buffer =>
  sign(null, content, privateKeyOf(secret));

const contentOf = ({ id, timestamp, body }: Signed) => `${id}.${timestamp}.${body}`;

/** Hexadecimal. GitHub and Stripe take the secret as the text it is, prefix and all, and decode nothing. */
const hexOf = (secret: string, content: string) =>
  createHmac('sha256', secret).update(content).digest('hex');
